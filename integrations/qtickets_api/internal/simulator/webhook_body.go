package simulator

import "slices"

// orderEvent is a change of an order that the organiser's settings can send out (section 14).
type orderEvent struct {
	kind    string
	order   *order
	tickets []*ticket // refunded, checked or unchecked ones
}

// notify reports an order event to the listener; the caller holds the lock.
func (w *World) notify(kind string, o *order, tickets []*ticket) {
	if w.listener != nil {
		w.listener(orderEvent{kind, o, tickets})
	}
}

// trimmedKeys are the basket fields the documented sample lacks.
var trimmedKeys = []string{
	"seat_name", "checked_at", "refunded_at", "refunded_amount", "refunded_deduction_amount", "ticket_amount",
	"service_fee_amount", "pdf_url", "passbook_url",
}

// webhookBody is the order without the data wrapper, with the keys only webhooks have.
func webhookBody(e orderEvent, trim bool) []byte {
	p := phpWriter{offset: moscowOffset}
	p.appendOrder(e.order, true)
	n := mustParse(p.b)
	n.set("primary_orders", shortOrders(e.order.primary))
	n.set("secondary_orders", shortOrders(e.order.secondary))
	switch e.kind {
	case "refunded":
		list := &node{kind: '['}
		for _, t := range e.tickets {
			list.children = append(list.children, ticketNode(t))
		}
		n.set("refunded_baskets", list)
	case "checked":
		n.set("checked_basket", ticketNode(e.tickets[0]))
	case "unchecked":
		n.set("unchecked_basket", ticketNode(e.tickets[0]))
	}
	if trim {
		trimBaskets(n)
	}
	return n.appendTo(nil)
}

func ticketNode(t *ticket) *node {
	p := phpWriter{offset: moscowOffset}
	p.appendTicket(t)
	return mustParse(p.b)
}

// shortOrders is the short form of replacement links (section 8).
func shortOrders(orders []*order) *node {
	list := &node{kind: '['}
	for _, o := range orders {
		p := phpWriter{offset: moscowOffset}
		p.appendOrder(o, false)
		list.children = append(list.children, mustParse(p.b).project([]string{
			"id", "uniqid", "payed", "payed_at", "price", "original_price", "currency_id", "created_at", "updated_at",
			"deleted_at",
		}))
	}
	return list
}

func trimBaskets(order *node) {
	for _, t := range order.get("baskets").children {
		kept := &node{kind: '{'}
		for i, key := range t.keys {
			if !slices.Contains(trimmedKeys, key) {
				kept.add(key, t.children[i])
			}
		}
		*t = *kept
	}
}

// mustParse reads JSON this package wrote; anything else is a bug here.
func mustParse(text []byte) *node {
	n, err := parseTree(text)
	if err != nil {
		panic("simulator wrote broken JSON: " + err.Error())
	}
	return n
}
