package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// quarantine is what a run knows of invalid rows.
type quarantine struct {
	// waiting are ids by feed that earlier runs put there and this one has not met; 0: rows without one.
	waiting map[string]map[uint64]bool
	met     map[invalidRow]bool // invalid in this run
	unnamed map[string]int      // by feed, those of this run without a readable id
}

type invalidRow struct {
	feed string
	id   uint64
}

// add records an invalid row of this run and tells whether it is the first time. Rows without an id cannot be told
// apart: each is the first.
func (q *quarantine) add(row warehouse.Quarantined) (fresh bool) {
	q.forget(row) // it is reported by this run
	if q.met == nil {
		q.met = map[invalidRow]bool{}
	}
	if row.ID == 0 {
		if q.unnamed == nil {
			q.unnamed = map[string]int{}
		}
		q.unnamed[row.Feed]++
	}
	key := invalidRow{row.Feed, row.ID}
	fresh = row.ID == 0 || !q.met[key]
	q.met[key] = true
	return fresh
}

// forget tells whether a row was waiting since an earlier run. It is not any more.
func (q *quarantine) forget(row warehouse.Quarantined) (waited bool) {
	waited = q.waiting[row.Feed][row.ID]
	delete(q.waiting[row.Feed], row.ID)
	return waited
}

// releaseUnnamed ends the quarantine of rows without an id, once the whole list was read and held none.
func (r *run) releaseUnnamed(ctx context.Context, feed string) error {
	return r.release(ctx, feed, 0)
}

// release ends the quarantine of rows that QTickets does not list any more.
func (r *run) release(ctx context.Context, feed string, ids ...uint64) error {
	var rows warehouse.Rows
	for _, id := range ids {
		if q := (warehouse.Quarantined{Feed: feed, ID: id, ReadAt: time.Now()}); r.quarantine.forget(q) {
			rows.Released = append(rows.Released, q)
		}
	}
	_, err := r.insert(ctx, rows)
	return err
}

// ErrUnreadable is returned when so many orders cannot be read that what is left is not worth publishing.
var ErrUnreadable = errors.New("too many orders cannot be read")

// Nothing is published above this many unreadable orders, nor above a hundredth of all, one being tolerated in any
// case.
const mostUnreadable = 20

func tooManyUnreadable(bad, all int64) bool { return bad > mostUnreadable || bad > 1 && 100*bad > all }

// namedUnreadable is how many orders a message names.
const namedUnreadable = 5

// weighQuarantine says which orders count as they were read before they became unreadable, and stops a publication that
// would lack too many.
func (r *run) weighQuarantine(ctx context.Context) error {
	rows, err := r.store.ListQuarantine(ctx)
	if err != nil {
		return err
	}
	var bad, known int64
	first := ""
	for _, q := range rows {
		if q.Feed != warehouse.FeedOrders {
			continue
		}
		if bad++; first == "" {
			first = q.Reason
		}
		if q.ID == 0 {
			bad += int64(max(r.quarantine.unnamed[q.Feed]-1, 0))
		}
		if q.Counted == nil {
			continue
		}
		if known++; known <= namedUnreadable {
			r.report.problem("order %d cannot be read any more and is %s (%s)", q.ID, q.Counted, q.Reason)
		}
	}
	if known > namedUnreadable {
		r.report.problem("%d orders in all cannot be read any more and are counted as read before", known)
	}
	if !tooManyUnreadable(bad, 0) { // of however many orders
		return nil
	}
	stored, err := r.store.CountOrders(ctx)
	if err != nil || !tooManyUnreadable(bad, max(stored.Orders, int64(r.orders.orders))) || r.AcceptLosses {
		return err
	}
	return fmt.Errorf("%w: %d of %d; nothing is published; the first: %s; \"qtickets_api quarantine\" lists them; they "+
		"are read again by every run, and once they can be read all is published; to publish without them: \"qtickets_api "+
		"reconcile --accept-losses\"", ErrUnreadable, bad, stored.Orders, first)
}
