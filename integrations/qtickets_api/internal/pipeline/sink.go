package pipeline

import (
	"context"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// insertRows is how many orders go into one insert: a few megabytes, one block.
const insertRows = 2000

// sink turns pages of one list into rows and writes them in large inserts. Rows that are invalid go into quarantine;
// those that waited there and are valid now leave it.
type sink struct {
	run     *run
	feed    string
	rows    warehouse.Rows // not written yet
	scan    *Scan          // of a list of orders: counts them; nil for other lists
	compare *comparison    // looks for stored orders that the list does not hold; nil: no comparison
	page    int            // the newest of a list by ascending id; 0: none
	lastID  int64          // of its last row
}

func (r *run) newSink(feed string) *sink {
	r.report.feed(feed)
	return &sink{run: r, feed: feed}
}

// takePage adds the rows of a page to those that were taken before.
func takePage[S, T any](
	s *sink, taken *[]warehouse.Observed[T], page qtickets.Page[S], id func(*S) int64, row func(S) (T, error),
) {
	var invalid []warehouse.Quarantined
	for _, source := range page.Invalid {
		invalid = append(invalid, s.quarantined(source.ID, source.Reason, page.ObservedAt))
	}
	before := len(*taken)
	for i := range page.Rows {
		key := id(&page.Rows[i])
		built, err := row(page.Rows[i])
		if err != nil {
			invalid = append(invalid, s.quarantined(key, err.Error(), page.ObservedAt))
			continue
		}
		*taken = append(*taken, warehouse.Observed[T]{Row: built, At: page.ObservedAt})
		if q := s.quarantined(key, "", page.ObservedAt); s.run.quarantine.forget(q) {
			s.rows.Released = append(s.rows.Released, q)
		}
	}
	s.run.observed.Rows(len(*taken)-before, len(invalid), page.Offsets)
	s.reportInvalid(invalid)
	s.rows.Quarantined = append(s.rows.Quarantined, invalid...)
}

// quarantined names a row in quarantine; one whose id is not readable has the id 0 there.
func (s *sink) quarantined(id int64, reason string, at time.Time) warehouse.Quarantined {
	return warehouse.Quarantined{Feed: s.feed, ID: uint64(max(id, 0)), Reason: reason, ReadAt: at}
}

// reportInvalid makes the run partial. A row counts once, however often a run meets it.
func (s *sink) reportInvalid(rows []warehouse.Quarantined) {
	if len(rows) == 0 {
		return
	}
	report, fresh := s.run.report, 0
	for i := range rows {
		row := &rows[i]
		if s.run.quarantine.add(*row) {
			fresh++
		}
		if n := s.run.quarantine.unnamed[s.feed]; row.ID == 0 && n > 1 { // they share one row of the quarantine
			row.Reason = fmt.Sprintf("%d rows without a readable id, the last: %s", n, row.Reason)
		}
	}
	if report.Quarantined += fresh; fresh > 0 {
		report.problem("%d rows of %s in quarantine, the first: %s", fresh, s.feed, rows[0].Reason)
	}
	s.run.Logger.Warn("Rows in quarantine", "feed", s.feed, "rows", len(rows), "first", rows[0].Reason)
}

// takeOrders turns a page of orders into rows, and writes them once they are many.
func (s *sink) takeOrders(ctx context.Context, page qtickets.Page[qtickets.Order]) error {
	r := s.run
	s.observePage(page)
	if err := r.completeRows(ctx, page.Rows); err != nil {
		return err
	}
	id := func(o *qtickets.Order) int64 { return o.ID }
	takePage(s, &s.rows.Orders, page, id, func(o qtickets.Order) (sales.Order, error) {
		for _, older := range r.Primaries[uint64(o.ID)] {
			o.PrimaryOrders = append(o.PrimaryOrders, int64(older))
		}
		row, err := sales.FromOrder(o, r.BuyerKey)
		if err == nil && r.orders.add(&row) {
			r.observed.Order(&o, &row)
		}
		return row, err
	})
	s.scan.Orders += len(page.Rows) + len(page.Invalid)
	if s.compare != nil {
		s.compare.add(page)
	}
	if len(s.rows.Orders)+len(s.rows.Quarantined) >= insertRows {
		return s.flush(ctx)
	}
	return nil
}

// flush writes what was taken since the last time.
func (s *sink) flush(ctx context.Context) error {
	if s.compare != nil {
		if err := s.compare.flush(ctx); err != nil {
			return err
		}
	}
	written, err := s.run.insert(ctx, s.rows)
	if s.scan != nil {
		s.scan.New += written[warehouse.FeedOrders].New
		s.scan.Changed += written[warehouse.FeedOrders].Changed
	}
	clear(s.rows.Orders) // or the written orders would stay in memory until new ones take their places
	s.rows = warehouse.Rows{Orders: s.rows.Orders[:0]}
	return err
}

// insert writes rows and adds to the report what was written.
func (r *run) insert(ctx context.Context, rows warehouse.Rows) (map[string]warehouse.Written, error) {
	written, err := r.store.Insert(ctx, rows, r.id)
	for feed, n := range rows.Count() {
		inserted := written[feed].New + written[feed].Changed
		f := r.report.feed(feed)
		f.Rows += n
		f.Inserted += inserted
		r.report.RowsInserted += inserted
	}
	return written, err
}

// orderTally counts orders once, however often a run meets them.
type orderTally struct {
	orders, tickets int
	anomalies       int    // orders that break a rule of the source
	lastID          uint64 // the greatest id met, or known before
	// ascending: the run reads the list of all orders by ascending id, so an order is new when its id is; else met has the
	// ids.
	ascending bool
	met       map[uint64]bool
}

// add tells whether the run meets the order for the first time.
func (t *orderTally) add(o *sales.Order) (fresh bool) {
	fresh = o.OrderID > t.lastID
	if !t.ascending {
		if t.met == nil {
			t.met = map[uint64]bool{}
		}
		fresh = !t.met[o.OrderID]
		t.met[o.OrderID] = true
	}
	if fresh {
		if len(o.Anomalies) > 0 {
			t.anomalies++
		}
		t.orders++
		t.tickets += len(o.Tickets)
	}
	t.lastID = max(t.lastID, o.OrderID)
	return fresh
}
