package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// pacingChart runs from the first day of this show's sales to the day of the show.
func (b Builder) pacingChart(p figures.Pacing) (*format.Chart, *format.Table) {
	first, now := p.Points[0].DaysLeft, p.Points[len(p.Points)-1].DaysLeft
	chart := &format.Chart{From: float64(-first), To: 0, Now: new(float64(-now))}
	if first == 0 {
		chart.From = -1
	}
	this, middle := newCurve(p.Points, now), newCurve(p.Middle, 0)
	t := &format.Table{Columns: b.columns("column.days_left", "column.sold", "column.comparables_middle")}
	thisLine, middleLine := format.Series{Style: "this"}, format.Series{Style: "past"}
	others := make([]format.Series, len(p.Comparables))
	forecast := map[string]*format.Series{"low": {Style: "low"}, "high": {Style: "high"}, "next": {Style: "next"}}
	ends := forecastEnds(p)
	for left := first; left >= 0; left-- {
		chart.X = append(chart.X, float64(-left))
		sold, baseline := this.sold(left), middle.sold(left)
		thisLine.Values, middleLine.Values = append(thisLine.Values, sold), append(middleLine.Values, baseline)
		for i, c := range p.Comparables {
			others[i].Style = "faint"
			others[i].Values = append(others[i].Values, newCurve(c.Points, 0).sold(left))
		}
		for style, s := range forecast {
			s.Values = append(s.Values, ends.between(style, left, now))
		}
		row := format.Row{Cells: []format.Cell{format.Count(left), countCell(sold), countCell(baseline)}}
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
	chart.Scale(b.axis)
	return chart, t
}

// curve answers how many were sold with so many days left: a day without a point is as the day before it.
type curve struct {
	points []figures.PacePoint
	until  int // the last day it knows
}

func newCurve(points []figures.PacePoint, until int) curve { return curve{points, until} }

func (c curve) sold(daysLeft int) *float64 {
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
	return new(float64(sold))
}

func countCell(x *float64) format.Cell {
	if x == nil {
		return format.Cell{}
	}
	return format.Count(int64(*x))
}

// ends of the forecast's fan by style; "sold" is where it begins.
type fan map[string]*float64

func forecastEnds(p figures.Pacing) fan {
	ends := fan{"sold": new(float64(p.Points[len(p.Points)-1].Sold))}
	if p.Forecast == nil {
		return ends
	}
	ends["next"] = new(float64(p.Forecast.Expected))
	if band := p.Forecast.Band; band != nil {
		ends["low"], ends["high"] = new(float64(band.Low)), new(float64(band.High))
	}
	return ends
}

// between draws a straight line from what is sold now to the end.
func (f fan) between(style string, left, now int) *float64 {
	end := f[style]
	if end == nil || left > now || now == 0 {
		return nil
	}
	share := float64(now-left) / float64(now)
	return new(*f["sold"] + (*end-*f["sold"])*share)
}

func (b Builder) pacingTicks(first int) []format.AxisTick {
	var ticks []format.AxisTick
	for _, left := range []int{365, 270, 180, 120, 90, 60, 45, 30, 21, 14, 7, 3, 0} {
		if left > first || (left > 0 && left < first/12) || (first > 100 && (left == 45 || left == 21)) {
			continue
		}
		label := b.T("axis.days", left)
		if left == 0 {
			label = b.T("axis.show")
		}
		ticks = append(ticks, format.AxisTick{At: float64(-left), Text: label})
	}
	return ticks
}
