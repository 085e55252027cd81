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
// replaced order need not say so, and it may stay paid and alive.
func primaries(o *qtickets.Order) []uint64 {
	var older []uint64
	for _, id := range o.PrimaryOrders {
		if id > 0 && id != o.ID && !slices.Contains(older, uint64(id)) {
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
	replaced := replacedOrders(orders)
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

// replacedOrders are those after which another one brings a sale: the one that replaces it, or one that replaces that
// one in turn. Of orders that replace each other in a circle the greatest id stands.
func replacedOrders(orders []*Order) map[uint64]bool {
	successors, brings := map[uint64][]uint64{}, map[uint64]bool{}
	for _, o := range orders {
		brings[o.OrderID] = hasState(o.Tickets, Sold) || hasState(o.Tickets, Refunded)
		for _, older := range o.PrimaryOrders {
			successors[older] = append(successors[older], o.OrderID)
		}
	}
	replaced := map[uint64]bool{}
	for older := range successors {
		for later := range after(older, successors) {
			circle := after(later, successors)[older]
			if brings[later] && later != older && (!circle || later > older) {
				replaced[older] = true
			}
		}
	}
	return replaced
}

// after are all orders that replace an order, directly or in turn; in a circle the order itself is among them.
func after(order uint64, successors map[uint64][]uint64) map[uint64]bool {
	met := map[uint64]bool{}
	for open := successors[order]; len(open) > 0; open = open[1:] {
		if !met[open[0]] {
			met[open[0]] = true
			open = append(open, successors[open[0]]...)
		}
	}
	return met
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
