package sales

import "dashboard-mvp/integrations/qtickets_api/internal/qtickets"

// Anomalies an order can carry (API notes, section 18, rows 8 and 9): the money is still certain, but
// a rule that every order seen so far followed is broken here, so a person should look.
const (
	AnomalyPriceSum = "price_sum" // order.price is not the sum of its tickets' prices
	// a live ticket's ticket_amount is neither price nor price minus the service fee
	AnomalyTicketAmount  = "ticket_amount"
	AnomalyQuantity      = "quantity"       // a ticket row stands for several tickets
	AnomalyPayedFlag     = "payed_flag"     // payed is false although payed_at is set
	AnomalyRefundPrice   = "refund_price"   // price, refunded and kept part do not add up
	AnomalyUnknownShapes = "unknown_shapes" // add-on services, whose money is not known
)

func anomalies(o *qtickets.Order, tickets []Ticket) []string {
	found := []string{}
	add := func(when bool, name string) {
		if when {
			found = append(found, name)
		}
	}
	var sum qtickets.Money
	var amount, quantity, refund, services bool
	for i := range o.Baskets {
		b, t := &o.Baskets[i], &tickets[i]
		sum += b.Price.Value
		quantity = quantity || t.Quantity != 1
		services = services || b.Services > 0
		if t.State == Sold && b.TicketAmount.Valid {
			amount = amount || (b.TicketAmount.Value != t.Price && b.TicketAmount.Value+b.ServiceFeeAmount.Value != t.Price)
		}
		if t.State == Refunded && b.RefundedAmount.Valid && b.RefundedDeductionAmount.Valid {
			refund = refund || kopecks(b.RefundedAmount).Value+kopecks(b.RefundedDeductionAmount).Value != b.Price.Value
		}
	}
	add(o.Price.Valid && o.Price.Value != sum, AnomalyPriceSum)
	add(amount, AnomalyTicketAmount)
	add(quantity, AnomalyQuantity)
	add(o.PayedAt.Valid && o.Payed.Valid && !o.Payed.Value, AnomalyPayedFlag)
	add(refund, AnomalyRefundPrice)
	add(services, AnomalyUnknownShapes)
	return found
}
