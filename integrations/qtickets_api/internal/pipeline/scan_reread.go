package pipeline

import (
	"context"
	"errors"
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// readIDs reads single orders by id, those in quarantine among them, and publishes. What was not asked for is as old as
// before, so the publication keeps its moment.
func (r *run) readIDs(ctx context.Context) error {
	if err := r.proveAccount(ctx); err != nil {
		return err
	}
	if len(r.IDs) == 0 { // a retry of the quarantine: these lists may be in it too
		if _, err := r.readEvents(ctx); err != nil {
			return err
		}
		if err := r.readReference(ctx); err != nil {
			return err
		}
	}
	err := r.scan(ctx, ScanReread, func(ctx context.Context, s *sink) error { return r.scanIDs(ctx, s, r.IDs) })
	if err == nil {
		err = r.scan(ctx, ScanQuarantine, r.scanQuarantine)
	}
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	r.reportOrders()
	if r.before.Checkpoint == nil {
		r.Logger.Info("Nothing is published", "why", "the history is not loaded yet")
		return nil
	}
	if r.before.Publication == nil {
		return nil
	}
	return r.publish(ctx, r.before.Publication.AsOf)
}

// scanIDs reads single orders by id. Stored ones that QTickets does not know any more are marked as vanished.
func (r *run) scanIDs(ctx context.Context, s *sink, ids []uint64) error {
	unknown, err := r.fetchOrders(ctx, s, ids)
	if err != nil {
		return err
	}
	var missing []uint64
	for _, id := range unknown {
		stored, err := r.store.OrderIDs(ctx, 0, id-1, id)
		if err != nil {
			return err
		}
		missing = append(missing, stored...)
	}
	return r.confirmVanished(ctx, s, missing)
}

// fetchOrders reads orders by their ids and gives those that QTickets does not know.
func (r *run) fetchOrders(ctx context.Context, s *sink, ids []uint64) (unknown []uint64, err error) {
	for _, id := range ids {
		found, err := r.fetchOrder(ctx, s, id)
		if err != nil {
			return nil, err
		}
		if !found {
			unknown = append(unknown, id)
		}
	}
	return unknown, nil
}

// maxIncompleteRows is how many orders a run reads by their ids because a list left out their tickets.
const maxIncompleteRows = 50

// completeRows reads orders by their ids whose rows in a list have no member baskets: nothing is known of their tickets
// then. The row stays as it is where that fails.
func (r *run) completeRows(ctx context.Context, rows []qtickets.Order) error {
	for i := range rows {
		if rows[i].HasBaskets || len(rows[i].Baskets) > 0 || r.incompleteRows >= maxIncompleteRows {
			continue
		}
		r.incompleteRows++
		whole, _, err := r.api.Order(ctx, rows[i].ID)
		switch {
		case err == nil:
			rows[i] = whole
		case !errors.Is(err, qtickets.ErrNotFound) && !errors.Is(err, qtickets.ErrInvalidRow):
			return err
		}
	}
	return nil
}

// fetchOrder reads one order by its id. found is false when QTickets does not know it.
func (r *run) fetchOrder(ctx context.Context, s *sink, id uint64) (found bool, err error) {
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
	return true, s.takeOrders(ctx, page)
}
