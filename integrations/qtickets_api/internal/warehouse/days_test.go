package warehouse_test

import (
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestDaysAroundTheSwitchOfClocks: in a city that puts its clocks back (Berlin, 27 October 2030, 04:00
// Moscow time), sales and refunds keep their Moscow day, and the show keeps the wall clock of the city.
func TestDaysAroundTheSwitchOfClocks(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	db := testkit.Open(t, c)
	at := func(text string) time.Time {
		moment, err := time.ParseInLocation(time.DateTime, text, sales.Moscow)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	start := qtickets.Some(at("2030-10-27 04:30:00"))
	event, shows, err := sales.FromEvent(qtickets.Event{
		ID: 70001, City: qtickets.City{Timezone: qtickets.Some("Europe/Berlin")}, CurrencyID: qtickets.Some("RUB"),
		Shows: []qtickets.Show{{ID: 80001, StartDate: start}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := warehouse.Rows{
		Events:    []warehouse.Observed[sales.Event]{{Row: event, At: time.Now()}},
		Shows:     []warehouse.Observed[sales.Show]{{Row: shows[0], At: time.Now()}},
		Inventory: []warehouse.Observed[sales.Inventory]{hall(6)},
	}
	if _, err := db.Insert(t.Context(), rows, "test"); err != nil {
		t.Fatal(err)
	}
	insert(t, db, func() (rows []warehouse.Observed[sales.Order]) {
		for i, moment := range []string{
			"2030-10-26 23:59:59", // 22:59:59 in Berlin
			"2030-10-27 00:00:00", // 23:00 of the day before
			"2030-10-27 03:30:00", // 02:30 for the first time
			"2030-10-27 04:30:00", // 02:30 for the second time
			"2030-10-28 00:00:00", // 22:00 of the 27th, an hour more behind Moscow than the day before
			"2030-10-28 01:30:00", // 23:30 of the 27th
		} {
			o := soldAndRefunded(uint64(i) + 1)
			paid := at(moment)
			o.Row.SaleTS, o.Row.Tickets[1].RefundedAt = &paid, &paid
			rows = append(rows, o)
		}
		return rows
	}()...)
	if _, err := db.Publish(t.Context(), warehouse.PublishOptions{Run: "test", AsOf: time.Now()}); err != nil {
		t.Fatal(err)
	}
	const days = "2030-10-26 1, 2030-10-27 3, 2030-10-28 2"
	for _, q := range []struct{ sql, want string }{
		{"SELECT concat(toString(sales_date), ' ', toString(sum(s.tickets_sold))) FROM fact_qtickets_sales_daily AS s " +
			"GROUP BY sales_date ORDER BY sales_date", days},
		{"SELECT concat(toString(sales_date), ' ', toString(sum(s.tickets_sold))) FROM fact_qtickets_sales_utm_daily AS s " +
			"GROUP BY sales_date ORDER BY sales_date", days},
		{"SELECT concat(toString(refund_date), ' ', toString(sum(s.refunded_tickets))) FROM fact_qtickets_refunds_daily " +
			"AS s GROUP BY refund_date ORDER BY refund_date", days},
		{"SELECT concat(toString(assumeNotNull(show_date)), ' ', show_time) FROM fact_qtickets_inventory_latest",
			"2030-10-27 2030-10-27 02:30"},
	} {
		if got := strings.Join(texts(t, raw(t, c), q.sql), ", "); got != q.want {
			t.Errorf("%s\nanswers %s, want %s", q.sql, got, q.want)
		}
	}
}
