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
	LastComplete(ctx context.Context) (*warehouse.Known, error)
	// CountOrders is how many orders are stored.
	CountOrders(ctx context.Context) (int64, error)
	QuarantinedIDs(ctx context.Context, feed string) (map[uint64]bool, error)
	InsertOrders(ctx context.Context, rows []warehouse.Observed[sales.Order], run string) (int, error)
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
	Publish(ctx context.Context, run string, asOf time.Time) (batch uint64, checks []warehouse.Check, err error)
	DropOldBatches(ctx context.Context) error
}
