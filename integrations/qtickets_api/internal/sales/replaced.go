package sales

import "dashboard-mvp/integrations/qtickets_api/internal/qtickets"

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
