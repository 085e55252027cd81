package sales

import (
	"cmp"
	"fmt"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// amountsOf is the money of a ticket; back is what was returned for it, if it was refunded.
func amountsOf(s State, b *qtickets.Basket, back qtickets.Money) (Amounts, error) {
	switch s {
	case Sold:
		return Amounts{Gross: b.Price.Value, Revenue: b.Price.Value}, nil
	case Refunded:
		return refundOf(b, back)
	default:
		return Amounts{}, nil
	}
}

// refundOf splits the price of a refunded ticket. Whether the API lowers the ticket's price to the kept part is unknown
// (API notes, section 18, row 7): a price that equals the kept part, not the sum of both, has been lowered. What is
// returned above the price is no money of the ticket, but a fee given back with it: it is left out, with an anomaly.
func refundOf(b *qtickets.Basket, back qtickets.Money) (Amounts, error) {
	price, kept := b.Price.Value, kopecks(b.RefundedDeductionAmount)
	if !b.RefundedAmount.Valid && !kept.Valid {
		return Amounts{}, fmt.Errorf("refunded_amount: a refunded ticket without an amount")
	}
	if b.RefundedAmount.Valid && kept.Valid && price == kept.Value && back > 0 && price != back+kept.Value {
		price = back + kept.Value
	}
	if back < 0 || back > maxPrice || price > maxPrice {
		return Amounts{}, fmt.Errorf("refunded_amount: %s of a price of %s", back, price)
	}
	back = min(back, price)
	return Amounts{Gross: price, Refunded: back, Revenue: price - back}, nil
}

// kopecks is the nearest kopeck of a part of a refund.
func kopecks(part qtickets.Opt[qtickets.Fine]) qtickets.Opt[qtickets.Money] {
	nearest, _ := part.Value.Money()
	return qtickets.Opt[qtickets.Money]{Value: nearest, Valid: part.Valid}
}

// part is what one ticket got back of a refund: whole kopecks and a rest of less than one.
type part struct {
	basket int // its index in the order
	id     int64
	whole  qtickets.Money
	rest   qtickets.Fine
}

// returned is what was given back for each ticket of an order, by its index, in whole kopecks. The caller of the API
// names the amount to return or the amount to keep of one refund, and QTickets splits it over the tickets by their
// prices (API notes, section 8): the parts of one refund add up to whole kopecks, and those of an order to the
// amounts of its refunds, where the API lists them.
func returned(o *qtickets.Order) []qtickets.Money {
	back := make([]qtickets.Money, len(o.Baskets))
	var all []part
	var sum qtickets.Money
	for _, parts := range refunds(o) {
		roundTogether(parts)
		for _, p := range parts {
			back[p.basket] = p.whole
			sum += p.whole
		}
		all = append(all, parts...)
	}
	if listed, known := listedRefunds(o); known {
		spread(back, all, listed-sum)
	}
	return back
}

// refunds are the parts of each refund of an order. Those of one refund share its moment; where they are not whole
// kopecks together, the refund goes on in the next moment.
func refunds(o *qtickets.Order) (operations [][]part) {
	var refunded []int
	for i := range o.Baskets {
		if o.Baskets[i].RefundedAt.Valid {
			refunded = append(refunded, i)
		}
	}
	at := func(i int) int64 { return o.Baskets[i].RefundedAt.Value.Unix() }
	slices.SortStableFunc(refunded, func(a, b int) int { return cmp.Compare(at(a), at(b)) })
	var parts []part
	for n, i := range refunded {
		parts = append(parts, partOf(i, &o.Baskets[i]))
		last := n == len(refunded)-1
		if last || at(refunded[n+1]) != at(i) && wholeKopecks(parts) {
			operations, parts = append(operations, parts), nil
		}
	}
	return operations
}

// wholeKopecks tells whether parts are whole kopecks together, but for what is lost by writing them with decimals.
func wholeKopecks(parts []part) bool {
	var rests qtickets.Fine
	for _, p := range parts {
		rests += p.rest
	}
	nearest, _ := rests.Money()
	away := rests - qtickets.Fine(nearest)*qtickets.FinePerKopeck
	return max(away, -away) <= qtickets.Fine(len(parts))*qtickets.FinePerKopeck/1000
}

func partOf(i int, b *qtickets.Basket) part {
	amount := b.RefundedAmount.Value
	whole := amount / qtickets.FinePerKopeck
	rest := amount % qtickets.FinePerKopeck
	p := part{basket: i, id: b.ID, whole: qtickets.Money(whole), rest: rest}
	if !b.RefundedAmount.Valid && b.RefundedDeductionAmount.Valid {
		kept := b.RefundedDeductionAmount.Value
		p.whole = b.Price.Value - qtickets.Money(kept/qtickets.FinePerKopeck)
		p.rest = -(kept % qtickets.FinePerKopeck)
	}
	if p.rest < 0 {
		p.whole--
		p.rest += qtickets.FinePerKopeck
	}
	return p
}

// roundTogether makes the parts of one refund whole kopecks that add up to the nearest kopeck of their sum: the largest
// rests are rounded up.
func roundTogether(parts []part) {
	var rests qtickets.Fine
	for _, p := range parts {
		rests += p.rest
	}
	up, _ := rests.Money()
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(b.rest, a.rest), cmp.Compare(a.id, b.id)) })
	for i := range parts {
		if i < int(up) {
			parts[i].whole++
		}
	}
}

// listedRefunds is the sum of the amounts that the order lists for its refunds; known when it lists them all.
func listedRefunds(o *qtickets.Order) (sum qtickets.Money, known bool) {
	for _, amount := range o.Refunds {
		whole, exact := amount.Value.Money()
		if !amount.Valid || !exact || whole < 0 || whole > maxPrice {
			return 0, false
		}
		sum += whole
	}
	return sum, len(o.Refunds) > 0
}

// spread gives a difference of at most a kopeck for each part, which rounding left, to the greatest parts. A greater
// one has another reason.
func spread(back []qtickets.Money, parts []part, difference qtickets.Money) {
	step := qtickets.Money(1)
	if difference < 0 {
		step = -1
	}
	if difference*step > qtickets.Money(len(parts)) {
		return
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(b.whole, a.whole), cmp.Compare(a.id, b.id)) })
	for _, p := range parts[:difference*step] {
		back[p.basket] += step
	}
}
