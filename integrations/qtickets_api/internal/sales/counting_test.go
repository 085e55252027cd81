package sales_test

import (
	"slices"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// TestCounting: whether each ticket of an order is in the published numbers, and why not.
func TestCounting(t *testing.T) {
	t.Parallel()
	unpaid := func(tickets ...qtickets.Basket) qtickets.Order {
		o := paid(tickets...)
		o.PayedAt, o.Payed = at(""), qtickets.Some(false)
		return o
	}
	replaced := func(o qtickets.Order) qtickets.Order {
		o.SecondaryOrders = qtickets.IDs{77}
		return o
	}
	deleted := func(b qtickets.Basket) qtickets.Basket {
		b.DeletedAt = at("2030-05-02T10:00:00Z")
		return b
	}
	refunded := func(b qtickets.Basket) qtickets.Basket {
		b.RefundedAt, b.RefundedAmount = at("2030-05-02T10:00:00Z"), part(b.Price)
		return b
	}
	for _, c := range []struct {
		name  string
		order qtickets.Order
		want  []sales.Counting
	}{
		{"paid", paid(ticket(1, "500"), ticket(2, "0")), []sales.Counting{sales.CountedSold, sales.CountedSold}},
		{"not paid", unpaid(ticket(1, "500"), deleted(ticket(2, "500"))), []sales.Counting{sales.NotPaid, sales.NotRefunded}},
		{"refunded and deleted", paid(refunded(ticket(1, "500")), deleted(ticket(2, "500"))),
			[]sales.Counting{sales.CountedRefunded, sales.NotRefunded}},
		{"replaced: its refunds stay its own",
			replaced(paid(ticket(1, "500"), refunded(ticket(2, "500")), deleted(ticket(3, "500")))),
			[]sales.Counting{sales.Replaced, sales.CountedRefunded, sales.NotRefunded}},
		{"season ticket", paid(linking(ticket(1, "1000"), 2, 3), ticket(2, "500"), ticket(3, "500")),
			[]sales.Counting{sales.SeasonTicket, sales.CountedSold, sales.CountedSold}},
		{"season ticket that alone has a price", paid(linking(ticket(1, "1000"), 2, 3), ticket(2, "0"), ticket(3, "0")),
			[]sales.Counting{sales.CountedSold, sales.SeasonTicketPart, sales.SeasonTicketPart}},
		{"cancelled season ticket", paid(deleted(linking(ticket(1, "1000"), 2)), ticket(2, "500")),
			[]sales.Counting{sales.NotRefunded, sales.CountedSold}},
		{"refunded season ticket", paid(refunded(linking(ticket(1, "1000"), 2)), refunded(ticket(2, "500"))),
			[]sales.Counting{sales.SeasonTicket, sales.CountedRefunded}},
		{"replaced season ticket", replaced(paid(linking(ticket(1, "1000"), 2), ticket(2, "500"))),
			[]sales.Counting{sales.Replaced, sales.Replaced}},
	} {
		var got []sales.Counting
		for _, ticket := range fromOrder(t, c.order).Tickets {
			got = append(got, ticket.Counting)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
