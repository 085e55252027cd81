package warehouse

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Lists of the API, as the report of a run and the quarantine name them.
const (
	FeedEvents      = "events"
	FeedShows       = "shows"
	FeedOrders      = "orders"
	FeedInventory   = "inventory"
	FeedDiscounts   = "discounts"
	FeedPromoCodes  = "promo-codes"
	FeedColorThemes = "color-themes"
)

// Observed is a row and the moment its request was sent: the version that wins over older ones, whatever order they
// arrive in.
type Observed[T any] struct {
	Row T
	At  time.Time
}

// Rows are what was read and is to be stored. Orders come at most a few thousand at a time: they are one block, stored
// completely or not at all.
type Rows struct {
	Quarantined []Quarantined // rows of the API that are invalid
	Events      []Observed[sales.Event]
	Shows       []Observed[sales.Show]
	Orders      []Observed[sales.Order]
	Inventory   []Observed[sales.Inventory]
	Discounts   []Observed[sales.Discount]
	PromoCodes  []Observed[sales.PromoCode]
	ColorThemes []Observed[sales.ColorTheme]
	Released    []Quarantined // rows that were in quarantine and need not be any more
}

// Count is the number of rows of each feed; the quarantine is not counted.
func (r Rows) Count() map[string]int {
	counts := map[string]int{}
	for feed, n := range map[string]int{
		FeedEvents: len(r.Events), FeedShows: len(r.Shows), FeedOrders: len(r.Orders), FeedInventory: len(r.Inventory),
		FeedDiscounts: len(r.Discounts), FeedPromoCodes: len(r.PromoCodes), FeedColorThemes: len(r.ColorThemes),
	} {
		if n > 0 {
			counts[feed] = n
		}
	}
	return counts
}

// Written is how many rows of a feed an insert wrote.
type Written struct {
	New     int // not stored before
	Changed int // stored with another content
}

// Insert writes the rows that differ from what is stored and tells how many these were, by feed. Repeating it adds
// nothing. After an error a part may be written. Rows leave the quarantine only when everything else is stored.
func (db *DB) Insert(ctx context.Context, rows Rows, run string) (map[string]Written, error) {
	i := &insertion{db: db, run: run, written: map[string]Written{}}
	i.err = db.writeQuarantine(ctx, rows.Quarantined, run, 0)
	insertFeed(ctx, i, FeedEvents, eventsTable, rows.Events)
	insertFeed(ctx, i, FeedShows, showsTable, rows.Shows)
	insertFeed(ctx, i, FeedOrders, ordersTable, rows.Orders)
	insertFeed(ctx, i, FeedInventory, inventoryTable, rows.Inventory)
	if i.err == nil {
		i.err = db.markSeatsRead(ctx, rows.Inventory)
	}
	insertFeed(ctx, i, FeedDiscounts, discountsTable, rows.Discounts)
	insertFeed(ctx, i, FeedPromoCodes, promoCodesTable, rows.PromoCodes)
	insertFeed(ctx, i, FeedColorThemes, colorThemesTable, rows.ColorThemes)
	if i.err == nil {
		i.err = db.writeQuarantine(ctx, rows.Released, run, 1)
	}
	return i.written, i.err
}

// insertion is one Insert under way. After an error nothing more is written.
type insertion struct {
	db      *DB
	run     string
	written map[string]Written
	err     error
}

func insertFeed[T any](ctx context.Context, i *insertion, feed string, t table[T], rows []Observed[T]) {
	if i.err != nil || len(rows) == 0 {
		return
	}
	i.written[feed], i.err = insertChanged(ctx, i.db, t, rows, i.run)
}
