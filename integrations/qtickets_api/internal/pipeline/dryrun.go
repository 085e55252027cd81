package pipeline

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// DryRun is a run that writes nothing, not even to the ledger. db may be nil: then there is nothing to
// compare with.
func DryRun(ctx context.Context, api *qtickets.Client, db *warehouse.DB, o Options) (*Report, error) {
	o.dry = true
	store := newDryStore(db)
	report, err := Sync(ctx, api, store, "dry-run", o)
	switch {
	case err != nil:
	case store.first && report.Mode == ModeIncrement:
		o.Logger.Info("No comparison with ClickHouse",
			"why", "nothing is loaded yet: the first run loads the whole history, this one read a part of it")
	default:
		report.Changes, err = store.changes(ctx)
	}
	err = endedEarly(ctx, err)
	report.conclude(err)
	return report, err
}

// dryStore is a Store that writes nothing. With a warehouse behind it, it remembers the difference the
// run would make; without one it only lets the run count.
type dryStore struct {
	db     *warehouse.DB // nil: ClickHouse is away
	change map[warehouse.DayEvent]warehouse.DayTotal
	seen   map[uint64]bool // orders already compared: a run may read one twice
	first  bool            // no run has completed the orders yet
}

func newDryStore(db *warehouse.DB) *dryStore {
	return &dryStore{db: db, change: map[warehouse.DayEvent]warehouse.DayTotal{}, seen: map[uint64]bool{}}
}

// State is the checkpoint, for the window. The rest is left out: a run that stores nothing does not look for what is
// stored in vain, and reads all seats.
func (s *dryStore) State(ctx context.Context) (warehouse.State, error) {
	if s.db == nil {
		return warehouse.State{}, nil
	}
	state, err := s.db.State(ctx)
	s.first = state.Checkpoint == nil
	return warehouse.State{Checkpoint: state.Checkpoint}, err
}

// Insert compares the orders with the stored ones instead of writing them.
func (s *dryStore) Insert(ctx context.Context, rows warehouse.Rows, _ string) (map[string]warehouse.Written, error) {
	if s.db == nil || len(rows.Orders) == 0 {
		return nil, nil
	}
	changed, err := s.db.Changed(ctx, rows.Orders)
	if err != nil {
		return nil, err
	}
	if changed, err = s.withRelated(ctx, changed); err != nil {
		return nil, err
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
	return map[string]warehouse.Written{warehouse.FeedOrders: {Changed: len(ids)}}, err
}

// withRelated adds to orders that changed those of which less counts because of them: a run would write these too.
func (s *dryStore) withRelated(ctx context.Context, changed []sales.Order) ([]sales.Order, error) {
	stored, err := s.db.RelatedTo(ctx, changed)
	if err != nil || len(stored) == 0 {
		return changed, err
	}
	var related []sales.Order
	for i := range stored {
		if o, err := derive(&stored[i]); err == nil && !s.seen[o.OrderID] {
			related = append(related, o)
		}
	}
	together := make([]*sales.Order, 0, len(changed)+len(related))
	for i := range changed {
		together = append(together, &changed[i])
	}
	for i := range related {
		together = append(together, &related[i])
	}
	sales.CountOnce(together)
	return append(changed, related...), nil
}

func (s *dryStore) add(o sales.Order) {
	if o.SaleTS == nil {
		return
	}
	key := warehouse.DayEvent{Day: sales.Day(*o.SaleTS), EventID: o.EventID, Currency: o.CurrencyID}
	for _, t := range o.Tickets {
		if !t.Counting.Counts() {
			continue
		}
		total := warehouse.DayTotal{Revenue: t.Revenue}
		if t.State == sales.Sold {
			total.TicketsSold = int64(t.Quantity)
		}
		s.change[key] = s.change[key].Plus(total)
	}
}

// changes are the published day totals that the run would change, by day, event and currency.
func (s *dryStore) changes(ctx context.Context) ([]warehouse.DayChange, error) {
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
		changes = append(changes, warehouse.DayChange{DayEvent: key, Now: now, WouldBe: now.Plus(by)})
	}
	slices.SortFunc(changes, func(a, b warehouse.DayChange) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Currency, b.Currency))
	})
	return changes, nil
}

// A dry run has no questions about the stored orders, and writes and publishes nothing.

func (s *dryStore) CountOrders(context.Context) (c warehouse.OrderCount, err error) { return c, nil }
func (s *dryStore) KnownOrders(context.Context) ([]uint64, error)                   { return nil, nil }
func (s *dryStore) ListedShows(context.Context) ([]warehouse.ListedShow, error)     { return nil, nil }
func (s *dryStore) ListQuarantine(context.Context) ([]warehouse.Quarantined, error) { return nil, nil }
func (s *dryStore) MarkShowsVanished(context.Context, []warehouse.ListedShow, time.Time) error {
	return nil
}
func (s *dryStore) OrderIDs(context.Context, uint64, uint64, uint64) ([]uint64, error) {
	return nil, nil
}
func (s *dryStore) Assumptions(context.Context) ([]warehouse.Assumption, error) { return nil, nil }
func (s *dryStore) WebhooksCounted(context.Context) (once, again uint64, err error) {
	return once, again, nil
}
func (s *dryStore) SaveAssumptions(context.Context, []warehouse.Assumption, time.Time) error {
	return nil
}
func (s *dryStore) OrdersByEvent(context.Context) (map[uint64]int64, error) { return nil, nil }
func (s *dryStore) ShowsChanged(context.Context, time.Time) (map[uint64]time.Time, error) {
	return nil, nil
}
func (s *dryStore) OrdersChangedSince(context.Context, uint64) (bool, error) { return false, nil }
func (s *dryStore) RelatedOrders(context.Context, uint64) ([]warehouse.StoredOrder, error) {
	return nil, nil
}
func (s *dryStore) RewriteOrders(context.Context, []warehouse.Observed[sales.Order], string) error {
	return nil
}
func (s *dryStore) MarkSwept(context.Context, []uint64, time.Time) error            { return nil }
func (s *dryStore) MarkVanished(context.Context, []uint64, time.Time, string) error { return nil }
func (s *dryStore) DropOldBatches(context.Context) error                            { return nil }
func (s *dryStore) Publish(context.Context, warehouse.PublishOptions) (p warehouse.Published, err error) {
	return p, nil
}
