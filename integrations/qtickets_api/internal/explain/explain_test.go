package explain_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/explain"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// paidDay is the Moscow day of order's payment.
const paidDay = "2030-05-01"

// TestExplainNamesWhatChanged: orders that changed and were not published are named, those of the day apart
// from the rest, also where the order has left the day.
func TestExplainNamesWhatChanged(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	db := testkit.Open(t, c)
	insert(t, db, testkit.PaidOrder(1, 10050, 2), testkit.PaidOrder(2, 20000, 1), testkit.PaidOrder(3, 0, 1))
	batch := publish(t, db)
	day := explain.Slice{Day: paidDay}
	if e := read(t, db, day); !e.Ties || e.Publication.Batch != batch || e.Changed != nil || e.ChangedOther != nil ||
		len(e.Sales.Tickets) != 4 {
		t.Errorf("after a publication: %+v", e)
	}

	insert(t, db, testkit.PaidOrder(2, 20000, 3))
	e := read(t, db, day)
	want := []explain.Row[explain.SalesTotals]{{
		RowKey: explain.RowKey{EventID: 70001, ShowID: 80001, Currency: "RUB"},
		Tickets: explain.SalesTotals{Orders: 3, TicketsSold: 6, TicketsFree: 1, GrossTickets: 6, Gross: 80100,
			Revenue: 80100},
		Published: explain.SalesTotals{Orders: 3, TicketsSold: 4, TicketsFree: 1, GrossTickets: 4, Gross: 40100,
			Revenue: 40100},
	}}
	if diff := cmp.Diff(want, e.Sales.Rows); diff != "" || e.Ties || !slices.Equal(e.Changed, []uint64{2}) ||
		len(e.ChangedOther) > 0 {
		t.Errorf("a changed order: ties %v, changed %v %v, rows (-want +got):\n%s", e.Ties, e.Changed, e.ChangedOther, diff)
	}
	for other, changed := range map[explain.Slice]bool{
		{Day: paidDay, EventID: 70001, ShowID: 80001}: true,
		{Day: paidDay, EventID: 70001, ShowID: 80002}: false,
		{Day: paidDay, EventID: 70002}:                false,
		{Day: "2030-05-02"}:                           false,
	} {
		if e := read(t, db, other); e.Ties == changed || e.Empty() == changed {
			t.Errorf("%+v: ties %v, empty %v", other, e.Ties, e.Empty())
		}
	}

	gone := testkit.PaidOrder(1, 10050, 2) // paid a day later, says the box office now
	later := gone.Row.SaleTS.AddDate(0, 0, 1)
	gone.Row.SaleTS, gone.Row.ContentHash = &later, 1
	insert(t, db, gone)
	if e := read(t, db, day); e.Ties || !slices.Contains(append(e.Changed, e.ChangedOther...), 1) {
		t.Errorf("an order that left the day: ties %v, changed %v %v", e.Ties, e.Changed, e.ChangedOther)
	}
	const merge = "ALTER TABLE state_orders DELETE WHERE order_id = 1 AND toDate(sale_ts) = '2030-05-01' SETTINGS " +
		"mutations_sync = 2"
	if err := testkit.Raw(t, testkit.As(t, c, embedded.Admin)).Exec(t.Context(), merge); err != nil {
		t.Fatal(err)
	}
	if e := read(t, db, day); e.Ties || !slices.Equal(e.Changed, []uint64{2}) ||
		!slices.Equal(e.ChangedOther, []uint64{1}) {
		t.Errorf("when its older version is merged away: ties %v, changed %v %v, want 2 and 1", e.Ties, e.Changed,
			e.ChangedOther)
	}
}

// TestExplainBlamesOrdersOfTheSlice: changed orders of other events, shows and days stand apart.
func TestExplainBlamesOrdersOfTheSlice(t *testing.T) {
	t.Parallel()
	db := testkit.Open(t, testkit.Database(t))
	orders := func(price qtickets.Money) []warehouse.Observed[sales.Order] {
		plain, otherEvent, otherShow, refunded := testkit.PaidOrder(1, price, 1), testkit.PaidOrder(2, price, 1),
			testkit.PaidOrder(3, price, 1), testkit.PaidOrder(4, price, 1)
		otherEvent.Row.EventID = 70002
		otherShow.Row.Tickets[0].ShowID = 80002
		at := refunded.Row.SaleTS.AddDate(0, 0, 8)
		refunded.Row.EventID = 70003
		ticket := &refunded.Row.Tickets[0]
		ticket.State, ticket.RefundedAt, ticket.Amounts = sales.Refunded, &at, sales.Amounts{Gross: price, Refunded: price}
		return []warehouse.Observed[sales.Order]{plain, otherEvent, otherShow, refunded}
	}
	insert(t, db, orders(10000)...)
	publish(t, db)
	insert(t, db, orders(20000)...)
	for _, c := range []struct {
		slice          explain.Slice
		changed, other []uint64
	}{
		{explain.Slice{Day: paidDay}, []uint64{1, 2, 3, 4}, nil},
		{explain.Slice{Day: paidDay, EventID: 70001}, []uint64{1, 3}, []uint64{2, 4}},
		{explain.Slice{Day: paidDay, EventID: 70001, ShowID: 80002}, []uint64{3}, []uint64{1, 2, 4}},
		{explain.Slice{Day: paidDay, EventID: 70002}, []uint64{2}, []uint64{1, 3, 4}},
		{explain.Slice{Day: "2030-05-09"}, []uint64{4}, []uint64{1, 2, 3}},
	} {
		if e := read(t, db, c.slice); e.Ties || !slices.Equal(e.Changed, c.changed) ||
			!slices.Equal(e.ChangedOther, c.other) {
			t.Errorf("%+v: ties %v, changed %v %v, want %v %v", c.slice, e.Ties, e.Changed, e.ChangedOther, c.changed, c.other)
		}
	}
}

// TestExplainBeforeAnyPublication: there is nothing to compare with, which is not a tie.
func TestExplainBeforeAnyPublication(t *testing.T) {
	t.Parallel()
	db := testkit.Open(t, testkit.Database(t))
	if e := read(t, db, explain.Slice{Day: paidDay}); !e.Ties || !e.Empty() || e.Publication != nil {
		t.Errorf("in an empty database: %+v", e)
	}
	insert(t, db, testkit.PaidOrder(1, 10050, 2))
	if e := read(t, db, explain.Slice{Day: paidDay}); e.Ties || e.Publication != nil ||
		!slices.Equal(e.Changed, []uint64{1}) {
		t.Errorf("before the first publication: %+v", e)
	}
}

// TestExplainWrongFacts: facts that were damaged do not tie, and no order is blamed for it.
func TestExplainWrongFacts(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	db, conn := testkit.Open(t, c), testkit.Raw(t, c)
	refunded := testkit.PaidOrder(1, 10050, 1)
	at := refunded.Row.SaleTS.Add(time.Hour)
	ticket := &refunded.Row.Tickets[0]
	ticket.State, ticket.RefundedAt, ticket.Amounts = sales.Refunded, &at, sales.Amounts{Gross: 10050, Refunded: 10000,
		Revenue: 50}
	insert(t, db, refunded, testkit.PaidOrder(2, 20000, 1))
	publish(t, db)
	for _, damage := range []string{
		"INSERT INTO store_sales_daily SELECT * REPLACE (tickets_sold + 1 AS tickets_sold) FROM store_sales_daily",
		"INSERT INTO store_refunds_daily SELECT * FROM store_refunds_daily",
		"INSERT INTO store_sales_daily SELECT * REPLACE ('KZT' AS currency_id) FROM store_sales_daily",
	} {
		if e := read(t, db, explain.Slice{Day: paidDay}); !e.Ties {
			t.Fatalf("before %s: %+v", damage, e)
		}
		if err := conn.Exec(t.Context(), damage); err != nil {
			t.Fatal(err)
		}
		if e := read(t, db, explain.Slice{Day: paidDay}); e.Ties || len(e.Changed)+len(e.ChangedOther) > 0 {
			t.Errorf("after %s: ties %v, changed %v %v", damage, e.Ties, e.Changed, e.ChangedOther)
		}
		publish(t, db)
	}
}

// TestExplainNotCounted: why a ticket of a paid order is in no fact, and that places and not rows are counted.
func TestExplainNotCounted(t *testing.T) {
	t.Parallel()
	db := testkit.Open(t, testkit.Database(t))
	seasonTicket := testkit.PaidOrder(1, 10050, 3)
	seasonTicket.Row.Tickets[0].Counted = 0
	seasonTicket.Row.Tickets[1].Quantity = 4
	deleted := seasonTicket.Row.SaleTS.Add(time.Hour)
	cancelled := testkit.PaidOrder(2, 20000, 1)
	cancelled.Row.DeletedAt = &deleted
	cancelled.Row.Tickets[0].State, cancelled.Row.Tickets[0].Amounts = sales.Cancelled, sales.Amounts{}
	insert(t, db, seasonTicket, cancelled)
	publish(t, db)
	e := read(t, db, explain.Slice{Day: paidDay})
	if !e.Ties || len(e.NotCounted) != 2 || len(e.Sales.Rows) != 1 || e.Sales.Rows[0].Tickets.TicketsSold != 5 {
		t.Fatalf("%+v", e)
	}
	if one, other := e.NotCounted[0], e.NotCounted[1]; !strings.Contains(one.WhyNot, "another ticket") ||
		!strings.Contains(other.WhyNot, "cancelled") || !other.DeletedAt.Equal(deleted) {
		t.Errorf("not counted: %+v, %+v", one, other)
	}
}

// TestParseDay: days are Moscow's.
func TestParseDay(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 5, 1, 21, 30, 0, 0, time.UTC) // half past midnight in Moscow
	for text, want := range map[string]string{
		"today": "2030-05-02", "yesterday": "2030-05-01", "2028-02-29": "2028-02-29",
		"": "", "Today": "", "2030-5-1": "", "01.05.2030": "", "2030-02-29": "", "2030-05-01T00:00:00": "", "0001-01-01": "",
		"9999-12-31": "",
	} {
		day, err := explain.ParseDay(text, now)
		if day != want || (err == nil) != (want != "") || err != nil && !strings.Contains(err.Error(),
			"2030-05-02, or today or yesterday") {
			t.Errorf("%q is %q, %v, want %q", text, day, err, want)
		}
	}
}
