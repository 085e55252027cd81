package pipeline

import (
	"context"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// insertRows is how many orders go into one insert: a few megabytes, one block.
const insertRows = 2000

// orderCount counts orders once, however often a run meets them: a whole list by its ascending ids,
// anything else by the ids it has met.
type orderCount struct {
	orders, tickets int
	anomalies       int
	through         uint64
	met             map[uint64]bool
}

func (c *orderCount) add(o *sales.Order, wholeList bool) {
	fresh := o.OrderID > c.through
	if !wholeList {
		if c.met == nil {
			c.met = map[uint64]bool{}
		}
		fresh = !c.met[o.OrderID]
		c.met[o.OrderID] = true
	}
	if fresh {
		if len(o.Anomalies) > 0 {
			c.anomalies++
		}
		c.orders++
		c.tickets += len(o.Tickets)
	}
	c.through = max(c.through, o.OrderID)
}

// orderSink turns pages into rows and writes them in large inserts.
type orderSink struct {
	run     *run
	pending []warehouse.Observed[sales.Order]
	// compare looks for stored orders that a list read by ascending id does not hold; nil: no comparison.
	compare *comparison
}

func (s *orderSink) take(ctx context.Context, page qtickets.Page[qtickets.Order]) error {
	r := s.run
	feed := collector[sales.Order]{run: r, name: "orders", at: page.ObservedAt}
	feed.bad(page.Invalid)
	for _, source := range page.Rows {
		row, err := sales.FromOrder(source, r.BuyerKey)
		if err == nil {
			r.orders.add(&row, r.wholeList)
		}
		feed.row(uint64(source.ID), row, err)
	}
	r.current.Orders += len(page.Rows) + len(page.Invalid)
	if err := feed.settle(ctx); err != nil {
		return err
	}
	if s.compare != nil {
		s.compare.note(page)
	}
	s.pending = append(s.pending, feed.rows...)
	if len(s.pending) >= insertRows {
		return s.flush(ctx)
	}
	return nil
}

func (s *orderSink) flush(ctx context.Context) error {
	if s.compare != nil {
		if err := s.compare.flush(ctx); err != nil {
			return err
		}
	}
	if len(s.pending) == 0 {
		return nil
	}
	r := s.run
	written, err := r.store.InsertOrders(ctx, s.pending, r.id)
	r.wrote("orders", len(s.pending), written.New+written.Changed)
	r.current.New += written.New
	r.current.Changed += written.Changed
	clear(s.pending) // or the written orders would stay in memory until new ones take their places
	s.pending = s.pending[:0]
	return err
}
