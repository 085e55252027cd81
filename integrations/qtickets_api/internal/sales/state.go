package sales

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// State is what became of a ticket. It follows from three timestamps of the ticket and its order,
// never from "payed" alone and never from "the amount is not null": cancelled tickets carry zeros
// there (API notes, sections 7.2 and 8).
type State string

// The states of a ticket.
const (
	Held      State = "held"      // reserved, not paid yet
	Sold      State = "sold"      // paid and alive
	Refunded  State = "refunded"  // refunded, wholly or in part
	Cancelled State = "cancelled" // deleted or expired without a refund
)

// payment is when an order was paid, if it was. A refund proves a payment even where QTickets took payed_at back
// with it (API notes, section 8). The moment is then assumed: an order is paid minutes after its creation.
func payment(o *qtickets.Order) (at qtickets.Opt[time.Time], assumed bool) {
	if o.PayedAt.Valid {
		return o.PayedAt, false
	}
	for i := range o.Baskets {
		if o.Baskets[i].RefundedAt.Valid {
			return o.CreatedAt, true
		}
	}
	return at, false
}

func stateOf(o *qtickets.Order, b *qtickets.Basket, paid bool) State {
	switch {
	case b.RefundedAt.Valid:
		return Refunded
	case o.DeletedAt.Valid || b.DeletedAt.Valid:
		return Cancelled
	case paid:
		return Sold
	default:
		return Held
	}
}

// Amounts is the money of one ticket in hundredths of the order's currency unit.
// Gross = Refunded + Revenue, always; held and cancelled tickets bring nothing.
type Amounts struct {
	Gross    qtickets.Money // paid for the ticket
	Refunded qtickets.Money // given back
	Revenue  qtickets.Money // kept
}
