package sales_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// numbered is an order with another id.
func numbered(id int64, o qtickets.Order) qtickets.Order {
	o.ID = id
	return o
}

// countOnce derives orders and decides what only they together can tell; counting is by order and ticket.
func countOnce(t rapid.TB, orders ...qtickets.Order) (
	rows []*sales.Order, counting map[uint64]map[uint64]sales.Counting,
) {
	t.Helper()
	for _, o := range orders {
		row := fromOrder(t, o)
		rows = append(rows, &row)
	}
	sales.CountOnce(rows)
	counting = map[uint64]map[uint64]sales.Counting{}
	for _, row := range rows {
		counting[row.OrderID] = map[uint64]sales.Counting{}
		for _, ticket := range row.Tickets {
			elsewhere := ticket.Counting == sales.Replaced || ticket.Counting == sales.Elsewhere
			if elsewhere != (ticket.Counted == 0) {
				t.Errorf("ticket %d of order %d: counting %d, stored %d", ticket.TicketID, row.OrderID, ticket.Counting,
					ticket.Counted)
			}
			counting[row.OrderID][ticket.TicketID] = ticket.Counting
		}
	}
	return rows, counting
}

// Only the new order says that it replaces the old one, which is still paid and alive.
func TestFault1_1_ReplacedOrderAlive(t *testing.T) {
	t.Parallel()
	replacing := func(o qtickets.Order, older ...int64) qtickets.Order {
		o.PrimaryOrders = older
		return o
	}
	a := numbered(10, paid(ticket(1, "500"), refunded(2, "300", "300", "")))
	b := replacing(numbered(20, paid(ticket(3, "500"))), 10)
	c := replacing(numbered(30, paid(ticket(4, "500"))), 20)
	held := b
	held.PayedAt, held.Payed = at(""), qtickets.Some(false)
	cancelled := b
	cancelled.DeletedAt = at("2030-05-03T10:00:00+03:00")
	mutual := replacing(a, 20)
	passedOn := b // replaced in turn, and cancelled with that
	passedOn.DeletedAt = at("2030-05-03T10:00:00+03:00")
	lower := replacing(numbered(5, paid(ticket(3, "500"))), 10)
	type want = map[uint64]map[uint64]sales.Counting
	once := want{10: {1: sales.Replaced, 2: sales.CountedRefunded}, 20: {3: sales.CountedSold}}
	for _, k := range []struct {
		name   string
		orders []qtickets.Order
		want   want
	}{
		{"old first", []qtickets.Order{a, b}, once},
		{"new first", []qtickets.Order{b, a}, once},
		{"twice in a row", []qtickets.Order{c, a, b},
			want{10: {1: sales.Replaced, 2: sales.CountedRefunded}, 20: {3: sales.Replaced}, 30: {4: sales.CountedSold}}},
		{"the new one is not paid yet", []qtickets.Order{a, held},
			want{10: {1: sales.CountedSold, 2: sales.CountedRefunded}, 20: {3: sales.NotPaid}}},
		{"the new one was cancelled", []qtickets.Order{a, cancelled},
			want{10: {1: sales.CountedSold, 2: sales.CountedRefunded}, 20: {3: sales.NotRefunded}}},
		{"each names the other", []qtickets.Order{mutual, b}, once},
		{"the new one was cancelled when it was replaced itself", []qtickets.Order{a, passedOn, c},
			want{10: {1: sales.Replaced, 2: sales.CountedRefunded}, 20: {3: sales.NotRefunded}, 30: {4: sales.CountedSold}}},
		{"the new one has the lower id", []qtickets.Order{a, lower},
			want{10: {1: sales.Replaced, 2: sales.CountedRefunded}, 5: {3: sales.CountedSold}}},
	} {
		rows, got := countOnce(t, k.orders...)
		if diff := cmp.Diff(k.want, got); diff != "" {
			t.Errorf("%s:\n%s", k.name, diff)
		}
		for _, row := range rows {
			told := slices.Contains(row.Anomalies, sales.AnomalyReplacedAlive)
			if told != slices.Contains([]sales.Counting{got[10][1], got[20][3]}, sales.Replaced) && row.OrderID == 10 {
				t.Errorf("%s: anomalies of order %d: %v", k.name, row.OrderID, row.Anomalies)
			}
		}
	}
}

// A ticket that two orders hold counts once, in the newer one, however many hold it.
func TestFault1_2_TicketInTwoOrders(t *testing.T) {
	t.Parallel()
	older, newer := numbered(10, paid(ticket(1, "500"), ticket(2, "700"))), numbered(20, paid(ticket(2, "700")))
	third := numbered(15, paid(ticket(2, "650"), ticket(3, "100")))
	rows, got := countOnce(t, newer, third, older)
	want := map[uint64]map[uint64]sales.Counting{
		10: {1: sales.CountedSold, 2: sales.Elsewhere}, 15: {2: sales.Elsewhere, 3: sales.CountedSold},
		20: {2: sales.CountedSold},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if told := rows[2].Anomalies; !slices.Contains(told, sales.AnomalyTicketTwice) || len(rows[0].Anomalies) > 0 {
		t.Errorf("anomalies %v and %v", told, rows[0].Anomalies)
	}
	// A ticket that moved leaves nothing behind; one that vanished stays on record.
	before := fromOrder(t, numbered(10, paid(ticket(1, "500"), ticket(2, "700"), ticket(3, "900"))))
	after, moved := fromOrder(t, numbered(10, paid(ticket(1, "500")))), fromOrder(t, newer)
	after.Follow(&before, time.Now())
	sales.CountOnce([]*sales.Order{&after, &moved})
	if len(after.Tickets) != 2 || after.Tickets[1].TicketID != 3 || after.Tickets[1].Counting != sales.Vanished {
		t.Errorf("after ticket 2 moved and ticket 3 vanished: %+v", after.Tickets)
	}
	// Cancelled in the newer one, it counts in the older.
	newer.DeletedAt = at("2030-05-03T10:00:00+03:00")
	if _, got := countOnce(t, newer, older); got[10][2] != sales.CountedSold {
		t.Errorf("the newer order is cancelled: %v", got)
	}
}

// One refund of several tickets, split by the server into fractions of a kopeck.
func TestFault1_3_OneRefundOfSeveralTickets(t *testing.T) {
	t.Parallel()
	split := func(price, back, kept string, n int64) qtickets.Order {
		var tickets []qtickets.Basket
		for id := range n {
			tickets = append(tickets, refunded(id+1, price, back, kept))
		}
		return paid(tickets...)
	}
	listed := func(o qtickets.Order, amounts ...string) qtickets.Order {
		for _, a := range amounts {
			o.Refunds = append(o.Refunds, fine(a))
		}
		return o
	}
	later := split("400", "333.3333333333333", "66.66666666666669", 3)
	later.Baskets[2].RefundedAt = at("2030-05-10T10:00:01+03:00")
	slow := split("400", "333.3333333333333", "66.66666666666669", 3)
	slow.Baskets[1].RefundedAt = at("2030-05-10T10:00:01+03:00")
	slow.Baskets[2].RefundedAt = at("2030-05-10T10:00:02+03:00")
	two := paid(append([]qtickets.Basket{refunded(8, "20", "10.50", "9.50"), refunded(9, "20", "0.01", "19.99")},
		later.Baskets...)...)
	for i := range 2 {
		two.Baskets[i].RefundedAt = at("2030-05-09T10:00:00+03:00")
	}
	for _, c := range []struct {
		name      string
		order     qtickets.Order
		back      []string
		anomalies []string
	}{
		{"1000 over three", split("400", "333.3333333333333", "66.66666666666669", 3),
			[]string{"333.34", "333.33", "333.33"}, nil},
		{"100 over seven", split("20", "14.285714285714286", "5.714285714285714", 7),
			[]string{"14.29", "14.29", "14.29", "14.29", "14.28", "14.28", "14.28"}, nil},
		{"only what is kept: 100 over three", split("400", "", "33.333333333333336", 3),
			[]string{"366.67", "366.67", "366.66"}, nil},
		{"rounded by the server, one kopeck short", listed(split("400", "333.33", "66.67", 3), "1000"),
			[]string{"333.34", "333.33", "333.33"}, nil},
		{"rounded by the server, one kopeck too many", listed(split("400", "166.67", "233.33", 3), "500"),
			[]string{"166.66", "166.67", "166.67"}, nil},
		{"one refund that took two seconds", later, []string{"333.34", "333.33", "333.33"}, nil},
		{"one refund that took three seconds", slow, []string{"333.34", "333.33", "333.33"}, nil},
		{"two refunds, each of whole kopecks", two, []string{"10.50", "0.01", "333.34", "333.33", "333.33"}, nil},
		{"the list says something else", listed(split("400", "300", "100", 2), "100", "450"),
			[]string{"300.00", "300.00"}, []string{sales.AnomalyRefundSum}},
	} {
		row := fromOrder(t, c.order)
		var back []string
		for _, ticket := range row.Tickets {
			back = append(back, ticket.Refunded.String())
			if ticket.Gross != ticket.Refunded+ticket.Revenue || ticket.Revenue < 0 {
				t.Errorf("%s: %+v", c.name, ticket.Amounts)
			}
		}
		if diff := cmp.Diff(c.back, back); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if !slices.Equal(row.Anomalies, c.anomalies) {
			t.Errorf("%s: anomalies %v", c.name, row.Anomalies)
		}
	}
}

// Whatever a refund is split into, its parts add up to its kopecks, and none is a kopeck away from its fraction.
func TestFault1_3_PartsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "tickets")
		total := rapid.Int64Range(0, 5_000_00).Draw(t, "returned")
		var tickets []qtickets.Basket
		for i := range n {
			b := refunded(int64(i+1), "5000", "0", "0")
			part := qtickets.Fine(total) * qtickets.FinePerKopeck / qtickets.Fine(n)
			if i == 0 {
				part += qtickets.Fine(total) * qtickets.FinePerKopeck % qtickets.Fine(n)
			}
			b.RefundedAmount.Value = part
			b.RefundedDeductionAmount.Valid = false
			tickets = append(tickets, b)
		}
		var sum qtickets.Money
		for i, ticket := range fromOrder(t, paid(tickets...)).Tickets {
			sum += ticket.Refunded
			away := qtickets.Fine(ticket.Refunded)*qtickets.FinePerKopeck - tickets[i].RefundedAmount.Value
			if max(away, -away) >= qtickets.FinePerKopeck {
				t.Errorf("%s of %s", ticket.Refunded, tickets[i].RefundedAmount.Value)
			}
		}
		if sum != qtickets.Money(total) {
			t.Errorf("parts of %s make %s", qtickets.Money(total), sum)
		}
	})
}

// What a refund or a cancellation may do to a paid order leaves it readable.
func TestFault1_4_RefundsThatTakeThingsBack(t *testing.T) {
	t.Parallel()
	unpaid := func(o qtickets.Order) qtickets.Order {
		o.Payed, o.PayedAt = qtickets.Some(false), at("")
		return o
	}
	none := paid()
	none.HasBaskets = true
	above := paid(refunded(1, "900", "990", "0"))
	for _, c := range []struct {
		name     string
		order    qtickets.Order
		gross    string
		returned string
		anomaly  string
	}{
		{"payed and payed_at are gone", unpaid(paid(refunded(1, "900", "900", "0"))), "900.00", "900.00",
			sales.AnomalyPayedAt},
		{"payed_at alone is gone", func() qtickets.Order {
			o := unpaid(paid(refunded(1, "900", "850", "50")))
			o.Payed = qtickets.Some(true)
			return o
		}(), "900.00", "850.00", sales.AnomalyPayedAt},
		{"the rest of the order stays sold", unpaid(paid(refunded(1, "900", "900", "0"), ticket(2, "100"))), "1000.00",
			"900.00", sales.AnomalyPayedAt},
		{"more came back than was paid", above, "900.00", "900.00", sales.AnomalyRefundAbove},
		{"a fee came back, the kept part is negative", paid(refunded(1, "900", "", "-90")), "900.00", "900.00",
			sales.AnomalyRefundAbove},
		{"no tickets are left", none, "0.00", "0.00", sales.AnomalyNoTickets},
	} {
		row := fromOrder(t, c.order)
		var gross, back qtickets.Money
		for _, ticket := range row.Tickets {
			gross += ticket.Gross
			back += ticket.Refunded
		}
		if gross.String() != c.gross || back.String() != c.returned || !slices.Contains(row.Anomalies, c.anomaly) ||
			row.SaleTS == nil {
			t.Errorf("%s: paid %s, returned %s, anomalies %v, sold %v", c.name, gross, back, row.Anomalies, row.SaleTS)
		}
	}
	// Where the moment of the payment was known, it stays.
	known := fromOrder(t, paid(ticket(1, "900")))
	taken := fromOrder(t, unpaid(paid(refunded(1, "900", "900", "0"))))
	if taken.Follow(&known, time.Now()); !taken.SaleTS.Equal(*known.SaleTS) {
		t.Errorf("sold at %s, was %s", taken.SaleTS, known.SaleTS)
	}
	// A row without baskets says nothing about its tickets: they are not gone.
	if _, err := sales.FromOrder(paid(), nil); err == nil {
		t.Error("a row without baskets was taken for an order without tickets")
	}
}

// Refunds are listed, and no ticket is refunded.
func TestFault1_7_RefundsWithoutRefundedAt(t *testing.T) {
	t.Parallel()
	order := paid(ticket(1, "900"))
	order.Refunds = qtickets.RefundAmounts{fine("500")}
	unread := paid(ticket(1, "900"))
	unread.Refunds = qtickets.RefundAmounts{{}}
	ofTicket := paid(ticket(1, "900"))
	ofTicket.Baskets[0].Refunds = 1
	for name, o := range map[string]qtickets.Order{
		"of the order": order, "of another form": unread, "of a ticket": ofTicket,
	} {
		if got := fromOrder(t, o).Anomalies; !slices.Equal(got, []string{sales.AnomalyRefundUntold}) {
			t.Errorf("%s: anomalies %v", name, got)
		}
	}
}

// Money where none belongs is told.
func TestFault1_8_OddMoney(t *testing.T) {
	t.Parallel()
	gone := ticket(2, "900")
	gone.DeletedAt, gone.RefundedDeductionAmount = at("2030-05-02T10:00:00Z"), fine("900")
	returned := ticket(2, "900")
	returned.RefundedAmount = fine("100")
	away := ticket(2, "900")
	away.RelatedBaskets = qtickets.IDs{77}
	fee := ticket(2, "900")
	fee.TicketAmount, fee.ServiceFeeAmount = money("800"), money("100")
	for want, b := range map[string]qtickets.Basket{
		sales.AnomalyCancelledMoney: gone, sales.AnomalySeasonElsewhere: away, sales.AnomalyServiceFee: fee,
	} {
		if got := fromOrder(t, paid(ticket(1, "500"), b)).Anomalies; !slices.Equal(got, []string{want}) {
			t.Errorf("%s: anomalies %v", want, got)
		}
	}
	if got := fromOrder(t, paid(returned)).Anomalies; !slices.Equal(got, []string{sales.AnomalyCancelledMoney}) {
		t.Errorf("returned money on a live ticket: anomalies %v", got)
	}
}
