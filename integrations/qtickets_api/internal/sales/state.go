package sales

import (
	"fmt"

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

func stateOf(o *qtickets.Order, b *qtickets.Basket) State {
	switch {
	case b.RefundedAt.Valid:
		return Refunded
	case o.DeletedAt.Valid || b.DeletedAt.Valid:
		return Cancelled
	case o.PayedAt.Valid:
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

func amountsOf(s State, b *qtickets.Basket) (Amounts, error) {
	switch s {
	case Sold:
		return Amounts{Gross: b.Price.Value, Revenue: b.Price.Value}, nil
	case Refunded:
		return refundOf(b)
	default:
		return Amounts{}, nil
	}
}

// refundOf splits the price of a refunded ticket. The caller of the API names either the part to
// return or the part to keep and the API derives the other (API notes, section 8), so one of them is enough.
// Whether the API lowers the ticket's price to the kept part is unknown (API notes, section 18, row 7): a price
// that equals the kept part, not the sum of both, has been lowered.
func refundOf(b *qtickets.Basket) (Amounts, error) {
	price, back, kept := b.Price.Value, kopecks(b.RefundedAmount), kopecks(b.RefundedDeductionAmount)
	switch {
	case !back.Valid && !kept.Valid:
		return Amounts{}, fmt.Errorf("refunded_amount: a refunded ticket without an amount")
	case !back.Valid:
		back = qtickets.Some(price - kept.Value)
	case kept.Valid && price == kept.Value && back.Value > 0 && price != back.Value+kept.Value:
		price = back.Value + kept.Value
	}
	if back.Value < 0 || back.Value > price || price > maxPrice {
		return Amounts{}, fmt.Errorf("refunded_amount: %s of a price of %s", back.Value, price)
	}
	return Amounts{Gross: price, Refunded: back.Value, Revenue: price - back.Value}, nil
}

// kopecks is the nearest kopeck of a part of a refund.
func kopecks(part qtickets.Opt[qtickets.Fine]) qtickets.Opt[qtickets.Money] {
	nearest, _ := part.Value.Money()
	return qtickets.Opt[qtickets.Money]{Value: nearest, Valid: part.Valid}
}
