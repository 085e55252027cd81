package pipeline

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// quarantine is what a run knows of invalid rows.
type quarantine struct {
	// waiting are ids by feed that earlier runs put there and this one has not met; 0: rows without one.
	waiting map[string]map[uint64]bool
	met     map[invalidRow]bool // invalid in this run
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
