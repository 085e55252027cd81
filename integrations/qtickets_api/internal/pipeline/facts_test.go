package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// checkFacts compares every published mart with what the box office itself says.
func checkFacts(l *lab, refused ...int64) {
	l.Helper()
	testkit.CheckFacts(l, l.config, l.world, refused...)
}

// checkSeats compares the published inventory with the halls.
func checkSeats(l *lab) {
	l.Helper()
	testkit.CheckSeats(l, l.config, l.world, 5)
}

// checkOrders compares the orders by campaign marks, which the box office does not keep, with the sold tickets.
func checkOrders(l *lab) {
	l.Helper()
	const marks = "event_id, toString(currency_id), toString(utm_source), toString(utm_medium), toString(utm_campaign)"
	published := l.rows("SELECT sales_date, " + marks + ", orders FROM fact_qtickets_sales_utm_daily ORDER BY ALL")
	counted := l.rows("SELECT toDate(assumeNotNull(sale_ts)), " + marks + `, uniqExactIf(order_id, sold)
		FROM stg_qtickets_api_orders_raw AS o
		INNER JOIN (SELECT order_id, state = 'sold' AS sold
			FROM stg_qtickets_api_tickets_raw WHERE counted = 1 AND state IN ('sold', 'refunded')) AS t USING order_id
		WHERE isNotNull(sale_ts) GROUP BY ALL ORDER BY ALL`)
	if diff := cmp.Diff(counted, published); diff != "" || len(published) == 0 {
		l.Errorf("orders of fact_qtickets_sales_utm_daily, %d rows (-tickets +published):\n%s", len(published), diff)
	}
}

// checkDashboard compares the dashboard, show by show, with the sales by day and the halls.
func checkDashboard(l *lab) {
	l.Helper()
	asOf, err := l.db.AsOf(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	type line struct {
		Today, Fortnight, All, Free, Refunded int64
		Money                                 [3]float64 // today, 14 days, all
		Left, Capacity, Closed                int64      // -1: unknown
		Fill                                  string
	}
	type show struct {
		ID       int64
		Currency string
	}
	want, sold := map[show]line{}, map[int64]int64{}
	today, fortnight := sales.Day(asOf), sales.Day(asOf.AddDate(0, 0, -13))
	oracle := l.world.Oracle()
	for key, s := range oracle.SalesDaily {
		w := want[show{key.ShowID, key.Currency}]
		w.All += int64(s.TicketsSold)
		w.Free += int64(s.TicketsFree)
		w.Refunded += int64(s.RefundedTickets)
		w.Money[2] += float64(s.Revenue)
		if key.Day >= fortnight && key.Day <= today {
			w.Fortnight += int64(s.TicketsSold)
			w.Money[1] += float64(s.Revenue)
		}
		if key.Day == today {
			w.Today += int64(s.TicketsSold)
			w.Money[0] += float64(s.Revenue)
		}
		want[show{key.ShowID, key.Currency}] = w
		sold[key.ShowID] += int64(s.TicketsSold)
	}
	seats := l.inventory()
	for _, r := range l.rows(`SELECT show_id, toString(e.currency_id) FROM dim_shows AS s INNER JOIN dim_events AS e ON e.event_id = s.event_id
		WHERE isNull(s.deleted_at) AND isNull(e.deleted_at)`) {
		if _, sells := sold[int64(r[0].(uint64))]; !sells { // a show without sales has its line too
			want[show{int64(r[0].(uint64)), r[1].(string)}] = line{}
		}
	}
	for key, w := range want {
		w.Left, w.Capacity, w.Closed, w.Fill = -1, -1, -1, "-1.0000"
		if stock, known := seats[key.ID]; known {
			w.Left, w.Capacity, w.Closed = int64(stock.Free), int64(stock.Capacity), int64(stock.Closed)
			w.Fill = fmt.Sprintf("%.4f", float64(sold[key.ID])/float64(stock.Capacity-stock.Closed))
		}
		want[key] = w
	}
	got := map[show]line{}
	for _, r := range l.rows(`SELECT show_id, toString(currency_id), tickets_sold_today, tickets_sold_14d, d.tickets_sold, d.tickets_free, d.refunded_tickets,
			round(revenue_today * 100), round(revenue_14d * 100), round(d.revenue * 100),
			ifNull(tickets_left, -1), ifNull(capacity, -1), ifNull(closed, -1), ifNull(fill, -1)
		FROM v_qtickets_sales_dashboard AS d`) {
		n := func(i int) int64 { return r[i].(int64) }
		f := func(i int) float64 { return r[i].(float64) }
		got[show{int64(r[0].(uint64)), r[1].(string)}] = line{
			Today: n(2), Fortnight: n(3), All: n(4), Free: n(5), Refunded: n(6), Money: [3]float64{f(7), f(8), f(9)},
			Left: n(10), Capacity: n(11), Closed: n(12), Fill: fmt.Sprintf("%.4f", f(13)),
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		l.Errorf("v_qtickets_sales_dashboard (-box office +published):\n%s", diff)
	}
}

func (l *lab) salesDaily() map[simulator.DailyKey]simulator.Sales {
	l.Helper()
	return testkit.Published(l, l.config).SalesDaily
}

func (l *lab) inventory() map[int64]simulator.Stock {
	l.Helper()
	return testkit.Inventory(l, l.config)
}

func TestFactsEqualTheOracle(t *testing.T) {
	t.Parallel()
	orders := testkit.Rounds(1000, 5000)
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 7, Orders: orders}))
	first := l.mustSync()
	if first.Mode != "backfill" || first.Orders != orders || first.OrdersTotal != int64(orders) {
		t.Errorf("first run: mode %s, %d orders of %d, want a backfill of %d", first.Mode, first.Orders, first.OrdersTotal,
			orders)
	}
	checkFacts(l)
	checkOrders(l)
	checkSeats(l)
	checkDashboard(l)
	requests := l.server.Counters().Total
	second := l.mustSync()
	if sent := l.server.Counters().Total - requests; int(second.APIRequests) != sent {
		t.Errorf("the second run reports %d requests, the API got %d", second.APIRequests, sent)
	}
	if second.Mode != "increment" || second.RowsInserted != 0 {
		t.Errorf("second run: mode %s, %d rows inserted, want an increment of 0", second.Mode, second.RowsInserted)
	}
	checkFacts(l)
}

func TestIncrementsFollowTheWorld(t *testing.T) {
	t.Parallel()
	for _, rules := range []simulator.RefundRules{
		{MovesUpdatedAt: true},
		{MovesUpdatedAt: true, SetsDeletedAt: true, RecomputesPrice: true, DropsPayed: true},
	} {
		l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 11, Orders: 400, Refunds: rules}))
		l.mustSync()
		rng := rand.New(rand.NewPCG(11, 11))
		for range testkit.Rounds(2, 4) {
			for range 40 { // refunds, cancellations, restorations, replacements of any age among them
				l.world.Step(rng)
			}
			l.world.Advance(3 * time.Hour)
			if report := l.mustSync(); report.Mode != "increment" || !report.Probe.UpdatedAt {
				t.Errorf("mode %s, probe %+v, want an increment by updated_at", report.Mode, report.Probe)
			}
			checkFacts(l)
		}
	}
}
