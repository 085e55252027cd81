package sales

import (
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// countReplacedOnce leaves out what was sold in an order that another one replaces (secondary_orders: API
// notes, section 8): the new order sells the same. Seen so far, the replaced order is cancelled too;
// whether that always is so is unknown.
func countReplacedOnce(o *qtickets.Order, tickets []Ticket, elsewhere []Counting) {
	if len(o.SecondaryOrders) == 0 {
		return
	}
	for i := range tickets {
		if tickets[i].State == Sold {
			elsewhere[i] = Replaced
		}
	}
}

// primaries are the older orders that an order replaces, as it says itself (primary_orders: API notes, section 8). The
// replaced order need not say so, and it may stay paid and alive. The new one has the greater id, so that two orders
// cannot replace each other.
func primaries(o *qtickets.Order) []uint64 {
	var older []uint64
	for _, id := range o.PrimaryOrders {
		if id > 0 && id < o.ID && !slices.Contains(older, uint64(id)) {
			older = append(older, uint64(id))
		}
	}
	return older
}

// CountOnce decides what only several orders together can tell. What was sold in an order does not count when another
// one that brings a sale replaces it, and a ticket that counts in several of them counts in the newest, the one with
// the greatest id. The orders are as FromOrder and Follow made them, with all that have to do with each other.
func CountOnce(orders []*Order) {
	leaveOut := func(o *Order, t *Ticket, why Counting, anomaly string) {
		t.Counted, t.Counting = 0, why
		if !slices.Contains(o.Anomalies, anomaly) {
			o.Anomalies = append(o.Anomalies, anomaly)
			slices.Sort(o.Anomalies)
		}
	}
	replaced := map[uint64]bool{}
	for _, o := range orders {
		if hasState(o.Tickets, Sold) || hasState(o.Tickets, Refunded) {
			for _, older := range o.PrimaryOrders {
				replaced[older] = true
			}
		}
	}
	newest := map[uint64]uint64{} // by ticket: the order in which it counts
	for _, o := range orders {
		for i := range o.Tickets {
			t := &o.Tickets[i]
			if replaced[o.OrderID] && t.Counting == CountedSold {
				leaveOut(o, t, Replaced, AnomalyReplacedAlive)
			}
			if t.Counting.Counts() {
				newest[t.TicketID] = max(newest[t.TicketID], o.OrderID)
			}
		}
	}
	for _, o := range orders {
		for i := range o.Tickets {
			if t := &o.Tickets[i]; t.Counting.Counts() && newest[t.TicketID] != o.OrderID {
				leaveOut(o, t, Elsewhere, AnomalyTicketTwice)
			}
		}
	}
	forgetMoved(orders)
}

// forgetMoved takes tickets that vanished from one order out of it when another one holds them: they moved.
func forgetMoved(orders []*Order) {
	held := map[uint64]bool{}
	for _, o := range orders {
		for i := range o.Tickets {
			if o.Tickets[i].Counting != Vanished {
				held[o.Tickets[i].TicketID] = true
			}
		}
	}
	for _, o := range orders {
		o.Tickets = slices.DeleteFunc(o.Tickets, func(t Ticket) bool { return t.Counting == Vanished && held[t.TicketID] })
	}
}
