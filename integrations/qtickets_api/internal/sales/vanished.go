package sales

import (
	"slices"
	"time"
)

// Follow keeps of the earlier version of an order what the present one does not say any more. A ticket that is gone
// from its order without a trace is closed, not forgotten (API notes, section 8), and it brings nothing any more, not
// even a refund: what is published can be recomputed from the source. Where a refund took payed_at back, the sale
// stays at the moment that was known. at is when the order was seen so.
func (o *Order) Follow(earlier *Order, at time.Time) {
	if o.SaleAssumed && earlier.SaleTS != nil {
		o.SaleTS = earlier.SaleTS
	}
	for _, older := range earlier.PrimaryOrders { // a webhook names them, a list need not
		if !slices.Contains(o.PrimaryOrders, older) {
			o.PrimaryOrders = append(o.PrimaryOrders, older)
		}
	}
	for _, old := range earlier.Tickets {
		if slices.ContainsFunc(o.Tickets, func(t Ticket) bool { return t.TicketID == old.TicketID }) {
			continue
		}
		old.State, old.Counting, old.Amounts = Cancelled, Vanished, Amounts{}
		if old.DeletedAt == nil {
			at := at.Truncate(time.Second)
			old.DeletedAt = &at
		}
		o.Tickets = append(o.Tickets, old)
	}
}
