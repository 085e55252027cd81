package explain

import (
	"context"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// reasons are why a ticket does not count, in English and Russian.
var reasons = map[sales.Counting]struct{ en, ru string }{
	sales.NotPaid:     {"not paid", "не оплачен"},
	sales.NotRefunded: {"cancelled without a refund", "отменён без возврата денег"},
	sales.Vanished:    {"no longer in its order", "пропал из своего заказа"},
	sales.Replaced:    {"its order was replaced by another one, which counts", "заказ заменён другим, посчитан тот"},
	sales.SeasonTicket: {"season ticket: the tickets linked with it count",
		"абонемент: посчитаны связанные с ним билеты"},
	sales.SeasonTicketPart: {"part of a season ticket, which counts as a whole", "часть абонемента: он посчитан целиком"},
	sales.Elsewhere:        {"counted through another ticket or order", "учтён в другом билете или заказе"},
}

// Reason is why a ticket does not count, for a person; in Russian where lang is "ru", else in English. It is empty for
// a ticket that counts.
func Reason(c sales.Counting, lang string) string {
	if lang == "ru" {
		return reasons[c].ru
	}
	return reasons[c].en
}

// countings are what the rules decide about the tickets of orders, by order and ticket.
type countings map[uint64]map[uint64]sales.Counting

// countings applies the rules again to the orders of the slice that have a ticket which does not count.
func (r reader) countings(ctx context.Context) (countings, error) {
	byOrder := countings{}
	err := r.each(ctx, "payloads", func(scan func(...any) error) error {
		var id uint64
		var payload string
		if err := scan(&id, &payload); err != nil {
			return err
		}
		// A payload made by hand need not be readable: then the stored columns have to do.
		if order, err := sales.FromPayload([]byte(payload), ""); err == nil {
			byOrder[id] = make(map[uint64]sales.Counting, len(order.Tickets))
			for i := range order.Tickets {
				byOrder[id][order.Tickets[i].TicketID] = order.Tickets[i].Counting
			}
		}
		return nil
	})
	return byOrder, err
}

// of is whether a ticket counts, as the facts see it, and the exact reason when it does not.
func (c countings) of(t *Ticket, counted uint8) sales.Counting {
	stored := sales.StoredCounting(t.State, counted)
	tickets, known := c[t.OrderID]
	if stored.Counts() || !known {
		return stored
	}
	byRules, listed := tickets[t.TicketID]
	switch {
	case !listed && stored == sales.NotRefunded:
		return sales.Vanished
	case !listed || byRules.Counts(): // written by a release with other rules, or between the two reads
		return stored
	}
	return byRules
}
