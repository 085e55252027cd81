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

// sweep reads all orders of running and recent events again, event by event in turn, so that changes which do not move
// updated_at are seen too. What is overdue is read in any case, the rest within the budget. missing are stored orders
// that the lists of their events do not hold.
func (r *run) sweep(ctx context.Context, shows []eventShow) (missing []uint64, err error) {
	events, err := r.sweepables(ctx, shows, time.Now())
	if err != nil {
		return nil, err
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
		gone, err := r.sweepEvent(ctx, e.event)
		missing = append(missing, gone...)
		switch {
		case notHonoured(err), errors.Is(err, qtickets.ErrIncomplete):
			r.report.problem("orders of event %d were not read again: %v", e.event, err)
		case err != nil:
			return nil, fmt.Errorf("event %d: %w", e.event, err)
		}
	}
	if late > 0 {
		r.report.problem("%d events wait longer than QTICKETS_SWEEP_MAX_AGE to be read again: raise QTICKETS_RUN_TIMEOUT "+
			"or QTICKETS_RATE_LIMIT", late)
	}
	return missing, nil
}

// outOfTime leaves half of the time budget to the rest of the run.
func (r *run) outOfTime(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	return limited && time.Since(r.report.StartedAt) > time.Until(deadline)
}

// sweepables are the events to read again, the overdue first, then the ones read longest ago.
func (r *run) sweepables(ctx context.Context, shows []eventShow, now time.Time) ([]sweepable, error) {
	counts, err := r.store.OrdersByEvent(ctx)
	if err != nil {
		return nil, err
	}
	schedules := map[uint64]schedule{}
	for _, show := range shows {
		s := schedules[show.event.EventID]
		s.add(show, now)
		schedules[show.event.EventID] = s
	}
	var events []sweepable
	for event, orders := range counts {
		s, known := schedules[event]
		if known && !s.open && now.Sub(s.end) > r.Limits.SweepRecent {
			continue
		}
		e := sweepable{event: event, age: now.Sub(r.before.Sweeps[event]), pages: 1 + orders/int64(r.report.Probe.pageRows())}
		if e.age < 0 { // recorded under a clock that ran ahead
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

// schedule is when the shows of an event are.
type schedule struct {
	open  bool // a show is not over, or nobody knows when it will be
	today bool // a show is going on, or about to, or just over
	end   time.Time
}

func (s *schedule) add(show eventShow, now time.Time) {
	start, end := show.show.StartAt, show.show.FinishAt
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

// sweepEvent reads all orders of one event and compares them with the stored ones. The missing ones of all events are
// looked at together, see verifyTotal.
func (r *run) sweepEvent(ctx context.Context, event uint64) (missing []uint64, err error) {
	began := time.Now()
	q := qtickets.Query{
		Where:   []qtickets.Condition{{Column: "event_id", Value: int64(event)}},
		OrderBy: []qtickets.Sort{qtickets.Asc("id")},
		PerPage: pageSize,
	}
	read := func(ctx context.Context, s *sink) error {
		for page, err := range qtickets.Pages(ctx, r.api.Orders, q, r.InFlight, 0) {
			if err != nil {
				return err
			}
			if err := s.takeOrders(ctx, page); err != nil {
				return err
			}
		}
		return nil
	}
	err = r.scan(ctx, ScanSweep, func(ctx context.Context, s *sink) error {
		err := r.untilComplete(func() (err error) {
			missing, err = r.compareList(ctx, s, event, func() error { return read(ctx, s) })
			return err
		})
		if err != nil {
			missing = nil
			return err
		}
		return r.store.MarkSwept(ctx, []uint64{event}, began)
	})
	return missing, err
}
