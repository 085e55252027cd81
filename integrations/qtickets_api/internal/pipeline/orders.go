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

// history reads every order by ascending id: new ones append, so no page shifts under way.
func (r *run) history(ctx context.Context, sink *orderSink) error {
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: pageSize}
	walked, err := qtickets.Walk(ctx, r.api.Orders, q, r.InFlight, func(p qtickets.Page[qtickets.Order]) error {
		err := sink.take(ctx, p)
		r.Progress("orders", int64(r.orders.orders), p.Paging.Total)
		return err
	})
	r.report.OrdersTotal = walked.Total
	if err != nil {
		return err
	}
	return firstError(
		func() error { return r.readWhole(ctx, "orders") },
		func() error { return r.vanished(ctx, sink, walked) },
	)
}

// vanished tells of orders in the state that a whole list does not hold any more. They still count.
func (r *run) vanished(ctx context.Context, sink *orderSink, walked qtickets.Walked) error {
	if err := sink.flush(ctx); err != nil {
		return err
	}
	stored, err := r.store.CountOrders(ctx)
	if err != nil {
		return err
	}
	if gone := stored - walked.Distinct; gone > 0 {
		r.report.problem("%d orders are in ClickHouse but not in QTickets any more, and still count", gone)
	}
	return nil
}

// increment reads new orders by descending id down to the known ones, then changed orders by
// updated_at. Where the API does not prove that it honours a filter on updated_at, the changes can only
// be found by reading everything again: slower, and right.
func (r *run) increment(ctx context.Context, sink *orderSink, known *warehouse.Known) error {
	if known != nil {
		r.orders.through = known.ThroughID
	}
	newest, err := r.newOrders(ctx, sink, known)
	if notHonoured(err) { // no order by id: only the whole list is sure to hold the new ones
		r.report.Probe = &Probe{Why: err.Error()}
		r.Logger.Warn("The API does not honour orderBy id: reading all orders again", "why", err.Error())
		return r.history(ctx, sink)
	}
	if err != nil {
		return err
	}
	probe, err := r.probe(ctx, newest)
	r.report.Probe = &probe
	if err != nil {
		return err
	}
	r.Logger.Info("Probed the API", "where", probe.Where, "updated_at", probe.UpdatedAt, "why", probe.Why)
	switch {
	case probe.UpdatedAt:
		return r.changedOrders(ctx, sink, probe.dates())
	case known == nil: // a dry run that knows nothing: what was created in the window is all it can show
		r.Logger.Warn("The API does not honour a filter on updated_at: orders changed but not created in the window are not counted", "why", probe.Why)
		return nil
	default:
		r.Logger.Warn("The API does not honour a filter on updated_at: reading all orders again", "why", probe.Why)
		return r.history(ctx, sink)
	}
}

// newOrders reads by descending id down to the last known one, or to the start of the window where
// nothing is known. It returns the newest order of the list, nil when there is none.
func (r *run) newOrders(ctx context.Context, sink *orderSink, known *warehouse.Known) (*qtickets.Order, error) {
	var newest *qtickets.Order
	done := func(o qtickets.Order) bool {
		if known != nil {
			return o.ID <= int64(known.ThroughID)
		}
		return o.CreatedAt.Valid && o.CreatedAt.Value.Before(*r.report.WindowSince)
	}
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: pageSize}
	walked, err := qtickets.Walk(ctx, r.api.Orders, q, 1, func(p qtickets.Page[qtickets.Order]) error {
		if newest == nil && len(p.Rows) > 0 {
			newest = &p.Rows[0]
		}
		for i, o := range p.Rows {
			if done(o) {
				p.Rows = p.Rows[:i]
				if err := sink.take(ctx, p); err != nil {
					return err
				}
				return qtickets.ErrStop
			}
		}
		return sink.take(ctx, p)
	})
	r.report.OrdersTotal = walked.Total
	return newest, err
}

// changedOrders reads what was updated since the window's start. Rows only enter this list while it is
// read (updated_at grows), but a row that enters on a page already read is seen only by reading again.
func (r *run) changedOrders(ctx context.Context, sink *orderSink, dates qtickets.DateForm) error {
	q := qtickets.Query{
		Where:   []qtickets.Condition{{Column: "updated_at", Operator: ">=", Value: r.report.WindowSince.UTC()}},
		OrderBy: []qtickets.Sort{qtickets.Asc("id")},
		PerPage: pageSize,
		Dates:   dates,
	}
	var err error
	for range walkTries {
		_, err = qtickets.Walk(ctx, r.api.Orders, q, r.InFlight, func(p qtickets.Page[qtickets.Order]) error {
			err := sink.take(ctx, p)
			r.Progress("orders", int64(r.orders.orders), int64(r.orders.orders)+p.Paging.Total)
			return err
		})
		if !errors.Is(err, qtickets.ErrIncomplete) {
			break
		}
	}
	return err
}

// walkTries is how often a list is read that changes while it is read.
const walkTries = 3

// heldOrders reads orders again that an earlier run put into quarantine and this one has not met. As
// long as one stays there the facts lack it, and every run says so.
func (r *run) heldOrders(ctx context.Context, sink *orderSink) error {
	left := r.held["orders"]
	for id := range left {
		order, at, err := r.api.Order(ctx, int64(id))
		page := qtickets.Page[qtickets.Order]{ObservedAt: at, Rows: []qtickets.Order{order}}
		if bad := (*qtickets.BadRowError)(nil); errors.As(err, &bad) {
			page.Rows, page.Bad, err = nil, []qtickets.BadRow{bad.Row}, nil
		}
		if errors.Is(err, qtickets.ErrNotFound) || id == 0 {
			continue
		}
		if err != nil {
			return err
		}
		if err := sink.take(ctx, page); err != nil {
			return err
		}
	}
	if n := len(left); n > 0 {
		r.report.problem("%d orders wait in quarantine since an earlier run", n)
	}
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
	s.pending = s.pending[:0]
	return err
}
