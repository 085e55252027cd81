package pipeline

import (
	"context"
	"sort"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// DryStore is a Store that writes nothing. With a warehouse behind it, it remembers the difference the
// run would make; without one it only lets the run count.
type DryStore struct {
	db     *warehouse.DB // nil: ClickHouse is away
	change map[warehouse.DayEvent]warehouse.DayTotal
	seen   map[uint64]bool // orders already weighed: a run may read one twice
	first  bool            // no run has completed the orders yet
}

// NewDryStore returns a Store that drops writes; db may be nil.
func NewDryStore(db *warehouse.DB) *DryStore {
	return &DryStore{db: db, change: map[warehouse.DayEvent]warehouse.DayTotal{}, seen: map[uint64]bool{}}
}

// LastComplete is what the warehouse knows, nil without one.
func (s *DryStore) LastComplete(ctx context.Context) (*warehouse.Checkpoint, error) {
	if s.db == nil {
		return nil, nil
	}
	known, err := s.db.LastComplete(ctx)
	s.first = known == nil
	return known, err
}

// LastPublication is nil: a dry run publishes nothing.
func (s *DryStore) LastPublication(context.Context) (*warehouse.Publication, error) { return nil, nil }

// OrdersChangedSince is false: a dry run changes nothing.
func (s *DryStore) OrdersChangedSince(context.Context, uint64) (bool, error) { return false, nil }

// InsertOrders weighs the orders against the stored ones instead of writing them.
func (s *DryStore) InsertOrders(ctx context.Context, rows []warehouse.Observed[sales.Order], _ string) (warehouse.Written, error) {
	if s.db == nil {
		return warehouse.Written{}, nil
	}
	changed, err := s.db.Changed(ctx, rows)
	if err != nil {
		return warehouse.Written{}, err
	}
	var ids []uint64
	for _, o := range changed {
		if !s.seen[o.OrderID] {
			s.seen[o.OrderID] = true
			ids = append(ids, o.OrderID)
			s.add(o)
		}
	}
	stored, err := s.db.Stored(ctx, ids)
	for key, total := range stored {
		s.change[key] = s.change[key].Minus(total)
	}
	return warehouse.Written{Changed: len(ids)}, err
}

func (s *DryStore) add(o sales.Order) {
	if o.SaleTS == nil {
		return
	}
	key := warehouse.DayEvent{Day: sales.Day(*o.SaleTS), EventID: o.EventID, Currency: o.CurrencyID}
	for _, t := range o.Tickets {
		if t.Counted == 0 {
			continue
		}
		total := warehouse.DayTotal{Revenue: t.Revenue}
		if t.State == sales.Sold {
			total.TicketsSold = int64(t.Quantity)
		}
		s.change[key] = s.change[key].Plus(total)
	}
}

// Changes are the published day totals that the run would change, by day and event.
func (s *DryStore) Changes(ctx context.Context) ([]warehouse.DayChange, error) {
	if s.db == nil {
		return nil, nil
	}
	published, err := s.db.Published(ctx)
	if err != nil {
		return nil, err
	}
	var changes []warehouse.DayChange
	for key, by := range s.change {
		if by == (warehouse.DayTotal{}) {
			continue
		}
		now := published[key]
		changes = append(changes, warehouse.DayChange{
			DayEvent: key, Now: now,
			WouldBe: now.Plus(by),
		})
	}
	sort.Slice(changes, func(i, j int) bool {
		a, b := changes[i], changes[j]
		if a.Day != b.Day {
			return a.Day < b.Day
		}
		if a.EventID != b.EventID {
			return a.EventID < b.EventID
		}
		return a.Currency < b.Currency
	})
	return changes, nil
}

// The rest drops its rows.

// InsertEvents writes nothing.
func (s *DryStore) InsertEvents(context.Context, []warehouse.Observed[sales.Event], string) (int, error) {
	return 0, nil
}

// InsertShows writes nothing.
func (s *DryStore) InsertShows(context.Context, []warehouse.Observed[sales.Show], string) (int, error) {
	return 0, nil
}

// InsertInventory writes nothing.
func (s *DryStore) InsertInventory(context.Context, []warehouse.Observed[sales.Inventory], string) (int, error) {
	return 0, nil
}

// InsertDiscounts writes nothing.
func (s *DryStore) InsertDiscounts(context.Context, []warehouse.Observed[sales.Discount], string) (int, error) {
	return 0, nil
}

// InsertPromoCodes writes nothing.
func (s *DryStore) InsertPromoCodes(context.Context, []warehouse.Observed[sales.PromoCode], string) (int, error) {
	return 0, nil
}

// InsertColorThemes writes nothing.
func (s *DryStore) InsertColorThemes(context.Context, []warehouse.Observed[sales.ColorTheme], string) (int, error) {
	return 0, nil
}

// Quarantine writes nothing.
func (s *DryStore) Quarantine(context.Context, []warehouse.Quarantined, string) error { return nil }

// Release writes nothing.
func (s *DryStore) Release(context.Context, []warehouse.Quarantined, string) error { return nil }

// A run that stores nothing does not look for what is stored in vain, and reads all seats.

// FirstStart is never: nothing is resumed.
func (s *DryStore) FirstStart(context.Context) (time.Time, error) { return time.Time{}, nil }

// LastProbe is unknown.
func (s *DryStore) LastProbe(context.Context) (string, error) { return "", nil }

// AsOf is unknown.
func (s *DryStore) AsOf(context.Context) (time.Time, error) { return time.Time{}, nil }

// CountOrders is nothing.
func (s *DryStore) CountOrders(context.Context) (warehouse.OrderCount, error) {
	return warehouse.OrderCount{}, nil
}

// OrderIDs are none.
func (s *DryStore) OrderIDs(context.Context, uint64, uint64, uint64) ([]uint64, error) {
	return nil, nil
}

// OrdersByEvent are none.
func (s *DryStore) OrdersByEvent(context.Context) (map[uint64]int64, error) { return nil, nil }

// Sweeps are none.
func (s *DryStore) Sweeps(context.Context) (map[uint64]time.Time, error) { return nil, nil }

// NoteSweeps notes nothing.
func (s *DryStore) NoteSweeps(context.Context, []uint64, time.Time) error { return nil }

// SeatsSeen is never, so all are read.
func (s *DryStore) SeatsSeen(context.Context) (map[uint64]time.Time, error) { return nil, nil }

// ShowsChanged are none.
func (s *DryStore) ShowsChanged(context.Context) (map[uint64]time.Time, error) { return nil, nil }

// Tombstone writes nothing.
func (s *DryStore) Tombstone(context.Context, []uint64, time.Time, string) error { return nil }

// QuarantinedIDs is empty: nothing can be released.
func (s *DryStore) QuarantinedIDs(context.Context) (map[string]map[uint64]bool, error) {
	return nil, nil
}

// DropOldBatches drops nothing.
func (s *DryStore) DropOldBatches(context.Context) error { return nil }

// Publish publishes nothing.
func (s *DryStore) Publish(context.Context, warehouse.PublishOptions) (uint64, []warehouse.Check, error) {
	return 0, nil, nil
}
