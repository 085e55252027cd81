package pipeline

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Store is where a run reads what is stored and writes what changed: *warehouse.DB, or a dryStore, which drops writes.
type Store interface {
	// State is what earlier runs left behind. It is read once, before anything else.
	State(ctx context.Context) (warehouse.State, error)

	// What is stored at the moment, this run's rows included.

	CountOrders(ctx context.Context) (warehouse.OrderCount, error)
	KnownOrders(ctx context.Context) ([]uint64, error)
	OrderIDs(ctx context.Context, event, after, last uint64) ([]uint64, error)
	OrdersByEvent(ctx context.Context) (map[uint64]int64, error)
	ListedShows(ctx context.Context) ([]warehouse.ListedShow, error)
	ListQuarantine(ctx context.Context) ([]warehouse.Quarantined, error)
	ShowsChanged(ctx context.Context, since time.Time) (map[uint64]time.Time, error)
	// OrdersChangedSince tells whether an order was written that a batch cannot hold.
	OrdersChangedSince(ctx context.Context, batch uint64) (bool, error)
	// RelatedOrders are the orders that have to do with others, as far as one was written since a batch.
	RelatedOrders(ctx context.Context, since uint64) ([]warehouse.StoredOrder, error)

	// Assumptions are how the assumptions about the API stood after the newest load that observed anything.
	Assumptions(ctx context.Context) ([]warehouse.Assumption, error)
	// WebhooksCounted is how many webhooks there are, and how many of them came again.
	WebhooksCounted(ctx context.Context) (once, again uint64, err error)
	SaveAssumptions(ctx context.Context, rows []warehouse.Assumption, at time.Time) error

	// Insert writes what differs from what is stored and tells how much that was, by feed. Repeating it adds nothing.
	Insert(ctx context.Context, rows warehouse.Rows, run string) (map[string]warehouse.Written, error)
	// RewriteOrders writes rows as they are, without comparing them with what is stored.
	RewriteOrders(ctx context.Context, rows []warehouse.Observed[sales.Order], run string) error
	// MarkSwept records that all orders of these events were read; at is when the reading began.
	MarkSwept(ctx context.Context, events []uint64, at time.Time) error
	// MarkVanished marks orders as gone from QTickets: they count no more.
	MarkVanished(ctx context.Context, orders []uint64, at time.Time, run string) error
	// MarkShowsVanished marks events and shows as gone from QTickets.
	MarkShowsVanished(ctx context.Context, gone []warehouse.ListedShow, at time.Time) error
	// Publish returns the batch readers see from now on. An error says that the switch is not known to have
	// happened: they see what they saw before.
	Publish(ctx context.Context, p warehouse.PublishOptions) (warehouse.Published, error)
	DropOldBatches(ctx context.Context) error
}
