package pipeline_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// facts are the published numbers that the box office can check.
type facts struct{ testkit.Facts }

// factsSQL reads all three in one statement, what one of them lacks being empty.
const factsSQL = `SELECT 'sales', toString(sales_date), event_id, show_id, toString(currency_id), '', '', '',
		tickets_sold, tickets_free, gross_tickets, refunded_tickets, gross_revenue, refunded_revenue, revenue
			FROM fact_qtickets_sales_daily
	UNION ALL SELECT 'tags', toString(sales_date), event_id, toUInt64(0), toString(currency_id), toString(utm_source),
		toString(utm_medium), toString(utm_campaign),
		tickets_sold, tickets_free, gross_tickets, refunded_tickets, gross_revenue, refunded_revenue, revenue
			FROM fact_qtickets_sales_utm_daily
	UNION ALL SELECT 'refunds', toString(refund_date), event_id, show_id, toString(currency_id), '', '', '',
		toInt64(0), toInt64(0), toInt64(0), refunded_tickets, toDecimal64(0, 2), refunded_revenue, kept_revenue FROM fact_qtickets_refunds_daily`

func (s *stage) facts(ctx context.Context) (facts, error) {
	f := facts{testkit.Facts{
		SalesDaily:    map[simulator.DailyKey]simulator.Sales{},
		SalesUTMDaily: map[simulator.UTMKey]simulator.Sales{},
		RefundsDaily:  map[simulator.DailyKey]simulator.Refunds{},
	}}
	rows, err := s.rows(ctx, factsSQL)
	for _, r := range rows {
		key := simulator.DailyKey{Day: r[1].(string), EventID: int64(r[2].(uint64)), ShowID: int64(r[3].(uint64)),
			Currency: r[4].(string)}
		count := func(i int) int { return int(r[i].(int64)) }
		money := func(i int) int64 { return testkit.Kopecks(r[i].(decimal.Decimal)) }
		sales := simulator.Sales{
			TicketsSold: count(8), TicketsFree: count(9), GrossTickets: count(10), RefundedTickets: count(11),
			Gross: money(12), Refunded: money(13), Revenue: money(14),
		}
		switch r[0] {
		case "sales":
			f.SalesDaily[key] = sales
		case "tags":
			f.SalesUTMDaily[simulator.UTMKey{DailyKey: key, Source: r[5].(string), Medium: r[6].(string),
				Campaign: r[7].(string)}] = sales
		case "refunds":
			f.RefundsDaily[key] = simulator.Refunds{Tickets: sales.RefundedTickets, Refunded: sales.Refunded,
				Kept: sales.Revenue}
		}
	}
	return f, err
}

// differ tells how the facts differ from what the box office says, "" when they do not.
func (f facts) differ(world *simulator.World) string {
	want := testkit.Sold(world)
	if f.equal(want) {
		return ""
	}
	lines := slices.Concat(cells("sales", want.SalesDaily, f.SalesDaily),
		cells("tags", want.SalesUTMDaily, f.SalesUTMDaily), cells("refunds", want.RefundsDaily, f.RefundsDaily))
	if len(lines) > mostCells {
		lines = append(lines[:mostCells], fmt.Sprintf("and %d more", len(lines)-mostCells))
	}
	return strings.Join(lines, "\n")
}

// mostCells bounds how many differing cells a failure shows.
const mostCells = 12

// cells are those that differ between what was sold and what is published.
func cells[K comparable, V comparable](name string, sold, published map[K]V) []string {
	var lines []string
	for key, want := range sold {
		if got, ok := published[key]; !ok || got != want {
			lines = append(lines, fmt.Sprintf("%s of %+v: sold %+v, published %+v", name, key, want, got))
		}
	}
	for key, got := range published {
		if _, ok := sold[key]; !ok {
			lines = append(lines, fmt.Sprintf("%s of %+v: nothing sold, published %+v", name, key, got))
		}
	}
	slices.Sort(lines)
	return lines
}

func (f facts) equal(other testkit.Facts) bool {
	return maps.Equal(f.SalesDaily, other.SalesDaily) && maps.Equal(f.SalesUTMDaily, other.SalesUTMDaily) &&
		maps.Equal(f.RefundsDaily, other.RefundsDaily)
}

// torn tells how the three facts contradict each other, "" when they do not.
func (f facts) torn() string {
	var daily, utm simulator.Sales
	var refunds simulator.Refunds
	for _, s := range f.SalesDaily {
		daily = sum(daily, s)
	}
	for _, s := range f.SalesUTMDaily {
		utm = sum(utm, s)
	}
	for _, r := range f.RefundsDaily {
		refunds.Tickets += r.Tickets
		refunds.Refunded += r.Refunded
	}
	switch {
	case daily != utm:
		return fmt.Sprintf("by show %+v, by tags %+v", daily, utm)
	case daily.RefundedTickets != refunds.Tickets || daily.Refunded != refunds.Refunded:
		return fmt.Sprintf("by sales day %+v, by refund day %+v", daily, refunds)
	}
	return ""
}

func sum(a, b simulator.Sales) simulator.Sales {
	a.TicketsSold += b.TicketsSold
	a.TicketsFree += b.TicketsFree
	a.GrossTickets += b.GrossTickets
	a.RefundedTickets += b.RefundedTickets
	a.Gross += b.Gross
	a.Refunded += b.Refunded
	a.Revenue += b.Revenue
	return a
}
