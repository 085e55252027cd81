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

// giveUpAfter is how many hopeless failures end the reading of seats: each has been retried already.
const giveUpAfter = 3

var errGivenUp = errors.New("not asked for after the failures before it")

// hopeless tells whether the other shows would most likely meet the same error.
func hopeless(err error) bool {
	for _, kind := range []error{qtickets.ErrUnauthorized, qtickets.ErrNetwork, qtickets.ErrUnavailable, qtickets.ErrRateLimited} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// dueSeats are the shows on sale whose seats to read: those with orders that changed since and those not
// read for long, in any case; of the others the ones read longest ago, within the budget.
func (r *run) dueSeats(ctx context.Context, venues []venue, now time.Time) ([]venue, error) {
	seen, err := r.store.SeatsSeen(ctx)
	if err != nil {
		return nil, err
	}
	changed, err := r.store.ShowsChanged(ctx)
	if err != nil {
		return nil, err
	}
	var due, rest []venue
	for _, v := range venues {
		switch {
		case !v.show.SeatsDueAt(now, v.event):
		case !changed[v.show.ShowID].Before(seen[v.show.ShowID]), now.Sub(seen[v.show.ShowID]) > r.Limits.SeatsMaxAge,
			seen[v.show.ShowID].After(now): // noted under a clock that ran ahead
			due = append(due, v)
		default:
			rest = append(rest, v)
		}
	}
	slices.SortStableFunc(rest, func(a, b venue) int { return seen[a.show.ShowID].Compare(seen[b.show.ShowID]) })
	return append(due, rest[:min(len(rest), max(r.Limits.SeatsRequests-len(due), 0))]...), nil
}

// inventory reads the seats of shows on sale. A show that fails keeps its last known seats and makes the
// run partial.
func (r *run) inventory(ctx context.Context, venues []venue) error {
	due, err := r.dueSeats(ctx, venues, time.Now())
	if err != nil {
		return err
	}
	rows := make([]warehouse.Observed[sales.Inventory], 0, len(due))
	var mu sync.Mutex
	var firstFailure error
	var failures atomic.Int32
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(r.InFlight)
	for _, v := range due {
		group.Go(func() error {
			var answer qtickets.SeatsResponse
			err := errGivenUp
			if failures.Load() < giveUpAfter {
				answer, err = r.api.Seats(groupCtx, int64(v.show.ShowID))
			}
			if hopeless(err) {
				failures.Add(1)
			}
			if err == nil && len(answer.Invalid) > 0 {
				err = fmt.Errorf("%d seats could not be understood, the first: %s", len(answer.Invalid), answer.Invalid[0].Reason)
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				if groupCtx.Err() != nil {
					return groupCtx.Err()
				}
				if firstFailure == nil {
					firstFailure = fmt.Errorf("seats of show %d: %w", v.show.ShowID, err)
				}
				r.report.InventoryFailed++
				r.Logger.Warn("Seats not read", "show_id", v.show.ShowID, "error", err)
				return nil
			}
			rows = append(rows, warehouse.Observed[sales.Inventory]{Row: sales.InventoryOf(v.show, answer.Seats), At: answer.ObservedAt})
			r.report.InventoryShows++
			r.progress("seats", int64(r.report.InventoryShows+r.report.InventoryFailed), int64(len(due)))
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := write(ctx, r, "inventory", r.store.InsertInventory, rows); err != nil {
		return err
	}
	if r.report.InventoryFailed > 0 {
		r.report.problem("seats of %d shows were not read, the first: %v", r.report.InventoryFailed, firstFailure)
	}
	r.Logger.Info("Fetched seats", "shows", r.report.InventoryShows, "failed", r.report.InventoryFailed)
	return nil
}
