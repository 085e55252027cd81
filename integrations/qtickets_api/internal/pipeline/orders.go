package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// readOrders reads the whole history or its changes, as planned, and leaves in the report up to which
// id the orders are complete.
func (r *run) readOrders(ctx context.Context, known *warehouse.Known) error {
	sink := &orderSink{run: r}
	read := r.history
	if r.report.Mode == ModeIncrement {
		read = func(ctx context.Context, sink *orderSink) error { return r.increment(ctx, sink, known) }
	}
	err := read(ctx, sink)
	if err == nil {
		err = r.heldOrders(ctx, sink)
	}
	err = errors.Join(err, sink.flush(ctx))
	r.report.Orders, r.report.SalesRows = r.orders.orders, r.orders.tickets
	r.report.OrdersThroughID = r.orders.through
	if r.report.Anomalies = r.orders.anomalies; r.report.Anomalies > 0 {
		r.Logger.Warn("Orders break a rule of the source", "orders", r.report.Anomalies, "see", "stg_qtickets_api_orders_raw.anomalies")
	}
	if err != nil {
		return err
	}
	r.report.OrdersComplete = true
	// Any other status than 200 on any page is an error above.
	r.Logger.Info("Fetched orders from QTickets API via GET", "path", "/orders", "status", http.StatusOK, "orders", r.report.Orders, "mode", r.report.Mode)
	r.Logger.Info(fmt.Sprintf("Transformed %d sales rows", r.report.SalesRows), "orders", r.report.Orders, "changed", r.report.feed("orders").Inserted, "quarantined", r.report.Quarantined)
	return nil
}

// orderCount counts orders once, however often a run meets them: a history by its ascending ids, an
// increment by the ids it has met.
type orderCount struct {
	orders, tickets int
	anomalies       int
	through         uint64
	met             map[uint64]bool
}

func (c *orderCount) add(o *sales.Order, mode string) {
	fresh := o.OrderID > c.through
	if mode == ModeIncrement {
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
}

func (s *orderSink) take(ctx context.Context, page qtickets.Page[qtickets.Order]) error {
	feed := collector[sales.Order]{run: s.run, name: "orders", at: page.ObservedAt}
	feed.bad(page.Bad)
	for _, source := range page.Rows {
		row, err := sales.FromOrder(source, s.run.BuyerKey)
		if err == nil {
			s.run.orders.add(&row, s.run.report.Mode)
		}
		feed.row(uint64(source.ID), row, err)
	}
	if err := feed.settle(ctx); err != nil {
		return err
	}
	s.pending = append(s.pending, feed.rows...)
	if len(s.pending) >= insertRows {
		return s.flush(ctx)
	}
	return nil
}

func (s *orderSink) flush(ctx context.Context) error {
	if len(s.pending) == 0 {
		return nil
	}
	inserted, err := s.run.store.InsertOrders(ctx, s.pending, s.run.id)
	s.run.wrote("orders", len(s.pending), inserted)
	clear(s.pending) // or the written orders would stay in memory until new ones take their places
	s.pending = s.pending[:0]
	return err
}
