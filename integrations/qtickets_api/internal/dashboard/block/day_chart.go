package block

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// dayChartAndTable draw figures by day: sales up, refunds down, what is not known hatched.
func (b Builder) dayChartAndTable(v *View, days figures.Days, title func([]figures.Day) string) {
	if len(days.Days) == 0 {
		v.Empty = b.T("days.empty")
		return
	}
	v.Title, v.Note = title(days.Days), b.T("days.note")
	v.Switch = b.byLinks()
	v.Legend = []Key{{"bars", b.T("legend.sales")}, {"badbars", b.T("legend.refunds")}}
	v.Table = b.dayTable(days)
	v.Chart = b.dayChart(days)
}

// sumOfDays adds the tickets of days up.
func sumOfDays(days []figures.Day) (tickets, refunded int64) {
	for _, d := range days {
		tickets, refunded = tickets+d.Tickets, refunded+d.Refunded
	}
	return tickets, refunded
}

func (b Builder) dayTable(days figures.Days) *format.Table {
	t := &format.Table{Columns: append(b.columns("column.sales_day", "column.tickets", "column.refunded"),
		b.moneyColumns(days.Currencies)...)}
	most := int64(0)
	for _, d := range days.Days {
		most = max(most, d.Tickets)
	}
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
		row.Cells = append(row.Cells, format.Count(d.Tickets).WithBar(float64(d.Tickets), float64(most)),
			format.Count(d.Refunded).WithMark(lost(d.Refunded > 0)))
		row.Cells = append(row.Cells, moneyCells(d.Totals, days.Currencies)...)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// dayChart has a bar for each day; of money it draws the main currency.
func (b Builder) dayChart(days figures.Days) *format.Chart {
	chart := &format.Chart{From: -0.5, To: float64(len(days.Days)) - 0.5, XTicks: b.dayTicks(days.Days)}
	sales, refunds := format.Series{Style: "bars"}, format.Series{Style: "badbars"}
	for i, d := range days.Days {
		up, down := new(float64(d.Tickets)), new(-float64(d.Refunded))
		if b.Params.Money {
			in := d.In(mainCurrency(days.Currencies))
			up, down = new(in.Gross.InexactFloat64()), new(-in.Refunds.InexactFloat64())
		}
		if d.State == figures.DayUnknown {
			chart.Gaps = append(chart.Gaps, i)
			up, down = nil, nil
		}
		sales.Values, refunds.Values = append(sales.Values, up), append(refunds.Values, down)
	}
	chart.Series = []format.Series{sales, refunds}
	chart.Scale(b.axis)
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
