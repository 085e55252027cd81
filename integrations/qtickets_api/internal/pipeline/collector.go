package pipeline

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// collector gathers the rows of one page, sends to quarantine what cannot be understood, and releases
// what was there and can be read now.
type collector[T any] struct {
	run      *run
	name     string
	at       time.Time
	rows     []warehouse.Observed[T]
	poor     []warehouse.Quarantined
	released []warehouse.Quarantined
}

func (c *collector[T]) bad(rows []qtickets.InvalidRow) {
	for _, b := range rows {
		delete(c.run.held[c.name], uint64(max(b.ID, 0))) // it is told about anew
		c.run.unnamed[c.name] = c.run.unnamed[c.name] || b.ID <= 0
		c.poor = append(c.poor, warehouse.Quarantined{Feed: c.name, ID: uint64(max(b.ID, 0)), Reason: b.Reason, At: c.at})
	}
}

func (c *collector[T]) row(id uint64, row T, err error) {
	if err != nil {
		delete(c.run.held[c.name], id)
		c.poor = append(c.poor, warehouse.Quarantined{Feed: c.name, ID: id, Reason: err.Error(), At: c.at})
		return
	}
	c.rows = append(c.rows, warehouse.Observed[T]{Row: row, At: c.at})
	if c.run.held[c.name][id] {
		c.released = append(c.released, warehouse.Quarantined{Feed: c.name, ID: id, At: c.at})
		delete(c.run.held[c.name], id)
	}
}

// settle writes quarantine and releases.
func (c *collector[T]) settle(ctx context.Context) error {
	r := c.run
	if len(c.poor) > 0 {
		if fresh := r.countPoor(c.poor); fresh > 0 {
			r.report.problem("%d rows of %s in quarantine, the first: %s", fresh, c.name, c.poor[0].Reason)
		}
		r.Logger.Warn("Rows in quarantine", "feed", c.name, "rows", len(c.poor), "first", c.poor[0].Reason)
		if err := r.store.Quarantine(ctx, c.poor, r.id); err != nil {
			return err
		}
	}
	return r.store.Release(ctx, c.released, r.id)
}

// countPoor counts rows that cannot be understood, each once however often a run meets it.
func (r *run) countPoor(rows []warehouse.Quarantined) (fresh int) {
	for _, q := range rows {
		key := poorRow{q.Feed, q.ID}
		if q.ID == 0 || !r.poor[key] {
			fresh++
		}
		r.poor[key] = true
	}
	r.report.Quarantined += fresh
	return fresh
}

// poorRow names a row in quarantine.
type poorRow struct {
	feed string
	id   uint64
}

// wrote adds to the report what an insert did.
func (r *run) wrote(feed string, rows, inserted int) {
	f := r.report.feed(feed)
	f.Rows += rows
	f.Inserted += inserted
	r.report.RowsInserted += inserted
}

// readWhole ends the quarantine of rows without an id, once the whole list was read and held none.
func (r *run) readWhole(ctx context.Context, feed string) error {
	if !r.held[feed][0] || r.unnamed[feed] {
		return nil
	}
	delete(r.held[feed], 0)
	return r.store.Release(ctx, []warehouse.Quarantined{{Feed: feed, At: time.Now()}}, r.id)
}

// releaseGone ends the quarantine of orders that the source does not know any more.
func (r *run) releaseGone(ctx context.Context, ids []uint64) error {
	rows := make([]warehouse.Quarantined, len(ids))
	for i, id := range ids {
		rows[i] = warehouse.Quarantined{Feed: "orders", ID: id, At: time.Now()}
		delete(r.held["orders"], id)
	}
	return r.store.Release(ctx, rows, r.id)
}
