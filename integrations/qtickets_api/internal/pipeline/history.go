package pipeline

import (
	"context"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// readAhead pages wait for the insert for each that is under way (the client keeps to its own limit): while
// ClickHouse writes, QTickets is asked on.
const readAhead = 3

// history reads every order by ascending id: new ones append, so no page shifts under way.
func (r *run) history(ctx context.Context, sink *orderSink) error {
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: pageSize}
	walked, err := qtickets.Walk(ctx, r.api.Orders, q, readAhead*r.InFlight, func(p qtickets.Page[qtickets.Order]) error {
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
