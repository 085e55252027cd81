package pipeline

import (
	"context"
	"errors"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// scanTries is how often a list is read that changes while it is read.
const scanTries = 3

// scanChanged reads what was updated since the window's start. Rows only enter this list while it is
// read (updated_at grows), but a row that enters on a page already read is seen only by reading again.
func (r *run) scanChanged(ctx context.Context, s *sink) error {
	q := qtickets.Query{
		Where:   []qtickets.Condition{{Column: "updated_at", Operator: ">=", Value: r.plan.since.UTC()}},
		OrderBy: []qtickets.Sort{qtickets.Asc("id")},
		PerPage: pageSize,
		Dates:   r.report.Probe.timeFormat(),
	}
	return r.untilComplete(func() error {
		for page, err := range qtickets.Pages(ctx, r.api.Orders, q, r.InFlight, 0) {
			if err != nil {
				return err
			}
			if err := s.takeOrders(ctx, page); err != nil {
				return err
			}
			r.progress("orders", int64(r.orders.orders), int64(r.orders.orders)+page.Paging.Total)
		}
		return nil
	})
}

// untilComplete reads a list again that changed while it was read, a few times.
func (r *run) untilComplete(read func() error) error {
	var err error
	for range scanTries {
		if err = read(); !errors.Is(err, qtickets.ErrIncomplete) {
			return err
		}
		if r.tolerates(err) {
			return nil
		}
	}
	return err
}
