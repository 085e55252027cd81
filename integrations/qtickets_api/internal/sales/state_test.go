package sales_test

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Every combination of the four timestamps; "payed" itself decides nothing.
func TestStates(t *testing.T) {
	t.Parallel()
	const y, n = true, false
	for _, c := range []struct {
		payed, orderDeleted, ticketDeleted, refunded bool
		want                                         sales.State
	}{
		{n, n, n, n, sales.Held},
		{n, n, y, n, sales.Cancelled},
		{n, y, n, n, sales.Cancelled},
		{n, y, y, n, sales.Cancelled},
		{y, n, n, n, sales.Sold},
		{y, n, y, n, sales.Cancelled},
		{y, y, n, n, sales.Cancelled},
		{y, y, y, n, sales.Cancelled},
		{y, n, n, y, sales.Refunded},
		{y, n, y, y, sales.Refunded},
		{y, y, n, y, sales.Refunded},
		{y, y, y, y, sales.Refunded},
		{n, n, n, y, sales.Refunded},
		{n, n, y, y, sales.Refunded},
		{n, y, n, y, sales.Refunded},
		{n, y, y, y, sales.Refunded},
	} {
		for _, flag := range []qtickets.Opt[bool]{{}, qtickets.Some(false), qtickets.Some(true)} {
			if flag.Value && !c.payed {
				continue // payed without payed_at is TestQuarantine's
			}
			b := ticket(60000001, "900")
			b.DeletedAt = when(c.ticketDeleted, "2030-05-03T10:00:00+03:00")
			b.RefundedAt = when(c.refunded, "2030-05-03T10:00:00+03:00")
			b.RefundedAmount = fine("0") // "not null" on deleted unpaid tickets too, and no sign of a refund
			b.RefundedDeductionAmount = fine("0")
			order := paid(b)
			order.Payed = flag
			order.PayedAt = when(c.payed, "2030-05-01T12:02:10+03:00")
			order.DeletedAt = when(c.orderDeleted, "2030-05-03T10:00:00+03:00")
			got := sales.State("")
			if row, err := sales.FromOrder(order, nil); err == nil {
				got = row.Tickets[0].State
			}
			if got != c.want {
				t.Errorf("%+v with payed %+v: state %q", c, flag, got)
			}
		}
	}
}

// One ticket, all its money. want is gross, refunded, revenue; none of them when the order belongs into
// quarantine.
func TestMoney(t *testing.T) {
	t.Parallel()
	unpaid := func(b qtickets.Basket) qtickets.Order {
		order := paid(b)
		order.Payed, order.PayedAt = qtickets.Some(false), at("")
		return order
	}
	gone := func(b qtickets.Basket) qtickets.Basket {
		b.DeletedAt = at("2030-05-03T10:00:00+03:00")
		b.TicketAmount, b.RefundedAmount, b.RefundedDeductionAmount = money("0"), fine("0"), fine("0")
		return b
	}
	deleted := func(order qtickets.Order) qtickets.Order {
		order.DeletedAt = at("2030-05-03T10:00:00+03:00")
		return order
	}
	type amounts [3]string
	nothing := amounts{"0.00", "0.00", "0.00"}
	for _, c := range []struct {
		name  string
		order qtickets.Order
		want  amounts
	}{
		{"held brings nothing yet", unpaid(ticket(1, "900")), nothing},
		{"sold", paid(ticket(1, "900")), amounts{"900.00", "0.00", "900.00"}},
		{"sold with kopecks", paid(ticket(1, "64.32")), amounts{"64.32", "0.00", "64.32"}},
		{"sold for one kopeck", paid(ticket(1, "0.01")), amounts{"0.01", "0.00", "0.01"}},
		{"free", paid(ticket(1, "0")), nothing},
		{"payed says no, payed_at says yes", func() qtickets.Order {
			o := paid(ticket(1, "900"))
			o.Payed = qtickets.Some(false)
			return o
		}(), amounts{"900.00", "0.00", "900.00"}},
		{"expired", deleted(unpaid(gone(ticket(1, "900")))), nothing},
		{"ticket deleted from a paid order", paid(gone(ticket(1, "900"))), nothing},
		{"paid order deleted", deleted(paid(ticket(1, "900"))), nothing},

		{"all returned", paid(refunded(1, "900", "900", "0")), amounts{"900.00", "900.00", "0.00"}},
		{"only returned is named", paid(refunded(1, "900", "600", "")), amounts{"900.00", "600.00", "300.00"}},
		{"only kept is named", paid(refunded(1, "900", "", "300")), amounts{"900.00", "600.00", "300.00"}},
		{"both are named", paid(refunded(1, "900", "600", "300")), amounts{"900.00", "600.00", "300.00"}},
		{"nothing returned", paid(refunded(1, "900", "0", "900")), amounts{"900.00", "0.00", "900.00"}},
		{"kopecks", paid(refunded(1, "1000.55", "900.50", "100.05")), amounts{"1000.55", "900.50", "100.05"}},
		{"one kopeck kept", paid(refunded(1, "0.03", "0.02", "")), amounts{"0.03", "0.02", "0.01"}},
		{"price lowered to the kept part", paid(refunded(1, "300", "600", "300")), amounts{"900.00", "600.00", "300.00"}},
		{"price lowered to nothing", paid(refunded(1, "0", "900", "0")), amounts{"900.00", "900.00", "0.00"}},
		{"price equals both parts", paid(refunded(1, "600", "300", "300")), amounts{"600.00", "300.00", "300.00"}},
		{"free ticket returned", paid(refunded(1, "0", "0", "0")), nothing},
		{"parts that do not add up: the returned one counts", paid(refunded(1, "900", "600", "250")),
			amounts{"900.00", "600.00", "300.00"}},
		{"refund with the ticket deleted too", paid(func() qtickets.Basket {
			b := refunded(1, "900", "600", "300")
			b.DeletedAt = b.RefundedAt
			return b
		}()), amounts{"900.00", "600.00", "300.00"}},
		{"refund with the order deleted too", deleted(paid(refunded(1, "900", "600", "300"))),
			amounts{"900.00", "600.00", "300.00"}},

		{"more returned than paid: a fee came back with it", paid(refunded(1, "900", "950", "")),
			amounts{"900.00", "900.00", "0.00"}},
		{"more kept than paid", paid(refunded(1, "900", "", "900.01")), amounts{}},
		{"less than nothing returned", paid(refunded(1, "900", "-1", "")), amounts{}},
		{"less than nothing kept: the same", paid(refunded(1, "900", "", "-50")), amounts{"900.00", "900.00", "0.00"}},
		{"refund without an amount", paid(refunded(1, "900", "", "")), amounts{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			row, err := sales.FromOrder(c.order, nil)
			var got amounts
			if err == nil {
				b := row.Tickets[0]
				got = amounts{b.Gross.String(), b.Refunded.String(), b.Revenue.String()}
			} else if !says(err.Error(), "orders[5000001].baskets[0].refunded_amount: ") {
				t.Errorf("the reason does not name the field: %v", err)
			}
			if got != c.want {
				t.Errorf("gross, refunded, revenue %v, want %v (%v)", got, c.want, err)
			}
		})
	}
}
