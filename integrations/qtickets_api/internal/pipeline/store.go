package pipeline

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Store is where a run reads what is stored and writes what changed: *warehouse.DB, or a dryStore, which drops writes.
type Store interface {
	// State is what earlier runs left behind. It is read once, before anything else.
	State(ctx context.Context) (warehouse.State, error)

	// What is stored at the moment, this run's rows included.

	CountOrders(ctx context.Context) (warehouse.OrderCount, error)
	OrderIDs(ctx context.Context, event, after, last uint64) ([]uint64, error)
	OrdersByEvent(ctx context.Context) (map[uint64]int64, error)
	ShowsChanged(ctx context.Context) (map[uint64]time.Time, error)
	// OrdersChangedSince tells whether an order was written that a batch cannot hold.
	OrdersChangedSince(ctx context.Context, batch uint64) (bool, error)

	// Insert writes what differs from what is stored and tells how much that was, by feed. Repeating it adds nothing.
	Insert(ctx context.Context, rows warehouse.Rows, run string) (map[string]warehouse.Written, error)
	// MarkSwept records that all orders of these events were read; at is when the reading began.
	MarkSwept(ctx context.Context, events []uint64, at time.Time) error
	// MarkVanished marks orders as gone from QTickets: they count no more.
	MarkVanished(ctx context.Context, orders []uint64, at time.Time, run string) error
	// Publish returns the batch readers see from now on. An error says that the switch is not known to have
	// happened: they see what they saw before.
	Publish(ctx context.Context, p warehouse.PublishOptions) (batch uint64, checks []warehouse.Check, err error)
	DropOldBatches(ctx context.Context) error
}
