package pipeline

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Store is where a run reads what is known and writes what changed: *warehouse.DB, or DryStore, which
// drops writes. Each Insert tells how many rows differed from what is stored; repeating it adds none.
type Store interface {
	// LastComplete is nil when no run has completed the orders yet.
	LastComplete(ctx context.Context) (*warehouse.Checkpoint, error)
	// FirstStart is when the first run of all began, zero when there was none.
	FirstStart(ctx context.Context) (time.Time, error)
	// LastProbe is the probe of the run before, "" when there is none.
	LastProbe(ctx context.Context) (string, error)
	// AsOf is the moment of the published facts, zero when there are none.
	AsOf(ctx context.Context) (time.Time, error)
	// LastPublication is nil when nothing is published.
	LastPublication(ctx context.Context) (*warehouse.Publication, error)
	// OrdersChangedSince tells whether an order was written that a batch cannot hold.
	OrdersChangedSince(ctx context.Context, batch uint64) (bool, error)
	CountOrders(ctx context.Context) (warehouse.OrderCount, error)
	OrderIDs(ctx context.Context, event, after, through uint64) ([]uint64, error)
	OrdersByEvent(ctx context.Context) (map[uint64]int64, error)
	Sweeps(ctx context.Context) (map[uint64]time.Time, error)
	NoteSweeps(ctx context.Context, events []uint64, at time.Time) error
	SeatsSeen(ctx context.Context) (map[uint64]time.Time, error)
	ShowsChanged(ctx context.Context) (map[uint64]time.Time, error)
	Tombstone(ctx context.Context, orders []uint64, at time.Time, run string) error
	QuarantinedIDs(ctx context.Context) (map[string]map[uint64]bool, error)
	InsertOrders(ctx context.Context, rows []warehouse.Observed[sales.Order], run string) (warehouse.Written, error)
	InsertEvents(ctx context.Context, rows []warehouse.Observed[sales.Event], run string) (int, error)
	InsertShows(ctx context.Context, rows []warehouse.Observed[sales.Show], run string) (int, error)
	InsertInventory(ctx context.Context, rows []warehouse.Observed[sales.Inventory], run string) (int, error)
	InsertDiscounts(ctx context.Context, rows []warehouse.Observed[sales.Discount], run string) (int, error)
	InsertPromoCodes(ctx context.Context, rows []warehouse.Observed[sales.PromoCode], run string) (int, error)
	InsertColorThemes(ctx context.Context, rows []warehouse.Observed[sales.ColorTheme], run string) (int, error)
	Quarantine(ctx context.Context, rows []warehouse.Quarantined, run string) error
	Release(ctx context.Context, rows []warehouse.Quarantined, run string) error
	// Publish returns the batch readers see from now on. An error says that the switch is not known to have
	// happened: they see what they saw before.
	Publish(ctx context.Context, p warehouse.PublishOptions) (batch uint64, checks []warehouse.Check, err error)
	DropOldBatches(ctx context.Context) error
}
