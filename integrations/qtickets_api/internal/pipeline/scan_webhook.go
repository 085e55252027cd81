package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// worthAPage is how many announced orders a page of the newest orders must hold to be cheaper than asking one by one.
const worthAPage = 4

// readAnnounced reads the orders of Options.IDs and publishes when one had changed, under the moment of the publication
// before. What waits in quarantine since an earlier run is left to the next load.
func (r *run) readAnnounced(ctx context.Context) error {
	err := r.scan(ctx, ScanWebhook, func(ctx context.Context, s *sink) error {
		left, err := r.scanNewest(ctx, s, r.IDs)
		if err != nil {
			return err
		}
		return r.scanIDs(ctx, s, left)
	})
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	r.reportWaiting()
	r.reportOrders()
	if r.before.Publication == nil {
		return nil
	}
	changed, err := r.store.OrdersChangedSince(ctx, r.before.Publication.Batch)
	if err != nil || !changed {
		return err
	}
	return r.publish(ctx, r.before.Publication.AsOf)
}

// scanNewest reads pages of the newest orders as long as that is cheaper than reading the wanted ones by their
// ids, and returns those that are left. After a start of sales a page holds a hundred of them.
func (r *run) scanNewest(ctx context.Context, s *sink, ids []uint64) (left []uint64, err error) {
	wanted := map[uint64]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	if len(wanted) < worthAPage {
		return ids, nil
	}
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: pageSize}
	for page, err := range qtickets.Pages(ctx, r.api.Orders, q, 1) {
		if notHonoured(err) { // one by one, then
			break
		}
		if err != nil {
			return nil, err
		}
		if err := r.provePage(ctx, page); err != nil {
			return nil, err
		}
		before := len(wanted)
		for i := range page.Rows {
			delete(wanted, uint64(page.Rows[i].ID))
		}
		for _, invalid := range page.Invalid {
			delete(wanted, uint64(max(invalid.ID, 0)))
		}
		if err := s.takeOrders(ctx, page); err != nil {
			return nil, err
		}
		if len(wanted) < worthAPage || before-len(wanted) < worthAPage {
			break
		}
	}
	return slices.Sorted(maps.Keys(wanted)), nil
}
