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

func optional[T any](value *rapid.Generator[T]) *rapid.Generator[qtickets.Opt[T]] {
	return rapid.Custom(func(t *rapid.T) qtickets.Opt[T] {
		if !rapid.Bool().Draw(t, "present") {
			return qtickets.Opt[T]{}
		}
		return qtickets.Some(value.Draw(t, "value"))
	})
}

var (
	moments = rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(1_900_000_000, 1_900_600_000).Draw(t, "second"), 0).UTC()
	})
	prices = rapid.Custom(func(t *rapid.T) qtickets.Money {
		if rapid.Bool().Draw(t, "free") {
			return 0
		}
		return qtickets.Money(rapid.Int64Range(1, 10_000_00).Draw(t, "kopecks"))
	})
	anyPart   = rapid.Map(rapid.Int64(), func(n int64) qtickets.Fine { return qtickets.Fine(n) })
	anyAmount = rapid.Map(rapid.Int64(), func(n int64) qtickets.Money { return qtickets.Money(n) })
)

// rarely is wild about once in twenty times, so that most orders make sense and every rule is met.
func rarely[T any](t *rapid.T, wild, usual *rapid.Generator[T]) *rapid.Generator[T] {
	if rapid.IntRange(0, 19).Draw(t, "wild") == 19 {
		return wild
	}
	return usual
}

func always[T any](value *rapid.Generator[T]) *rapid.Generator[qtickets.Opt[T]] {
	return rapid.Map(value, qtickets.Some[T])
}

// wildTicket may hold anything the types allow, but usually makes sense.
func wildTicket(id int64, paid bool) *rapid.Generator[qtickets.Basket] {
	return rapid.Custom(func(t *rapid.T) qtickets.Basket {
		amount := rarely(t, optional(anyAmount), optional(prices))
		b := qtickets.Basket{
			ID:               id,
			ShowID:           rarely(t, optional(rapid.Int64()), always(rapid.Int64Range(1, 3))).Draw(t, "show_id"),
			Price:            rarely(t, optional(anyAmount), always(prices)).Draw(t, "price"),
			TicketAmount:     amount.Draw(t, "ticket_amount"),
			ServiceFeeAmount: amount.Draw(t, "service_fee_amount"),
			Quantity:         rarely(t, optional(rapid.Int64()), optional(rapid.Int64Range(1, 3))).Draw(t, "quantity"),
			RelatedBaskets: rarely(t, rapid.SliceOfN(rapid.Int64Range(0, 6), 1, 2), rapid.Just([]int64(nil))).Draw(t,
				"related_baskets"),
			DeletedAt: optional(moments).Draw(t, "deleted_at"),
			CheckedAt: optional(moments).Draw(t, "checked_at"),
		}
		most := 3
		if !paid { // a refund would be refused, which is TestQuarantine's
			most = 1
		}
		switch rapid.IntRange(0, most).Draw(t, "refund") {
		case 0: // no trace
		case 1: // zeros, as on deleted tickets
			b.RefundedAmount, b.RefundedDeductionAmount = fine("0"), fine("0")
		case 2:
			kopecks := rapid.Int64Range(0, min(max(int64(b.Price.Value), 0), 1e12))
			b.RefundedAt = always(moments).Draw(t, "refunded_at")
			b.RefundedAmount = part(always(rapid.Map(kopecks,
				func(n int64) qtickets.Money { return qtickets.Money(n) })).Draw(t, "refunded_amount"))
		case 3:
			b.RefundedAt = optional(moments).Draw(t, "refunded_at")
			parts := rarely(t, optional(anyPart), rapid.Map(optional(prices), part))
			b.RefundedAmount = parts.Draw(t, "refunded_amount")
			b.RefundedDeductionAmount = parts.Draw(t, "refunded_deduction_amount")
		}
		return b
	})
}

func wildOrder(t *rapid.T) qtickets.Order {
	order := qtickets.Order{
		ID:         rarely(t, rapid.Int64(), rapid.Just(int64(5000001))).Draw(t, "id"),
		EventID:    rarely(t, optional(rapid.Int64()), always(rapid.Int64Range(1, 3))).Draw(t, "event_id"),
		ClientID:   optional(rapid.Int64()).Draw(t, "client_id"),
		Price:      optional(anyAmount).Draw(t, "price"),
		CurrencyID: qtickets.Some("RUB"),
		UTM: rapid.MapOfN(rapid.SampledFrom([]string{"utm_source", "utm_term", "x"}), rapid.String(), 0, 3).Draw(t,
			"utm"),
		CreatedAt: qtickets.Some(moments.Draw(t, "created_at")),
		PayedAt:   optional(moments).Draw(t, "payed_at"),
		DeletedAt: optional(moments).Draw(t, "deleted_at"),
	}
	order.Payed = rarely(t, optional(rapid.Bool()), rapid.Just(qtickets.Some(order.PayedAt.Valid))).Draw(t, "payed")
	for id := range rapid.Int64Range(0, 4).Draw(t, "tickets") {
		order.Baskets = append(order.Baskets, wildTicket(id+1, order.PayedAt.Valid).Draw(t, "ticket"))
	}
	return order
}

// checkRow is what holds for every row that leaves FromOrder, wherever the order came from.
func checkRow(t rapid.TB, src qtickets.Order, row sales.Order) {
	t.Helper()
	if len(row.Tickets) != len(src.Baskets) {
		t.Fatalf("%d rows for %d tickets", len(row.Tickets), len(src.Baskets))
	}
	for i, ticket := range row.Tickets {
		b := src.Baskets[i]
		if int64(ticket.TicketID) != b.ID || ticket.Quantity == 0 || ticket.Counted > 1 {
			t.Fatalf("ticket %d: %+v", i, ticket)
		}
		if stored := sales.StoredCounting(ticket.State, ticket.Counted); ticket.Counting == sales.Undecided ||
			stored.Counts() != ticket.Counting.Counts() {
			t.Fatalf("ticket %d: it is %d by the rules, %d as it will be stored", i, ticket.Counting, stored)
		}
		if a := ticket.Amounts; a.Gross != a.Refunded+a.Revenue || a.Gross < 0 || a.Refunded < 0 || a.Revenue < 0 {
			t.Fatalf("ticket %d: %s paid is not %s returned and %s kept", i, a.Gross, a.Refunded, a.Revenue)
		}
		gone := src.DeletedAt.Valid || b.DeletedAt.Valid
		want := map[sales.State]bool{
			sales.Refunded:  b.RefundedAt.Valid,
			sales.Cancelled: !b.RefundedAt.Valid && gone,
			sales.Sold:      !b.RefundedAt.Valid && !gone && src.PayedAt.Valid,
			sales.Held:      !b.RefundedAt.Valid && !gone && !src.PayedAt.Valid,
		}
		if !want[ticket.State] {
			t.Fatalf("ticket %d is %q: %+v", i, ticket.State, b)
		}
		switch ticket.State {
		case sales.Sold:
			if ticket.Gross != b.Price.Value || ticket.Refunded != 0 {
				t.Fatalf("sold ticket %d: %+v", i, ticket.Amounts)
			}
		case sales.Held, sales.Cancelled:
			if ticket.Amounts != (sales.Amounts{}) {
				t.Fatalf("%s ticket %d brings %+v", ticket.State, i, ticket.Amounts)
			}
		}
	}
	if row.Anomalies == nil || row.ContentHash == 0 || len(row.PayloadJSON) == 0 ||
		src.PayedAt.Valid != (row.SaleTS != nil) {
		t.Fatalf("incomplete row %+v", row)
	}
}

func TestEveryRowHoldsTheMoneyRules(t *testing.T) {
	t.Parallel()
	drawn, states := 0, map[sales.State]int{}
	rapid.Check(t, func(t *rapid.T) {
		src := wildOrder(t)
		row, err := sales.FromOrder(src, []byte("key"))
		again, errAgain := sales.FromOrder(src, []byte("key"))
		if (err == nil) != (errAgain == nil) || !cmp.Equal(row, again) {
			t.Fatalf("two readings of one order differ: %v and %v: %s", err, errAgain, cmp.Diff(row, again))
		}
		if err == nil {
			checkRow(t, src, row)
		}
		drawn++
		for _, ticket := range row.Tickets {
			states[ticket.State]++
		}
	})
	for _, s := range []sales.State{sales.Held, sales.Sold, sales.Refunded, sales.Cancelled} {
		if states[s]*50 < drawn {
			t.Errorf("%d orders held only %d %s tickets: the property says too little", drawn, states[s], s)
		}
	}
}

// totals are the sums of an order by state, of what counts.
func totals(row sales.Order) map[sales.State]sales.Amounts {
	sums := map[sales.State]sales.Amounts{}
	for _, ticket := range row.Tickets {
		if ticket.Counted == 1 {
			s := sums[ticket.State]
			sums[ticket.State] = sales.Amounts{Gross: s.Gross + ticket.Gross, Refunded: s.Refunded + ticket.Refunded,
				Revenue: s.Revenue + ticket.Revenue}
		}
	}
	return sums
}

func TestOrderOfTicketsChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src := wildOrder(t)
		row, err := sales.FromOrder(src, nil)
		src.Baskets = rapid.Permutation(src.Baskets).Draw(t, "order")
		other, otherErr := sales.FromOrder(src, nil)
		if (err == nil) != (otherErr == nil) {
			t.Fatalf("%v, in another order %v", err, otherErr)
		}
		slices.Sort(row.Anomalies)
		slices.Sort(other.Anomalies)
		if diff := cmp.Diff(totals(row), totals(other)) + cmp.Diff(row.Anomalies, other.Anomalies); diff != "" ||
			row.ContentHash != other.ContentHash {
			t.Fatalf("hashes %d and %d, %s", row.ContentHash, other.ContentHash, diff)
		}
	})
}

// Without refunds, what an order brings is the API's own ticket_amount of its live tickets: the rules
// neither lose nor invent money.
func TestRevenueIsTicketAmountOfLiveTickets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src := paid()
		src.PayedAt = optional(moments).Draw(t, "payed_at")
		src.Payed = qtickets.Some(src.PayedAt.Valid)
		src.DeletedAt = optional(moments).Draw(t, "deleted_at")
		var want qtickets.Money
		for id := range rapid.Int64Range(1, 6).Draw(t, "tickets") {
			price := prices.Draw(t, "price")
			b := qtickets.Basket{
				ID: id + 1, ShowID: number(80001), Price: qtickets.Some(price), TicketAmount: qtickets.Some(price),
				Quantity:  number(1),
				DeletedAt: optional(moments).Draw(t, "ticket deleted_at"), CheckedAt: optional(moments).Draw(t, "checked_at"),
			}
			if src.DeletedAt.Valid || b.DeletedAt.Valid { // as the API does (API notes, section 8)
				b.TicketAmount, b.RefundedAmount, b.RefundedDeductionAmount = money("0"), fine("0"), fine("0")
			}
			if src.PayedAt.Valid {
				want += b.TicketAmount.Value
			}
			src.Price.Value += price
			src.Baskets = append(src.Baskets, b)
		}
		row := fromOrder(t, src)
		var got qtickets.Money
		for _, sum := range totals(row) {
			if sum.Refunded != 0 || sum.Gross != sum.Revenue {
				t.Fatalf("a refund out of nowhere: %+v", sum)
			}
			got += sum.Revenue
		}
		if got != want || len(row.Anomalies) != 0 {
			t.Fatalf("revenue %s, live tickets %s, anomalies %v", got, want, row.Anomalies)
		}
	})
}

// A refund moves money from kept to returned and changes nothing else, named either way.
func TestRefundSplitsThePrice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		price := prices.Draw(t, "price")
		back := qtickets.Money(rapid.Int64Range(0, int64(price)).Draw(t, "back"))
		want := sales.Amounts{Gross: price, Refunded: back, Revenue: price - back}
		b := refunded(1, "0", "", "")
		for _, named := range []struct {
			price, back, kept qtickets.Opt[qtickets.Money]
		}{
			{qtickets.Some(price), qtickets.Some(back), money("")},
			{qtickets.Some(price), money(""), qtickets.Some(price - back)},
			{qtickets.Some(price), qtickets.Some(back), qtickets.Some(price - back)},
			{qtickets.Some(price - back), qtickets.Some(back), qtickets.Some(price - back)}, // lowered
		} {
			b.Price, b.RefundedAmount, b.RefundedDeductionAmount = named.price, part(named.back), part(named.kept)
			if got := fromOrder(t, paid(b)).Tickets[0].Amounts; got != want {
				t.Fatalf("%+v: %+v, want %+v", named, got, want)
			}
		}
	})
}
