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

// confirmVanished asks for each missing order by its id. One that QTickets does not know any more is marked as
// vanished: it counts no longer. One that it does know is taken as it is.
func (r *run) confirmVanished(ctx context.Context, s *sink, missing []uint64) error {
	if len(missing) == 0 {
		return nil
	}
	missing = slices.Compact(slices.Sorted(slices.Values(missing)))
	stored, err := r.store.CountOrders(ctx)
	if err != nil {
		return err
	}
	if len(missing) > tolerated(stored.Orders) && !r.AcceptLosses {
		return fmt.Errorf("%w: %d of %d, the first are %v: check that QTICKETS_TOKEN is still this organiser's; "+
			"if the orders are really gone, run \"qtickets_api reconcile --accept-losses\"",
			ErrLosses, len(missing), stored.Orders, missing[:min(5, len(missing))])
	}
	if err := r.proveAccount(ctx); err != nil {
		return err
	}
	if err := r.provesByID(ctx); err != nil {
		return err
	}
	asked := time.Now()
	gone, err := r.fetchOrders(ctx, s, missing)
	if err != nil {
		return err
	}
	if err := r.store.MarkVanished(ctx, gone, asked, r.id); err != nil {
		return err
	}
	s.scan.Vanished += len(gone)
	if len(gone) > 0 {
		r.report.RowsInserted += len(gone)
		r.Logger.Warn("Orders are gone from QTickets and count no more", "orders", len(gone), "first",
			gone[:min(10, len(gone))])
	}
	return nil
}

// provesByID proves that orders can be asked for by id at all, with one that is known to be there: without
// this proof "not found" proves nothing.
func (r *run) provesByID(ctx context.Context) error {
	page, err := r.api.Orders(ctx, qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: 1})
	if err != nil && !notHonoured(err) {
		return err
	}
	if len(page.Rows) == 0 {
		return nil // an empty list: nothing there can be asked for
	}
	if _, _, err := r.api.Order(ctx, page.Rows[0].ID); err != nil && !errors.Is(err, qtickets.ErrInvalidRow) {
		return fmt.Errorf("order %d is listed but cannot be read by its id, so missing orders cannot be checked: %w",
			page.Rows[0].ID, err)
	}
	return nil
}
