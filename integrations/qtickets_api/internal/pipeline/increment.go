package pipeline

import (
	"context"
	"errors"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// walkTries is how often a list is read that changes while it is read.
const walkTries = 3

// wholeListPages is up to how many pages the list of all orders is read whole in every run where changes
// cannot be asked for. A longer one is read event by event, in turn.
const wholeListPages = 100

// increment reads new orders by descending id down to the known ones, then changed orders by updated_at,
// then some events again whose orders may have changed without a sign.
func (r *run) increment(ctx context.Context, venues []venue) error {
	err := r.layer(ctx, ScanNew, r.newOrders)
	if notHonoured(err) { // no order by id: only the whole list is sure to hold the new ones
		r.distrust("orderBy id", err)
		return r.layer(ctx, ScanReconcile, r.whole)
	}
	if err != nil {
		return err
	}
	if r.report.Probe.UpdatedAt {
		err := r.layer(ctx, ScanChanged, r.changedOrders)
		if err != nil && !notHonoured(err) {
			return err
		}
		if err != nil {
			r.report.Probe.UpdatedAt = false
			r.distrust("a filter on updated_at", err)
		}
	}
	probe := r.report.Probe
	pages := r.report.OrdersTotal / int64(probe.pageRows())
	switch {
	case probe.UpdatedAt && r.window:
		return nil
	case r.known == nil: // a dry run that knows nothing: what was created in the window is all it can show
		r.Logger.Warn("The API does not honour a filter on updated_at: orders changed but not created in the window are not counted", "why", probe.Why)
		return nil
	case !probe.UpdatedAt && (!probe.Where || pages < wholeListPages || r.window):
		r.Logger.Warn("The API does not honour a filter on updated_at: reading all orders again", "why", probe.Why)
		return r.layer(ctx, ScanReconcile, r.whole)
	}
	return r.sweep(ctx, venues)
}

// distrust notes that something did not hold that the probe had found to hold.
func (r *run) distrust(what string, err error) {
	r.report.Probe.Why = err.Error()
	r.Logger.Warn("The API does not honour "+what, "why", err.Error())
}

// newOrders reads by descending id down to the last known one, or to the start of the window where
// nothing is known.
func (r *run) newOrders(ctx context.Context, sink *orderSink) error {
	through := int64(r.orders.through)
	done := func(o qtickets.Order) bool {
		if through > 0 {
			return o.ID <= through
		}
		return r.report.WindowSince != nil && o.CreatedAt.Valid && o.CreatedAt.Value.Before(*r.report.WindowSince)
	}
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: pageSize}
	walked, err := qtickets.Walk(ctx, r.api.Orders, q, 1, func(p qtickets.Page[qtickets.Order]) error {
		p.Invalid = slices.DeleteFunc(p.Invalid, func(b qtickets.InvalidRow) bool { return b.ID > 0 && b.ID <= through })
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
	if err == nil {
		r.report.OrdersTotal = walked.Total
	}
	return err
}

// changedOrders reads what was updated since the window's start. Rows only enter this list while it is
// read (updated_at grows), but a row that enters on a page already read is seen only by reading again.
func (r *run) changedOrders(ctx context.Context, sink *orderSink) error {
	q := qtickets.Query{
		Where:   []qtickets.Condition{{Column: "updated_at", Operator: ">=", Value: r.report.WindowSince.UTC()}},
		OrderBy: []qtickets.Sort{qtickets.Asc("id")},
		PerPage: pageSize,
		Dates:   r.report.Probe.dates(),
	}
	var err error
	for range walkTries {
		_, err = qtickets.Walk(ctx, r.api.Orders, q, r.InFlight, func(p qtickets.Page[qtickets.Order]) error {
			err := sink.take(ctx, p)
			r.progress("orders", int64(r.orders.orders), int64(r.orders.orders)+p.Paging.Total)
			return err
		})
		if !errors.Is(err, qtickets.ErrIncomplete) {
			break
		}
	}
	return err
}

// heldOrders reads orders again that an earlier run put into quarantine and this one has not met. As
// long as one stays there the facts lack it, and every run says so.
func (r *run) heldOrders(ctx context.Context, sink *orderSink) error {
	left := r.held["orders"]
	var gone []uint64
	for id := range left {
		if id == 0 {
			continue
		}
		found, err := r.reread(ctx, sink, id)
		if err != nil {
			return err
		}
		if !found {
			gone = append(gone, id)
		}
	}
	if err := r.releaseGone(ctx, gone); err != nil {
		return err
	}
	if n := len(left); n > 0 {
		r.report.problem("%d orders wait in quarantine since an earlier run", n)
	}
	return nil
}
