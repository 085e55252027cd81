package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// showDayAge is how old the reading of an event's orders may be on the day of its show: scans leave no
// trace in the order's updated_at (API notes, section 18, row 6).
const showDayAge = time.Hour

// unprovenSweep is how many times more is read again where the API cannot be asked for changes.
const unprovenSweep = 5

// sweepable is an event whose orders may change without a sign.
type sweepable struct {
	event uint64
	age   time.Duration // since all its orders were read
	pages int64
	due   bool // must be read in this run
}

// sweep reads all orders of running and recent events again, event by event in turn, so that changes which do
// not move updated_at are seen too. What is overdue is read in any case, the rest within the budget.
func (r *run) sweep(ctx context.Context, venues []venue) error {
	events, err := r.sweepables(ctx, venues, time.Now())
	if err != nil {
		return err
	}
	budget := int64(r.Limits.SweepRequests)
	if !r.report.Probe.UpdatedAt {
		budget *= unprovenSweep
	}
	var late int
	for _, e := range events {
		switch {
		case e.due && r.outOfTime(ctx):
			late++
			continue
		case !e.due && e.pages > budget:
			continue
		}
		budget -= e.pages
		err := r.layer(ctx, ScanSweep, func(ctx context.Context, sink *orderSink) error { return r.sweepEvent(ctx, sink, e.event) })
		switch {
		case notHonoured(err), errors.Is(err, qtickets.ErrIncomplete):
			r.report.problem("orders of event %d were not read again: %v", e.event, err)
		case err != nil:
			return fmt.Errorf("event %d: %w", e.event, err)
		}
	}
	if late > 0 {
		r.report.problem("%d events wait longer than QTICKETS_SWEEP_MAX_AGE to be read again: raise QTICKETS_RUN_TIMEOUT or QTICKETS_RATE_LIMIT", late)
	}
	return nil
}

// outOfTime leaves half of the time budget to the rest of the run.
func (r *run) outOfTime(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	return limited && time.Since(r.report.StartedAt) > time.Until(deadline)
}

// sweepables are the events to read again, the overdue first, then the ones read longest ago.
func (r *run) sweepables(ctx context.Context, venues []venue, now time.Time) ([]sweepable, error) {
	swept, err := r.store.Sweeps(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := r.store.OrdersByEvent(ctx)
	if err != nil {
		return nil, err
	}
	calendar := map[uint64]season{}
	for _, v := range venues {
		s := calendar[v.event.EventID]
		s.add(v, now)
		calendar[v.event.EventID] = s
	}
	var events []sweepable
	for event, orders := range counts {
		s, known := calendar[event]
		if known && !s.open && now.Sub(s.end) > r.Limits.SweepRecent {
			continue
		}
		e := sweepable{event: event, age: now.Sub(swept[event]), pages: 1 + orders/int64(r.report.Probe.pageRows())}
		if e.age < 0 { // noted under a clock that ran ahead
			e.age = r.Limits.SweepMaxAge
		}
		e.due = e.age > r.Limits.SweepMaxAge || (s.today && e.age > showDayAge)
		events = append(events, e)
	}
	slices.SortFunc(events, func(a, b sweepable) int {
		if a.due != b.due {
			return map[bool]int{true: -1, false: 1}[a.due]
		}
		return cmp.Or(cmp.Compare(b.age, a.age), cmp.Compare(a.event, b.event))
	})
	return events, nil
}

// season is when the shows of an event are.
type season struct {
	open  bool // a show is not over, or nobody knows when it will be
	today bool // a show is going on, or about to, or just over
	end   time.Time
}

func (s *season) add(v venue, now time.Time) {
	start, end := v.show.StartAt, v.show.FinishAt
	if end == nil {
		end = start
	}
	if end == nil {
		s.open = true
		return
	}
	s.open = s.open || end.After(now)
	if end.After(s.end) {
		s.end = *end
	}
	// An exhibition of weeks is no show day; it is read in turn.
	const around = 6 * time.Hour
	if start != nil && end.Sub(*start) <= 36*time.Hour {
		s.today = s.today || (now.After(start.Add(-around)) && now.Before(end.Add(around)))
	}
}

// sweepEvent reads all orders of one event and compares them with the stored ones.
func (r *run) sweepEvent(ctx context.Context, sink *orderSink, event uint64) error {
	began := time.Now()
	q := qtickets.Query{
		Where:   []qtickets.Condition{{Column: "event_id", Value: int64(event)}},
		OrderBy: []qtickets.Sort{qtickets.Asc("id")},
		PerPage: pageSize,
	}
	var err error
	for range walkTries {
		sink.compare = &comparison{run: r, event: event}
		_, err = qtickets.Walk(ctx, r.api.Orders, q, r.InFlight, func(p qtickets.Page[qtickets.Order]) error { return sink.take(ctx, p) })
		if !errors.Is(err, qtickets.ErrIncomplete) {
			break
		}
	}
	if err == nil {
		err = sink.flush(ctx)
	}
	if err != nil {
		return err
	}
	compare := sink.compare
	sink.compare = nil
	if err := compare.end(ctx); err != nil {
		return err
	}
	r.missing = append(r.missing, compare.missing...) // judged together, see tie
	return r.store.NoteSweeps(ctx, []uint64{event}, began)
}
