package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// giveUpAfter is how many hopeless failures end the reading of seats. The first has been retried for all its time;
// after it the others are asked for once.
const giveUpAfter = 3

var errGivenUp = errors.New("not asked for after the failures before it")

// hopeless tells whether the other shows would most likely meet the same error.
func hopeless(err error) bool {
	for _, kind := range []error{qtickets.ErrUnauthorized, qtickets.ErrNetwork, qtickets.ErrUnavailable,
		qtickets.ErrRateLimited, qtickets.ErrStalled, qtickets.ErrProxy} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// dueSeats are the shows on sale whose seats to read: those with orders that changed since and those not
// read for long, in any case; of the others the ones read longest ago, within the budget.
func (r *run) dueSeats(ctx context.Context, shows []eventShow, now time.Time) ([]sales.Show, error) {
	since := now // the first reading of seats that are not due anyway: no change before it matters
	for _, s := range shows {
		read := r.before.SeatsRead[s.show.ShowID]
		if s.show.SeatsDueAt(now, s.event) && now.Sub(read) <= r.Limits.SeatsMaxAge && read.Before(since) {
			since = read
		}
	}
	changed, err := r.store.ShowsChanged(ctx, since)
	if err != nil {
		return nil, err
	}
	var due, rest []sales.Show
	for _, s := range shows {
		read := r.before.SeatsRead[s.show.ShowID]
		switch {
		case !s.show.SeatsDueAt(now, s.event):
		case !changed[s.show.ShowID].Before(read), now.Sub(read) > r.Limits.SeatsMaxAge,
			read.After(now): // recorded under a clock that ran ahead
			due = append(due, s.show)
		default:
			rest = append(rest, s.show)
		}
	}
	slices.SortStableFunc(rest, func(a, b sales.Show) int {
		return r.before.SeatsRead[a.ShowID].Compare(r.before.SeatsRead[b.ShowID])
	})
	return append(due, rest[:min(len(rest), max(r.Limits.SeatsRequests-len(due), 0))]...), nil
}

// readSeats reads the seats of shows on sale. A show that fails keeps its last known seats and makes the
// run partial.
func (r *run) readSeats(ctx context.Context, shows []eventShow) error {
	due, err := r.dueSeats(ctx, shows, time.Now())
	if err != nil {
		return err
	}
	reading := &seatsReading{run: r, shows: len(due)}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(r.InFlight)
	for _, show := range due {
		group.Go(func() error { return reading.read(groupCtx, show) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	r.report.feed(warehouse.FeedInventory)
	if _, err := r.insert(ctx, warehouse.Rows{Inventory: reading.rows}); err != nil {
		return err
	}
	if r.report.InventoryFailed > 0 {
		r.report.problem("seats of %d shows were not read, the first: %v", r.report.InventoryFailed, reading.first)
	}
	r.Logger.Info("Fetched seats", "shows", r.report.InventoryShows, "failed", r.report.InventoryFailed)
	return nil
}

// seatsReading is the reading of seats of several shows at the same time.
type seatsReading struct {
	run      *run
	shows    int          // how many are to be read
	hopeless atomic.Int32 // failures that the other shows would most likely meet too
	mu       sync.Mutex   // of what follows, and of the report
	rows     []warehouse.Observed[sales.Inventory]
	first    error // of the first show that failed
}

// read reads one show. Its error is only for the end of the context.
func (s *seatsReading) read(ctx context.Context, show sales.Show) error {
	var seats qtickets.SeatsResponse
	err := errGivenUp
	asking := ctx
	if s.hopeless.Load() > 0 {
		asking = qtickets.Once(ctx)
	}
	if s.hopeless.Load() < giveUpAfter {
		seats, err = s.run.api.Seats(asking, int64(show.ShowID))
	}
	if hopeless(err) {
		s.hopeless.Add(1)
	}
	if err == nil && len(seats.Invalid) > 0 {
		err = fmt.Errorf("%d seats are invalid, the first: %s", len(seats.Invalid), seats.Invalid[0].Reason)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	report := s.run.report
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if s.first == nil {
			s.first = fmt.Errorf("seats of show %d: %w", show.ShowID, err)
		}
		report.InventoryFailed++
		s.run.Logger.Warn("Seats not read", "show_id", show.ShowID, "error", err)
		return nil
	}
	s.rows = append(s.rows, warehouse.Observed[sales.Inventory]{Row: sales.InventoryOf(show, seats.Seats),
		At: seats.ObservedAt})
	report.InventoryShows++
	s.run.progress("seats", int64(report.InventoryShows+report.InventoryFailed), int64(s.shows))
	return nil
}
