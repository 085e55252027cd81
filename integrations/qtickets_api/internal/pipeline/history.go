package pipeline

import (
	"context"
	"errors"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// readAhead pages wait for the insert for each that is under way (the client keeps to its own limit): while
// ClickHouse writes, QTickets is asked on.
const readAhead = 3

// errNotContinued is a list that does not go on where an earlier attempt stopped.
var errNotContinued = errors.New("the list does not go on where the earlier attempt stopped")

// history reads every order by ascending id, as far as no earlier attempt did: new orders append, so no
// page shifts under way. What was stored before is the beginning of the list and the checkpoint at once.
func (r *run) history(ctx context.Context, sink *orderSink) error {
	if page := int(r.stored.Orders) / r.report.Probe.pageRows(); page > 1 {
		err := r.walkAll(ctx, sink, page) // a page that is known, to see that the list goes on there
		if !errors.Is(err, errNotContinued) && !errors.Is(err, qtickets.ErrIncomplete) {
			r.report.Resumed = true
			return err
		}
		r.Logger.Warn("Reading the history from its beginning", "why", err.Error())
	}
	return r.whole(ctx, sink)
}

// whole reads every order from the first to the last and compares the list with what is stored.
func (r *run) whole(ctx context.Context, sink *orderSink) error {
	began := time.Now()
	if !r.window {
		sink.compare = &comparison{run: r}
	}
	if err := r.walkAll(ctx, sink, 1); err != nil {
		return err
	}
	r.wholeRead = true
	if err := r.readWhole(ctx, "orders"); err != nil || r.window {
		return err
	}
	if err := sink.flush(ctx); err != nil {
		return err
	}
	compare := sink.compare
	sink.compare = nil
	if err := compare.end(ctx); err != nil {
		return err
	}
	if err := r.settle(ctx, sink, compare.missing); err != nil {
		return err
	}
	return r.noteAllSwept(ctx, began)
}

// walkAll reads the list of all orders from a page on.
func (r *run) walkAll(ctx context.Context, sink *orderSink, from int) error {
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: pageSize, Page: from}
	done := int64(from-1) * int64(r.report.Probe.pageRows())
	first := true
	walked, err := qtickets.Walk(ctx, r.api.Orders, q, readAhead*r.InFlight, func(p qtickets.Page[qtickets.Order]) error {
		if first && from > 1 && (len(p.Rows) == 0 || uint64(p.Rows[0].ID) > r.stored.MaxID) {
			return errNotContinued
		}
		first = false
		err := sink.take(ctx, p)
		done += int64(len(p.Rows) + len(p.Invalid))
		r.progress("orders", done, p.Paging.Total)
		return err
	})
	r.report.OrdersTotal = walked.Total
	return err
}

// noteAllSwept notes that every order was read since a moment.
func (r *run) noteAllSwept(ctx context.Context, since time.Time) error {
	counts, err := r.store.OrdersByEvent(ctx)
	if err != nil {
		return err
	}
	events := make([]uint64, 0, len(counts))
	for id := range counts {
		events = append(events, id)
	}
	return r.store.NoteSweeps(ctx, events, since)
}
