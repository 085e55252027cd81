package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// ErrLosses is returned when more orders are gone from QTickets than a purge would explain. Nothing is
// marked as gone then, and nothing is published.
var ErrLosses = errors.New("QTickets does not list many orders that are stored")

// tolerated is how many vanished orders are believed without a person's word: a hundredth of all, of few
// orders a fifth, three in any case. More looks like another organiser's token.
func tolerated(stored int64) int { return int(max(stored/100, min(stored/5, 20), 3)) }

// comparison finds stored orders that a list does not hold. The list comes by ascending id, so it is
// compared in stretches and memory stays flat.
type comparison struct {
	run     *run
	event   uint64 // of all orders in the list; 0: the list of all
	through uint64 // compared up to this id
	last    uint64 // greatest id met
	met     map[uint64]bool
	missing []uint64
}

func (c *comparison) note(page qtickets.Page[qtickets.Order]) {
	if c.met == nil {
		c.met = map[uint64]bool{}
	}
	add := func(id int64) {
		if id > 0 {
			c.met[uint64(id)] = true
			c.last = max(c.last, uint64(id))
		}
	}
	for i := range page.Rows {
		add(page.Rows[i].ID)
	}
	for _, bad := range page.Invalid {
		add(bad.ID)
	}
}

// flush compares what was met since the last time.
func (c *comparison) flush(ctx context.Context) error { return c.compare(ctx, c.last) }

// end compares the rest, once the whole list was read.
func (c *comparison) end(ctx context.Context) error { return c.compare(ctx, 1<<63) }

func (c *comparison) compare(ctx context.Context, through uint64) error {
	if through <= c.through {
		return nil
	}
	stored, err := c.run.store.OrderIDs(ctx, c.event, c.through, through)
	if err != nil {
		return err
	}
	for _, id := range stored {
		if !c.met[id] {
			c.missing = append(c.missing, id)
		}
	}
	c.through = through
	clear(c.met)
	return nil
}

// settle asks for each missing order by its id. One that QTickets does not know any more is marked as
// gone: it counts no longer. One that it does know is taken as it is.
func (r *run) settle(ctx context.Context, sink *orderSink, missing []uint64) error {
	if len(missing) == 0 {
		return nil
	}
	missing = slices.Compact(slices.Sorted(slices.Values(missing)))
	stored, err := r.store.CountOrders(ctx)
	if err != nil {
		return err
	}
	if len(missing) > tolerated(stored.Orders) && !r.AcceptLosses {
		return fmt.Errorf("%w: %d of %d, the first are %v: check that QTICKETS_TOKEN is still this organiser's; if the orders are really gone, run \"qtickets_api reconcile --accept-losses\"",
			ErrLosses, len(missing), stored.Orders, missing[:min(5, len(missing))])
	}
	if err := r.knownByID(ctx); err != nil {
		return err
	}
	var gone []uint64
	asked := time.Now()
	for _, id := range missing {
		found, err := r.reread(ctx, sink, id)
		if err != nil {
			return err
		}
		if !found {
			gone = append(gone, id)
		}
	}
	if err := r.store.Tombstone(ctx, gone, asked, r.id); err != nil {
		return err
	}
	r.current.Vanished += len(gone)
	if len(gone) > 0 {
		r.report.RowsInserted += len(gone)
		r.Logger.Warn("Orders are gone from QTickets and count no more", "orders", len(gone), "first", gone[:min(10, len(gone))])
	}
	return nil
}

// knownByID proves that orders can be asked for by id at all, with one that is known to be there: without
// this proof "not found" proves nothing.
func (r *run) knownByID(ctx context.Context) error {
	if r.byID {
		return nil
	}
	page, err := r.api.Orders(ctx, qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: 1})
	if err != nil && !notHonoured(err) {
		return err
	}
	if len(page.Rows) == 0 {
		return nil // an empty list: nothing there can be asked for
	}
	if _, _, err := r.api.Order(ctx, page.Rows[0].ID); err != nil && !errors.Is(err, qtickets.ErrInvalidRow) {
		return fmt.Errorf("order %d is listed but cannot be read by its id, so missing orders cannot be judged: %w", page.Rows[0].ID, err)
	}
	r.byID = true
	return nil
}

// reread reads one order by its id. found is false when QTickets does not know it.
func (r *run) reread(ctx context.Context, sink *orderSink, id uint64) (found bool, err error) {
	order, at, err := r.api.Order(ctx, int64(id))
	page := qtickets.Page[qtickets.Order]{ObservedAt: at, Rows: []qtickets.Order{order}}
	if bad := (*qtickets.InvalidRowError)(nil); errors.As(err, &bad) {
		page.Rows, page.Invalid, err = nil, []qtickets.InvalidRow{bad.Row}, nil
	}
	if errors.Is(err, qtickets.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, sink.take(ctx, page)
}
