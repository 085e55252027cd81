package pipeline

import (
	"context"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// scanNew reads by descending id down to the last known one, or to the start of the window where nothing is known.
func (r *run) scanNew(ctx context.Context, s *sink) error {
	lastID := int64(r.orders.lastID)
	known := func(o qtickets.Order) bool {
		if lastID > 0 {
			return o.ID <= lastID
		}
		return r.plan.since != nil && o.CreatedAt.Valid && o.CreatedAt.Value.Before(*r.plan.since)
	}
	var total int64
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: pageSize}
	for page, err := range qtickets.Pages(ctx, r.api.Orders, q, 1, 0) {
		if err != nil {
			return err
		}
		total = page.Paging.Total
		page.Invalid = slices.DeleteFunc(page.Invalid, func(b qtickets.InvalidRow) bool { return b.ID > 0 && b.ID <= lastID })
		end := slices.IndexFunc(page.Rows, known)
		if end >= 0 {
			page.Rows = page.Rows[:end]
		}
		if err := s.takeOrders(ctx, page); err != nil {
			return err
		}
		if end >= 0 {
			break
		}
	}
	r.report.OrdersTotal = total
	return nil
}
