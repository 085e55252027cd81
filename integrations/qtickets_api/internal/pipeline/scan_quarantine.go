package pipeline

import (
	"context"
	"maps"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// scanQuarantine reads orders again that an earlier run put into quarantine and this one has not met. As
// long as one stays there the facts lack it, and every run says so.
func (r *run) scanQuarantine(ctx context.Context, s *sink) error {
	var gone []uint64
	for _, id := range slices.Sorted(maps.Keys(r.quarantine.waiting[warehouse.FeedOrders])) {
		if id == 0 {
			continue
		}
		found, err := r.fetchOrder(ctx, s, id)
		if err != nil {
			return err
		}
		if !found {
			gone = append(gone, id)
		}
	}
	if err := r.release(ctx, warehouse.FeedOrders, gone...); err != nil {
		return err
	}
	r.reportWaiting()
	return nil
}

// reportWaiting makes the run partial as long as orders wait in quarantine that it has not met.
func (r *run) reportWaiting() {
	if n := len(r.quarantine.waiting[warehouse.FeedOrders]); n > 0 {
		r.report.problem("%d orders wait in quarantine since an earlier run", n)
	}
}
