package sales

import (
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Anomalies an order can carry (API notes, sections 8 and 18, rows 8 and 9): what is counted is certain, but a rule
// that orders follow is broken here, so a person should look.
const (
	AnomalyPriceSum = "price_sum" // order.price is not the sum of its tickets' prices
	// a live ticket's ticket_amount is neither price nor price minus the service fee
	AnomalyTicketAmount    = "ticket_amount"
	AnomalyServiceFee      = "service_fee"        // a ticket's price holds a service fee, which revenue then holds too
	AnomalyQuantity        = "quantity"           // a ticket row stands for several tickets
	AnomalyPayedFlag       = "payed_flag"         // payed is false although payed_at is set
	AnomalyPayedAt         = "payed_at"           // refunded without payed_at: the moment of the sale is assumed
	AnomalyNoTickets       = "no_tickets"         // a paid order has no tickets
	AnomalyRefundPrice     = "refund_price"       // price, refunded and kept part do not add up
	AnomalyRefundAbove     = "refund_above_price" // more was returned than the ticket cost: the price counts
	AnomalyRefundSum       = "refund_sum"         // the order's refunds are not what its tickets got back
	AnomalyRefundUntold    = "refund_untold"      // refunds are listed, but no ticket is refunded
	AnomalyCancelledMoney  = "cancelled_money"    // money returned or kept on a ticket that is not refunded
	AnomalySeasonElsewhere = "season_elsewhere"   // linked with tickets of another order: both may count
	AnomalyReplacedAlive   = "replaced_alive"     // another order replaces this one, which does not say so
	AnomalyTicketTwice     = "ticket_twice"       // a ticket also stands in another order, which counts it
	AnomalyUnknownShapes   = "unknown_shapes"     // add-on services, whose money is not known
	AnomalyUnreadField     = "unread_field"       // fields no figure needs came unreadable; payload_json names them
)

func anomalies(o *qtickets.Order, row *Order) []string {
	found := []string{}
	add := func(when bool, name string) {
		if when && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	var sum, back qtickets.Money
	refunds := len(o.Refunds) > 0
	ids := map[int64]bool{} // of its tickets, where one links others
	if len(mainsFirst(o.Baskets)) > 0 {
		for i := range o.Baskets {
			ids[o.Baskets[i].ID] = true
		}
	}
	for i := range o.Baskets {
		b, t := &o.Baskets[i], &row.Tickets[i]
		sum += b.Price.Value
		back += t.Refunded
		refunds = refunds || b.Refunds > 0
		add(slices.ContainsFunc(b.RelatedBaskets, func(id int64) bool { return !ids[id] }), AnomalySeasonElsewhere)
		add(t.Quantity != 1, AnomalyQuantity)
		add(b.Services > 0, AnomalyUnknownShapes)
		switch t.State {
		case Sold:
			ticketAmount(b, add)
		case Refunded:
			refundAmounts(b, add)
		}
		add(t.State != Refunded && (b.RefundedAmount.Value != 0 || b.RefundedDeductionAmount.Value != 0),
			AnomalyCancelledMoney)
	}
	add(o.Price.Valid && o.Price.Value != sum, AnomalyPriceSum)
	add(o.PayedAt.Valid && o.Payed.Valid && !o.Payed.Value, AnomalyPayedFlag)
	add(row.SaleAssumed, AnomalyPayedAt)
	add(row.SaleTS != nil && len(o.Baskets) == 0, AnomalyNoTickets)
	add(refunds && !hasState(row.Tickets, Refunded), AnomalyRefundUntold)
	listed, known := listedRefunds(o)
	add(known && listed != back && hasState(row.Tickets, Refunded), AnomalyRefundSum)
	add(len(o.Unread) > 0, AnomalyUnreadField)
	slices.Sort(found)
	return found
}

// ticketAmount looks at what a live ticket says beside its price.
func ticketAmount(b *qtickets.Basket, add func(when bool, name string)) {
	withFee := b.TicketAmount.Value + b.ServiceFeeAmount.Value
	add(b.TicketAmount.Valid && b.TicketAmount.Value != b.Price.Value && withFee != b.Price.Value, AnomalyTicketAmount)
	add(b.TicketAmount.Valid && b.ServiceFeeAmount.Value > 0 && withFee == b.Price.Value, AnomalyServiceFee)
}

// refundAmounts looks whether the parts of a refund make the price. A kopeck more or less is rounding.
func refundAmounts(b *qtickets.Basket, add func(when bool, name string)) {
	back, kept := kopecks(b.RefundedAmount), kopecks(b.RefundedDeductionAmount)
	difference := back.Value + kept.Value - b.Price.Value
	add(back.Valid && kept.Valid && (difference < -1 || difference > 1), AnomalyRefundPrice)
	add(back.Value > b.Price.Value+1 && kept.Value <= 0, AnomalyRefundAbove)
	add(!back.Valid && kept.Value < 0, AnomalyRefundAbove)
}

func hasState(tickets []Ticket, s State) bool {
	return slices.ContainsFunc(tickets, func(t Ticket) bool { return t.State == s })
}
