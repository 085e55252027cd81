package pipeline

import (
	"context"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// comparison finds stored orders that a list does not hold. The list comes by ascending id, so it is
// compared in stretches and memory stays flat.
type comparison struct {
	store    Store
	event    uint64 // of all orders in the list; 0: the list of all
	compared uint64 // up to this id
	last     uint64 // greatest id met
	met      map[uint64]bool
	missing  []uint64
}

// compareList reads a list of all orders of an event (0: of all events) into the sink, by ascending id, and gives the
// stored orders that it does not hold. A dry run only reads.
func (r *run) compareList(ctx context.Context, s *sink, event uint64, read func() error) (missing []uint64, err error) {
	if r.dry {
		return nil, read()
	}
	compare := &comparison{store: r.store, event: event, met: map[uint64]bool{}}
	s.compare = compare
	if err = read(); err == nil {
		err = s.flush(ctx)
	}
	s.compare = nil
	if err == nil {
		err = compare.end(ctx)
	}
	return compare.missing, err
}

func (c *comparison) add(page qtickets.Page[qtickets.Order]) {
	add := func(id int64) {
		if id > 0 {
			c.met[uint64(id)] = true
			c.last = max(c.last, uint64(id))
		}
	}
	for i := range page.Rows {
		add(page.Rows[i].ID)
	}
	for _, invalid := range page.Invalid {
		add(invalid.ID)
	}
}

// flush compares what was met since the last time.
func (c *comparison) flush(ctx context.Context) error { return c.compare(ctx, c.last) }

// end compares the rest, once the whole list was read.
func (c *comparison) end(ctx context.Context) error { return c.compare(ctx, 1<<63) }

func (c *comparison) compare(ctx context.Context, last uint64) error {
	if last <= c.compared {
		return nil
	}
	stored, err := c.store.OrderIDs(ctx, c.event, c.compared, last)
	if err != nil {
		return err
	}
	for _, id := range stored {
		if !c.met[id] {
			c.missing = append(c.missing, id)
		}
	}
	c.compared = last
	clear(c.met)
	return nil
}
