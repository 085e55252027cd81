package testkit

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Facts are the daily marts in the types of the simulator's oracle.
type Facts struct {
	SalesDaily    map[simulator.DailyKey]simulator.Sales
	SalesUTMDaily map[simulator.UTMKey]simulator.Sales // without shows: the fact by UTM parameters has none
	RefundsDaily  map[simulator.DailyKey]simulator.Refunds
}

// Sold are the facts the simulator expects, without the orders a loader is right to refuse.
func Sold(world *simulator.World, refused ...int64) Facts {
	o := world.OracleWithout(refused...)
	return Facts{o.SalesDaily, mergeShows(o.SalesUTMDaily), o.RefundsDaily}
}

// Published are the facts that readers see.
func Published(t testing.TB, c warehouse.Config) Facts {
	t.Helper()
	return Facts{salesDaily(t, c), salesUTMDaily(t, c), refundsDaily(t, c)}
}

// CheckFacts compares every published daily mart with what the simulator says.
func CheckFacts(t testing.TB, c warehouse.Config, world *simulator.World, refused ...int64) {
	t.Helper()
	want, got := Sold(world, refused...), Published(t, c)
	if diff := cmp.Diff(want.SalesDaily, got.SalesDaily); diff != "" {
		t.Errorf("fact_qtickets_sales_daily is not what was sold (-sold +published):\n%s", diff)
	}
	if diff := cmp.Diff(want.SalesUTMDaily, got.SalesUTMDaily); diff != "" {
		t.Errorf("fact_qtickets_sales_utm_daily is not what was sold (-sold +published):\n%s", diff)
	}
	if diff := cmp.Diff(want.RefundsDaily, got.RefundsDaily); diff != "" {
		t.Errorf("fact_qtickets_refunds_daily is not what was refunded (-refunded +published):\n%s", diff)
	}
}

// Inventory are the published seats by show.
func Inventory(t testing.TB, c warehouse.Config) map[int64]simulator.Stock {
	t.Helper()
	stocks := map[int64]simulator.Stock{}
	for _, r := range Rows(t, c, `SELECT show_id, assumeNotNull(capacity), assumeNotNull(free), assumeNotNull(sold), assumeNotNull(held), assumeNotNull(closed)
		FROM fact_qtickets_inventory_latest`) {
		stocks[int64(r[0].(uint64))] = simulator.Stock{
			Capacity: int(r[1].(int64)), Free: int(r[2].(int64)), Sold: int(r[3].(int64)), Held: int(r[4].(int64)),
			Closed: int(r[5].(int64)),
		}
	}
	return stocks
}

// CheckSeats compares the published inventory with the halls of the shows on sale, at least as many as named.
func CheckSeats(t testing.TB, c warehouse.Config, world *simulator.World, atLeast int) {
	t.Helper()
	halls := world.Oracle().Inventory
	want := map[int64]simulator.Stock{}
	for _, r := range Rows(t, c, `SELECT show_id FROM dim_shows AS s INNER JOIN dim_events AS e ON e.event_id = s.event_id
		WHERE s.is_active = 1 AND e.is_active = 1 AND isNull(s.deleted_at) AND isNull(e.deleted_at) AND assumeNotNull(finish_at) > now()`) {
		want[int64(r[0].(uint64))] = halls[int64(r[0].(uint64))]
	}
	if diff := cmp.Diff(want, Inventory(t, c)); diff != "" || len(want) < atLeast {
		t.Errorf("inventory of %d shows on sale (-hall +published):\n%s", len(want), diff)
	}
}

func salesDaily(t testing.TB, c warehouse.Config) map[simulator.DailyKey]simulator.Sales {
	t.Helper()
	facts := map[simulator.DailyKey]simulator.Sales{}
	for _, r := range Rows(t, c, `SELECT toString(sales_date), event_id, show_id, toString(currency_id), tickets_sold, tickets_free,
		gross_tickets, refunded_tickets, gross_revenue, refunded_revenue, revenue FROM fact_qtickets_sales_daily`) {
		facts[dailyKey(r)] = salesOf(r[4:])
	}
	return facts
}

func salesUTMDaily(t testing.TB, c warehouse.Config) map[simulator.UTMKey]simulator.Sales {
	t.Helper()
	facts := map[simulator.UTMKey]simulator.Sales{}
	for _, r := range Rows(t, c, `SELECT toString(sales_date), event_id, toUInt64(0), toString(currency_id), utm_source, utm_medium, utm_campaign,
		tickets_sold, tickets_free, gross_tickets, refunded_tickets, gross_revenue, refunded_revenue, revenue FROM fact_qtickets_sales_utm_daily`) {
		facts[simulator.UTMKey{DailyKey: dailyKey(r), Source: r[4].(string), Medium: r[5].(string),
			Campaign: r[6].(string)}] = salesOf(r[7:])
	}
	return facts
}

func refundsDaily(t testing.TB, c warehouse.Config) map[simulator.DailyKey]simulator.Refunds {
	t.Helper()
	facts := map[simulator.DailyKey]simulator.Refunds{}
	for _, r := range Rows(t, c, `SELECT toString(refund_date), event_id, show_id, toString(currency_id), refunded_tickets, refunded_revenue, kept_revenue
		FROM fact_qtickets_refunds_daily`) {
		facts[dailyKey(r)] = simulator.Refunds{Tickets: int(r[4].(int64)), Refunded: Kopecks(r[5].(decimal.Decimal)),
			Kept: Kopecks(r[6].(decimal.Decimal))}
	}
	return facts
}

func dailyKey(r []any) simulator.DailyKey {
	return simulator.DailyKey{Day: r[0].(string), EventID: int64(r[1].(uint64)), ShowID: int64(r[2].(uint64)),
		Currency: r[3].(string)}
}

func salesOf(r []any) simulator.Sales {
	return simulator.Sales{
		TicketsSold: int(r[0].(int64)), TicketsFree: int(r[1].(int64)), GrossTickets: int(r[2].(int64)),
		RefundedTickets: int(r[3].(int64)),
		Gross:           Kopecks(r[4].(decimal.Decimal)), Refunded: Kopecks(r[5].(decimal.Decimal)),
		Revenue: Kopecks(r[6].(decimal.Decimal)),
	}
}

// Kopecks of an amount in roubles.
func Kopecks(d decimal.Decimal) int64 { return d.Shift(2).IntPart() }

// mergeShows sums the oracle's UTM cells over shows.
func mergeShows(byShow map[simulator.UTMKey]simulator.Sales) map[simulator.UTMKey]simulator.Sales {
	merged := map[simulator.UTMKey]simulator.Sales{}
	for key, s := range byShow {
		key.ShowID = 0
		sum := merged[key]
		sum.TicketsSold += s.TicketsSold
		sum.TicketsFree += s.TicketsFree
		sum.GrossTickets += s.GrossTickets
		sum.RefundedTickets += s.RefundedTickets
		sum.Gross += s.Gross
		sum.Refunded += s.Refunded
		sum.Revenue += s.Revenue
		merged[key] = sum
	}
	return merged
}
