package explain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/explain"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// sold is an order as QTickets sends it, paid on paidDay.
func sold(id int64, baskets ...qtickets.Basket) qtickets.Order {
	paid := time.Date(2030, 5, 1, 9, 2, 0, 0, time.UTC)
	return qtickets.Order{
		ID: id, EventID: qtickets.Some[int64](70001), CurrencyID: qtickets.Some("RUB"), CreatedAt: qtickets.Some(paid),
		Payed:   qtickets.Some(true),
		PayedAt: qtickets.Some(paid), Baskets: baskets,
	}
}

func basket(id int64, price qtickets.Money, linked ...int64) qtickets.Basket {
	return qtickets.Basket{ID: id, ShowID: qtickets.Some[int64](80001), Price: qtickets.Some(price),
		RelatedBaskets: linked}
}

// load stores orders as a run does.
func load(t *testing.T, db *warehouse.DB, at time.Time, orders ...qtickets.Order) {
	t.Helper()
	for _, src := range orders {
		row, err := sales.FromOrder(src, nil)
		if err != nil {
			t.Fatal(err)
		}
		insert(t, db, warehouse.Observed[sales.Order]{Row: row, At: at})
	}
}

// TestExplainTrueReason: each ticket that does not count has the reason for which the rules left it out.
func TestExplainTrueReason(t *testing.T) {
	t.Parallel()
	db := testkit.Open(t, testkit.Database(t))
	deleted := qtickets.Some(time.Date(2030, 5, 1, 10, 0, 0, 0, time.UTC))
	replaced := sold(1, basket(11, 10000))
	replaced.SecondaryOrders = []int64{2}
	pass := sold(3, basket(31, 20000, 32, 33), basket(32, 10000), basket(33, 10000))
	pricedPass := sold(4, basket(41, 20000, 42), basket(42, 0))
	cancelled := sold(5, basket(51, 10000), basket(52, 10000))
	cancelled.Baskets[0].DeletedAt = deleted
	vanishes := sold(6, basket(61, 10000), basket(62, 10000))
	now := time.Now()
	load(t, db, now.Add(-time.Minute), replaced, sold(2, basket(21, 10000)), pass, pricedPass, cancelled, vanishes)
	load(t, db, now, sold(6, basket(61, 10000)))
	publish(t, db)
	e := read(t, db, explain.Slice{Day: paidDay})
	got := map[uint64]string{}
	for _, ticket := range e.NotCounted {
		got[ticket.TicketID] = ticket.WhyNot
	}
	want := map[uint64]string{
		11: "its order was replaced by another one, which counts",
		31: "season ticket: the tickets linked with it count",
		42: "part of a season ticket, which counts as a whole",
		51: "cancelled without a refund",
		62: "no longer in its order",
	}
	if diff := cmp.Diff(want, got); diff != "" || !e.Ties || len(e.Sales.Tickets) != 6 {
		t.Errorf("ties %v, %d tickets count, reasons (-want +got):\n%s", e.Ties, len(e.Sales.Tickets), diff)
	}
}
