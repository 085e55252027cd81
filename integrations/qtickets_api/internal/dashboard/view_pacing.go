package dashboard

import (
	"fmt"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

func (b builder) pacingBlock() Block {
	if b.shown() == 0 {
		return Block{}
	}
	block, ok := made(b, "pacing", b.d.pacing)
	if !ok {
		return block
	}
	p := b.d.pacing.value
	if len(p.Points) == 0 {
		block.Empty = b.T("gap." + string(figures.GapNothingSold))
		if p.WhyNot != figures.GapNone {
			block.Empty = b.T("gap." + string(p.WhyNot))
		}
		return block
	}
	block.Title, block.Note = b.pacingTitle(p), b.pacingNote(p)
	block.Chart, block.Table = b.pacingChart(p)
	block.Legend = []Key{{"this", b.T("legend.this_show")}}
	if len(p.Middle) > 0 {
		block.Legend = append(block.Legend, Key{"past", b.T("legend.comparables_middle")})
	}
	if len(p.Comparables) > 0 {
		block.Legend = append(block.Legend, Key{"faint", b.T("legend.comparables")})
	}
	if p.Forecast != nil {
		block.Legend = append(block.Legend, Key{"next", b.T("legend.forecast")})
	}
	return block
}

func (b builder) pacingTitle(p figures.Pacing) string {
	sold := p.Points[len(p.Points)-1].Sold
	switch {
	case p.Forecast != nil && p.Forecast.P10 != nil && p.Forecast.P90 != nil:
		return b.T("pacing.forecast_band", sold, p.Forecast.P50, b.Int(*p.Forecast.P10)+"–"+b.Int(*p.Forecast.P90))
	case p.Forecast != nil:
		return b.T("pacing.forecast", sold, p.Forecast.P50)
	default:
		return b.T("pacing.plain", sold)
	}
}

func (b builder) pacingNote(p figures.Pacing) string {
	var parts []string
	if p.Pace != nil {
		parts = append(parts, b.T("pacing.pace", b.PercentWhole(*p.Pace), len(p.Comparables)))
	}
	if p.PastError != nil {
		parts = append(parts, b.T("pacing.error", b.PercentWhole(p.PastError.Shift(-2)), p.PastShows))
	}
	if p.Forecast == nil && p.WhyNot != figures.GapNone {
		parts = append(parts, b.T("gap."+string(p.WhyNot)))
	}
	if len(p.Comparables) > 0 {
		var names []string
		for _, c := range p.Comparables[:min(3, len(p.Comparables))] {
			var why []string
			for _, r := range c.Reasons {
				why = append(why, b.T("like."+string(r)))
			}
			names = append(names, fmt.Sprintf("%s, %s (%s)", isolated(c.Event), b.Date(c.LocalDate), strings.Join(why, ", ")))
		}
		parts = append(parts, b.T("pacing.like", strings.Join(names, "; ")))
	}
	return strings.Join(parts, " ")
}

// curve answers how many were sold with so many days left: a day without a point is as the day before it.
type curve struct {
	points []figures.PacePoint
	until  int // the last day it knows
}

func newCurve(points []figures.PacePoint, until int) curve { return curve{points, until} }

func (c curve) at(daysLeft int) *float64 {
	if len(c.points) == 0 || daysLeft < c.until || daysLeft > c.points[0].DaysLeft {
		return nil
	}
	sold := c.points[0].Sold
	for _, p := range c.points {
		if p.DaysLeft < daysLeft {
			break
		}
		sold = p.Sold
	}
	return at(float64(sold))
}

// pacingChart runs from the first day of this show's sales to the day of the show.
func (b builder) pacingChart(p figures.Pacing) (*Chart, *Table) {
	first, now := p.Points[0].DaysLeft, p.Points[len(p.Points)-1].DaysLeft
	chart := &Chart{From: float64(-first), To: 0, Now: at(float64(-now))}
	if first == 0 {
		chart.From = -1
	}
	this, middle := newCurve(p.Points, now), newCurve(p.Middle, 0)
	t := &Table{Columns: b.columns("column.days_left", "column.sold", "column.comparables_middle")}
	thisLine, middleLine := Series{Look: "this"}, Series{Look: "past"}
	others := make([]Series, len(p.Comparables))
	forecast := map[string]*Series{"low": {Look: "low"}, "high": {Look: "high"}, "next": {Look: "next"}}
	ends := forecastEnds(p)
	for left := first; left >= 0; left-- {
		chart.X = append(chart.X, float64(-left))
		sold, usual := this.at(left), middle.at(left)
		thisLine.Values, middleLine.Values = append(thisLine.Values, sold), append(middleLine.Values, usual)
		for i, c := range p.Comparables {
			others[i].Look = "faint"
			others[i].Values = append(others[i].Values, newCurve(c.Points, 0).at(left))
		}
		for look, s := range forecast {
			s.Values = append(s.Values, ends.between(look, left, now))
		}
		row := Row{Cells: []Cell{countCell(left), wholeCell(sold), wholeCell(usual)}}
		if left == now {
			row.Mark = "now"
		}
		t.Rows = append(t.Rows, row)
	}
	if ends["low"] != nil && ends["high"] != nil {
		chart.Series = append(chart.Series, *forecast["low"], *forecast["high"])
	}
	chart.Series = append(chart.Series, others...)
	chart.Series = append(chart.Series, middleLine)
	if ends["next"] != nil {
		chart.Series = append(chart.Series, *forecast["next"])
	}
	chart.Series = append(chart.Series, thisLine)
	chart.XTicks = b.pacingTicks(first)
	chart.scale(b.axis)
	return chart, t
}

func wholeCell(x *float64) Cell {
	if x == nil {
		return Cell{kind: kindCount}
	}
	return countCell(int64(*x))
}

// ends of the forecast's fan by look; "sold" is where it begins.
type fan map[string]*float64

func forecastEnds(p figures.Pacing) fan {
	ends := fan{"sold": at(float64(p.Points[len(p.Points)-1].Sold))}
	if p.Forecast == nil {
		return ends
	}
	ends["next"] = at(float64(p.Forecast.P50))
	if p.Forecast.P10 != nil && p.Forecast.P90 != nil {
		ends["low"], ends["high"] = at(float64(*p.Forecast.P10)), at(float64(*p.Forecast.P90))
	}
	return ends
}

// between draws a straight line from what is sold now to the end.
func (f fan) between(look string, left, now int) *float64 {
	end := f[look]
	if end == nil || left > now || now == 0 {
		return nil
	}
	share := float64(now-left) / float64(now)
	return at(*f["sold"] + (*end-*f["sold"])*share)
}

func (b builder) pacingTicks(first int) []AxisTick {
	var ticks []AxisTick
	for _, left := range []int{365, 270, 180, 120, 90, 60, 45, 30, 21, 14, 7, 3, 0} {
		if left > first || (left > 0 && left < first/12) || (first > 100 && (left == 45 || left == 21)) {
			continue
		}
		label := b.T("axis.days", left)
		if left == 0 {
			label = b.T("axis.show")
		}
		ticks = append(ticks, AxisTick{float64(-left), label})
	}
	return ticks
}
