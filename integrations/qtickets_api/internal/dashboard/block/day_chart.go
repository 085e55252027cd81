package block

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// dayChartAndTable draw figures by day: sales up, refunds down, what is not known hatched.
func (b Builder) dayChartAndTable(v *View, days figures.Days, title func(figures.Days) string) {
	if len(days.Days) == 0 {
		v.Empty = b.T("days.empty")
		return
	}
	v.Title, v.Note = title(days), b.T("days.note")
	v.Switch = b.byLinks()
	v.Legend = []Key{{"bars", b.T("legend.sales")}, {"badbars", b.T("legend.refunds")}}
	if last := days.Days[len(days.Days)-1]; last.State == figures.DayPartial {
		v.Legend = slices.Insert(v.Legend, 1, Key{"openbars", b.T("legend.unfinished", b.Clock(b.Now))})
	}
	v.Table = b.dayTable(days)
	if hasFew(days) {
		v.Switch, v.Legend, v.Empty = nil, nil, b.T("days.few", leastOfChart)
		return
	}
	v.Chart = b.dayChart(days)
	if names := cutDays(v.Chart.Cuts, days.Days, b.Day); len(names) > 0 {
		v.Legend = append(v.Legend, Key{"cut", b.T("legend.cut", len(names), strings.Join(names, ", "))})
	}
}

// leastOfChart are the tickets, sold or refunded, below which there is nothing to draw.
const leastOfChart = 5

func hasFew(days figures.Days) bool {
	var tickets int64
	for _, d := range days.Days {
		tickets += d.Tickets + d.Refunded
	}
	return tickets < leastOfChart
}

// cutDays are the days whose bars are cut, each once.
func cutDays(cuts []format.Cut, days []figures.Day, name func(time.Time) string) []string {
	var names []string
	for i, cut := range cuts {
		if i == 0 || cut.Point != cuts[i-1].Point {
			names = append(names, name(days[cut.Point].Date))
		}
	}
	return names
}

// daysHeading says what was sold and refunded on days, by the text of tickets or that of money.
func (b Builder) daysHeading(tickets, money string, days figures.Days) string {
	var all figures.Totals
	currency := mainCurrency(days.Currencies)
	gross, refunds := decimal.Zero, decimal.Zero
	for _, d := range days.Days {
		in := d.In(currency)
		all.Tickets, all.Refunded = all.Tickets+d.Tickets, all.Refunded+d.Refunded
		gross, refunds = gross.Add(in.Gross), refunds.Add(in.Refunds)
	}
	if b.Params.Money {
		return b.T(money, b.MoneyShort(gross, currency), b.MoneyShort(refunds, currency))
	}
	return b.T(tickets, all.Tickets, all.Refunded)
}

func (b Builder) dayTable(days figures.Days) *format.Table {
	t := &format.Table{Columns: append(b.columns("column.sales_day", "column.tickets", "column.refunded"),
		b.moneyColumns(days.Currencies)...)}
	most := int64(0)
	for _, d := range days.Days {
		most = max(most, d.Tickets)
	}
	var all []figures.Totals
	for _, d := range days.Days {
		all = append(all, d.Totals) // zero where nothing is known
	}
	sum := figures.SumOf(all...)
	for _, d := range days.Days {
		row := format.Row{Cells: []format.Cell{format.Date(d.Date)}}
		switch d.State {
		case figures.DayUnknown:
			row.Mark = "gap"
			row.Cells = append(row.Cells, make([]format.Cell, len(t.Columns)-1)...)
			t.Rows = append(t.Rows, row)
			continue
		case figures.DayPartial:
			row.Mark = "now"
			row.Cells[0] = row.Cells[0].WithSubtext(b.T("days.until", b.Clock(b.Now)))
		}
		n := b.numbers().onDay(d.Date)
		tickets := format.Count(d.Tickets)
		switch {
		case b.Params.Screen != address.Today:
			tickets = tickets.WithBar(float64(d.Tickets), float64(most))
		case d.Tickets > 0: // Today has many numbers: one of a day leads to the others of that day
			n.only = figures.FigureTickets
		}
		refunded := refundedCell(d.Totals, sum)
		row.Cells = append(row.Cells, n.link(tickets, figures.FigureTickets, ""),
			n.link(refunded, figures.FigureRefunded, ""))
		row.Cells = append(row.Cells, moneyCells(d.Totals, sum, days.Currencies, n)...)
		t.Rows = append(t.Rows, row)
	}
	if len(all) > 0 {
		n := b.numbers().between(midnight(days.Days[0].Date),
			midnight(days.Days[len(days.Days)-1].Date).AddDate(0, 0, 1))
		if b.Params.Screen == address.Today && sum.Tickets > 0 {
			n.only = figures.FigureTickets
		}
		t.AddUp(append([]format.Cell{b.totalName(), n.link(format.Count(sum.Tickets), figures.FigureTickets, ""),
			n.link(refundedCell(sum, sum), figures.FigureRefunded, "")},
			moneyCells(sum, sum, days.Currencies, n)...)...)
	}
	return t
}

// dayChart has a bar for each day; of money it draws the main currency.
func (b Builder) dayChart(days figures.Days) *format.Chart {
	chart := &format.Chart{From: -0.5, To: float64(len(days.Days)) - 0.5, XTicks: b.dayTicks(days.Days)}
	sales, refunds := format.Series{Style: "bars"}, format.Series{Style: "badbars"}
	unfinished := format.Series{Style: "openbars", Values: make([]*float64, len(days.Days))}
	for i, d := range days.Days {
		up, down := new(float64(d.Tickets)), new(-float64(d.Refunded))
		if b.Params.Money {
			in := d.In(mainCurrency(days.Currencies))
			up, down = new(in.Gross.InexactFloat64()), new(-in.Refunds.InexactFloat64())
		}
		switch d.State {
		case figures.DayUnknown:
			chart.Gaps = append(chart.Gaps, i)
			up, down = nil, nil
		case figures.DayPartial:
			up, unfinished.Values[i] = nil, up
		}
		sales.Values, refunds.Values = append(sales.Values, up), append(refunds.Values, down)
	}
	chart.Series = []format.Series{sales, unfinished, refunds}
	chart.CutBars(b.axis)
	b.scale(chart, mainCurrency(days.Currencies))
	return chart
}

// dayTicks stand at Mondays, or further apart where there are many.
func (b Builder) dayTicks(days []figures.Day) []format.AxisTick {
	every := 1
	for len(days)/7/every > 9 {
		every++
	}
	if len(days) <= 10 {
		every = 0
	}
	var ticks []format.AxisTick
	mondays := 0
	for i, d := range days {
		if every > 0 && d.Date.Weekday() != time.Monday {
			continue
		}
		if every == 0 || mondays%every == 0 {
			ticks = append(ticks, format.AxisTick{At: float64(i), Text: b.Day(d.Date)})
		}
		mondays++
	}
	return ticks
}
