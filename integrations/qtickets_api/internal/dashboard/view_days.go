package dashboard

import (
	"time"
)

func (b builder) weeksBlock() Block {
	block, ok := made(b, "weeks", b.d.weeks)
	if !ok {
		return block
	}
	return b.dayBlock(block, b.d.weeks.value, b.weeksTitle)
}

// weeksTitle compares the last four whole weeks with the four before.
func (b builder) weeksTitle(days []Day) string {
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
func (b builder) dayBlock(block Block, days Days, title func([]Day) string) Block {
	if len(days.Days) == 0 {
		block.Empty = b.T("days.empty")
		return block
	}
	block.Title, block.Note = title(days.Days), b.T("days.note")
	block.Switch = b.byLinks()
	block.Legend = []Key{{"bars", b.T("legend.sales")}, {"badbars", b.T("legend.refunds")}}
	t := &Table{Columns: append(b.columns("column.sales_day", "column.tickets", "column.refunded"), b.moneyColumns(days.Currencies)...)}
	chart := &Chart{From: -0.5, To: float64(len(days.Days)) - 0.5}
	sales, refunds := Series{Look: "bars"}, Series{Look: "badbars"}
	currency := mainCurrency(days.Currencies)
	most := int64(0)
	for _, d := range days.Days {
		most = max(most, d.Tickets)
	}
	for i, d := range days.Days {
		row := Row{Cells: []Cell{dateCell(d.Date)}}
		if d.State == DayUnknown {
			chart.Gaps = append(chart.Gaps, i)
			sales.Values, refunds.Values = append(sales.Values, nil), append(refunds.Values, nil)
			row.Mark = "gap"
			for range t.Columns[1:] {
				row.Cells = append(row.Cells, Cell{})
			}
			t.Rows = append(t.Rows, row)
			continue
		}
		if d.State == DayPartial {
			row.Mark = "now"
			row.Cells[0] = row.Cells[0].under(b.T("days.until", b.Clock(b.now)))
		}
		up, down := float64(d.Tickets), float64(d.Refunded)
		if b.ask.money {
			in := d.In(currency)
			up, down = in.Gross.InexactFloat64(), in.Refunds.InexactFloat64()
		}
		sales.Values = append(sales.Values, at(up))
		refunds.Values = append(refunds.Values, at(-down))
		refunded := countCell(d.Refunded).mark(lost(d.Refunded > 0))
		row.Cells = append(row.Cells, countCell(d.Tickets).bar(float64(d.Tickets), float64(most)), refunded)
		row.Cells = append(row.Cells, moneyCells(d.Figures, days.Currencies)...)
		t.Rows = append(t.Rows, row)
	}
	chart.Series = []Series{sales, refunds}
	chart.XTicks = b.dayTicks(days.Days)
	chart.scale(b.axis)
	block.Chart, block.Table = chart, t
	return block
}

// dayTicks stand at Mondays, or further apart where there are many.
func (b builder) dayTicks(days []Day) []AxisTick {
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
