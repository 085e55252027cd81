package block

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "heat", Screen: address.Channels, Order: 40, Half: true}, (*figures.Store).Heat, Builder.heat)

func (b Builder) heat(v *View, heat figures.Heat) {
	v.Compact = true
	v.Note = b.T("heat.note")
	if day, hour, found := busiest(heat); found {
		v.Title = b.T("heat.heading", clockRange(hour), b.T("heat.weekday."+strconv.Itoa(day)))
	}
	steps := heatScale(heat)
	t := &format.Table{Columns: []format.Column{{Name: b.T("column.hour_msk"), Plain: true}}}
	for day := range 7 {
		t.Columns = append(t.Columns, format.Column{Name: b.Weekday(time.Weekday((day + 1) % 7))})
	}
	all := b.numbers().in(heat.Span)
	for hour := range 24 {
		row := format.Row{Cells: []format.Cell{format.Text(fmt.Sprintf("%02d", hour))}}
		for day := range 7 {
			c := heat.Cells[day][hour]
			n := all.of(figures.ByHour, strconv.Itoa(day+1), strconv.Itoa(hour))
			row.Cells = append(row.Cells, n.link(format.Number(c.PerDay).Roughly().WithMark(steps.mark(c.PerDay)),
				figures.FigureTickets, ""))
		}
		t.Rows = append(t.Rows, row)
	}
	v.Table = t
}

// busiestHours is how long the busiest time of a day is.
const busiestHours = 3

// busiest is the weekday with most tickets, and the first of the three hours with most over all weekdays.
func busiest(heat figures.Heat) (day, hour int, found bool) {
	var days [7]decimal.Decimal
	var hours [24 - busiestHours + 1]decimal.Decimal
	for d := range heat.Cells {
		for h, c := range heat.Cells[d] {
			if c.PerDay == nil {
				continue
			}
			days[d] = days[d].Add(*c.PerDay)
			for first := max(0, h-busiestHours+1); first <= min(h, len(hours)-1); first++ {
				hours[first] = hours[first].Add(*c.PerDay)
			}
		}
	}
	for d := range days {
		if days[d].GreaterThan(days[day]) {
			day = d
		}
	}
	for h := range hours {
		if hours[h].GreaterThan(hours[hour]) {
			hour = h
		}
	}
	return day, hour, days[day].IsPositive()
}

// clockRange is the busiest time of a day, "16–19".
func clockRange(hour int) string { return fmt.Sprintf("%02d–%02d", hour, hour+busiestHours) }

// heatShares are where the shades above "nothing" begin, in per cent of the hours with sales: one hour of a rush does
// not whiten all the others.
var heatShares = [...]int{0, 30, 60, 80, 93}

// shadeEnds are the least values of the shades; empty: nothing was sold.
type shadeEnds []decimal.Decimal

func heatScale(heat figures.Heat) shadeEnds {
	var values, ends []decimal.Decimal
	for _, day := range heat.Cells {
		for _, c := range day {
			if c.PerDay != nil && c.PerDay.IsPositive() {
				values = append(values, *c.PerDay)
			}
		}
	}
	slices.SortFunc(values, decimal.Decimal.Cmp)
	for _, share := range heatShares {
		if len(values) > 0 {
			ends = append(ends, values[share*len(values)/100])
		}
	}
	return ends
}

// mark is the shade of an hour: "h0" for nothing, "hx" for what is not known.
func (s shadeEnds) mark(x *decimal.Decimal) string {
	if x == nil || len(s) == 0 {
		return "hx"
	}
	n := 0
	for i, least := range s {
		if x.IsPositive() && x.GreaterThanOrEqual(least) {
			n = i + 1
		}
	}
	return "h" + strconv.Itoa(n)
}
