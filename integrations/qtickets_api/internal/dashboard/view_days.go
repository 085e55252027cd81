package dashboard

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

func (b builder) weeksBlock() Block {
	block, ok := made(b, "weeks", b.d.weeks)
	if !ok {
		return block
	}
	return b.dayBlock(block, b.d.weeks.value, b.weeksTitle)
}

// weeksTitle compares the last four whole weeks with the four before.
func (b builder) weeksTitle(days []figures.Day) string {
	var total, best int64
	var bestDay time.Time
	for _, d := range days {
		total += d.Tickets
		if d.Tickets > best {
			best, bestDay = d.Tickets, d.Date
		}
	}
	if best == 0 {
		return b.T("weeks.none")
	}
	return b.T("weeks.heading", total, b.DayOfWeek(bestDay), best)
}

// dayBlock draws figures by day: sales up, refunds down, what is not known hatched.
func (b builder) dayBlock(block Block, days figures.Days, title func([]figures.Day) string) Block {
	if len(days.Days) == 0 {
		block.Empty = b.T("days.empty")
		return block
	}
	block.Title, block.Note = title(days.Days), b.T("days.note")
	block.Switch = b.byLinks()
	block.Legend = []Key{{"bars", b.T("legend.sales")}, {"badbars", b.T("legend.refunds")}}
	block.Table = b.dayTable(days)
	block.Chart = b.dayChart(days)
	return block
}

func (b builder) dayTable(days figures.Days) *Table {
	t := &Table{Columns: append(b.columns("column.sales_day", "column.tickets", "column.refunded"), b.moneyColumns(days.Currencies)...)}
	most := int64(0)
	for _, d := range days.Days {
		most = max(most, d.Tickets)
	}
	for _, d := range days.Days {
		row := Row{Cells: []Cell{dateCell(d.Date)}}
		switch d.State {
		case figures.DayUnknown:
			row.Mark = "gap"
			row.Cells = append(row.Cells, make([]Cell, len(t.Columns)-1)...)
			t.Rows = append(t.Rows, row)
			continue
		case figures.DayPartial:
			row.Mark = "now"
			row.Cells[0] = row.Cells[0].under(b.T("days.until", b.Clock(b.now)))
		}
		row.Cells = append(row.Cells, countCell(d.Tickets).bar(float64(d.Tickets), float64(most)), countCell(d.Refunded).mark(lost(d.Refunded > 0)))
		row.Cells = append(row.Cells, moneyCells(d.Totals, days.Currencies)...)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// dayChart has a bar for each day; of money it draws the main currency.
func (b builder) dayChart(days figures.Days) *Chart {
	chart := &Chart{From: -0.5, To: float64(len(days.Days)) - 0.5, XTicks: b.dayTicks(days.Days)}
	sales, refunds := Series{Look: "bars"}, Series{Look: "badbars"}
	for i, d := range days.Days {
		up, down := at(float64(d.Tickets)), at(-float64(d.Refunded))
		if b.ask.money {
			in := d.In(mainCurrency(days.Currencies))
			up, down = at(in.Gross.InexactFloat64()), at(-in.Refunds.InexactFloat64())
		}
		if d.State == figures.DayUnknown {
			chart.Gaps = append(chart.Gaps, i)
			up, down = nil, nil
		}
		sales.Values, refunds.Values = append(sales.Values, up), append(refunds.Values, down)
	}
	chart.Series = []Series{sales, refunds}
	chart.scale(b.axis)
	return chart
}

// dayTicks stand at Mondays, or further apart where there are many.
func (b builder) dayTicks(days []figures.Day) []AxisTick {
	every := 1
	for len(days)/7/every > 9 {
		every++
	}
	if len(days) <= 10 {
		every = 0
	}
	var ticks []AxisTick
	mondays := 0
	for i, d := range days {
		if every > 0 && d.Date.Weekday() != time.Monday {
			continue
		}
		if every == 0 || mondays%every == 0 {
			ticks = append(ticks, AxisTick{float64(i), b.Day(d.Date)})
		}
		mondays++
	}
	return ticks
}
