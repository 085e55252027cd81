package pipeline

import (
	"context"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// countOnce decides what only several orders together can tell, before anything is published: which of them was
// replaced, and where a ticket counts that stands in two. It looks at the orders written since the last publication
// and at those that have to do with them, whichever run wrote them and in whatever order they were read.
func (r *run) countOnce(ctx context.Context) error {
	var since uint64
	if r.before.Publication != nil {
		since = r.before.Publication.Batch
	}
	changed, err := r.store.OrdersChangedSince(ctx, since)
	if err != nil || !changed {
		return err
	}
	related, err := r.store.RelatedOrders(ctx, since)
	if err != nil {
		return err
	}
	if stale := holdersOfTwins(related, r.report.StartedAt); len(stale) > 0 {
		r.Logger.Warn("Tickets stand in two orders: reading the other one again", "orders", stale)
		err := r.scan(ctx, ScanRelated, func(ctx context.Context, s *sink) error { return r.scanIDs(ctx, s, stale) })
		if err != nil {
			return err
		}
		if related, err = r.store.RelatedOrders(ctx, since); err != nil {
			return err
		}
	}
	differ, _ := countedOnce(related, r.report)
	r.report.RowsInserted += len(differ)
	r.observeTogether(differ)
	return r.store.RewriteOrders(ctx, differ, r.id)
}

// holdersOfTwins are the orders not read since a moment that count a ticket which another order holds too, whatever
// became of it there: a ticket that was moved and then cancelled counts nowhere.
func holdersOfTwins(stored []warehouse.StoredOrder, since time.Time) []uint64 {
	holders := map[uint64]int{}
	for i := range stored {
		for _, t := range stored[i].Row.Tickets {
			holders[t.TicketID]++
		}
	}
	var stale []uint64
	for i := range stored {
		counts := slices.ContainsFunc(stored[i].Row.Tickets, func(t sales.Ticket) bool {
			return holders[t.TicketID] > 1 && t.Counted == 1 && (t.State == sales.Sold || t.State == sales.Refunded)
		})
		if counts && stored[i].At.Before(since) {
			stale = append(stale, stored[i].Row.OrderID)
		}
	}
	slices.Sort(stale)
	return stale
}

// countedOnce derives related orders again from their payloads, decides what counts, and gives those whose stored
// rows say otherwise; derived has the ids of all that were looked at. A stored payload that cannot be read leaves its
// order as it is.
func countedOnce(related []warehouse.StoredOrder, report *Report) (
	differ []warehouse.Observed[sales.Order], derived map[uint64]bool,
) {
	derived = map[uint64]bool{}
	var rows []*sales.Order
	var stored []*warehouse.StoredOrder
	for i := range related {
		row, err := derive(&related[i])
		if err != nil {
			report.problem("order %d cannot be derived from its stored payload: %v", related[i].Row.OrderID, err)
			continue
		}
		derived[row.OrderID] = true
		rows, stored = append(rows, &row), append(stored, &related[i])
	}
	sales.CountOnce(rows)
	for i, row := range rows {
		if differs(row, stored[i]) {
			differ = append(differ, warehouse.Observed[sales.Order]{Row: *row, At: stored[i].At.Add(1)})
		}
	}
	return differ, derived
}

// derive applies the rules again to a stored order.
func derive(s *warehouse.StoredOrder) (sales.Order, error) {
	order, err := sales.FromPayload(s.Payload, s.BuyerHash)
	if err == nil {
		order.Follow(&s.Row, s.At)
	}
	return order, err
}

// differs tells whether what the rules make of an order is not what is stored.
func differs(derived *sales.Order, s *warehouse.StoredOrder) bool {
	return derived.ContentHash != s.Row.ContentHash || !sales.SameFacts(derived, &s.Row)
}
