package sales_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// TestVanishedTicketsAreClosed: they stay on record, bring nothing, and a second look changes nothing more.
func TestVanishedTicketsAreClosed(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 5, 10, 12, 0, 0, 123, time.UTC)
	all := fromOrder(t, paid(ticket(1, "500"), ticket(2, "700")))
	rest := fromOrder(t, paid(ticket(1, "500")))
	rest.Follow(&all, now)
	got := rest.Tickets
	if len(got) != 2 || got[0].State != sales.Sold || got[1].TicketID != 2 || got[1].State != sales.Cancelled ||
		got[1].Amounts != (sales.Amounts{}) ||
		got[1].Price != 700_00 || got[1].DeletedAt == nil || !got[1].DeletedAt.Equal(now.Truncate(time.Second)) {
		t.Errorf("%+v", got)
	}
	again := fromOrder(t, paid(ticket(1, "500")))
	again.Follow(&rest, now.Add(time.Hour))
	if diff := cmp.Diff(got, again.Tickets); diff != "" {
		t.Errorf("a second look changed it: %s", diff)
	}
	back := fromOrder(t, paid(ticket(1, "500"), ticket(2, "700")))
	back.Follow(&rest, now)
	if diff := cmp.Diff(all.Tickets, back.Tickets); diff != "" {
		t.Errorf("the ticket came back: %s", diff)
	}
}

// TestReplacedOrderIsCountedOnce: what it sold is sold by its successor; its refunds stay its own.
func TestReplacedOrderIsCountedOnce(t *testing.T) {
	t.Parallel()
	replaced := paid(ticket(1, "500"), ticket(2, "700"))
	replaced.SecondaryOrders = qtickets.IDs{77}
	for _, got := range fromOrder(t, replaced).Tickets {
		if got.Counted != 0 || got.Counting != sales.Replaced {
			t.Errorf("ticket %d of a replaced order counts: %d", got.TicketID, got.Counting)
		}
	}
	successor := paid(ticket(3, "500"))
	successor.PrimaryOrders = qtickets.IDs{5}
	if got := fromOrder(t, successor).Tickets[0]; got.Counted != 1 || got.Counting != sales.CountedSold {
		t.Error("the ticket of the successor does not count")
	}
}

// TestDerivedAgain: what is derived from the stored payload is what was derived from the API's answer.
func TestDerivedAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prices := rapid.SliceOfN(rapid.Int64Range(0, 100_000_00), 1, 4).Draw(t, "prices")
		var tickets []qtickets.Basket
		for i, p := range prices {
			tickets = append(tickets, ticket(int64(i+1), qtickets.Money(p).String()))
		}
		src := paid(tickets...)
		src.ClientID = qtickets.Some(rapid.Int64Range(1, 1000).Draw(t, "client"))
		row := fromOrder(t, src)
		again, err := sales.FromPayload(row.PayloadJSON, row.BuyerHash)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(row, again); diff != "" || !sales.SameFacts(&row, &again) {
			t.Fatalf("derived again: %s", diff)
		}
		again.Tickets[0].Revenue++
		if sales.SameFacts(&row, &again) {
			t.Fatal("another revenue goes unnoticed")
		}
	})
}
