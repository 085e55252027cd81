package pipeline

import (
	"context"
	"errors"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

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
