package block

import (
	"math"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// pacingLine is a line of the chart and its column of the table. Its values are whole tickets by days left, or nil.
type pacingLine struct {
	style, column string
	sold          func(daysLeft int) *float64
}

// pacingChart runs from the first day of this show's sales to the day of the show.
func (b Builder) pacingChart(p figures.Pacing) (*format.Chart, *format.Table) {
	first, now := p.Points[0].DaysLeft, p.Points[len(p.Points)-1].DaysLeft
	chart := &format.Chart{From: float64(-first), To: 0, Now: new(float64(-now)), XTicks: b.pacingTicks(first)}
	if first == 0 {
		chart.From = -1
	}
	lines := pacingLines(p)
	t := &format.Table{Columns: b.columns("column.days_left")}
	for _, l := range lines {
		chart.Series = append(chart.Series, format.Series{Style: l.style})
		if l.column != "" {
			t.Columns = append(t.Columns, format.Column{Name: b.T(l.column)})
		}
	}
	if p.Plan > 0 {
		t.Columns = append(t.Columns, format.Column{Name: b.T("column.plan"), Extra: true})
	}
	for left := first; left >= 0; left-- {
		chart.X = append(chart.X, float64(-left))
		row := format.Row{Cells: []format.Cell{format.Count(left)}}
		for i, l := range lines {
			sold := l.sold(left)
			chart.Series[i].Values = append(chart.Series[i].Values, sold)
			switch l.column {
			case "":
			case "column.sold":
				row.Cells = append(row.Cells, b.soldUntil(p, left).link(countCell(sold), figures.FigureSold, ""))
			default:
				row.Cells = append(row.Cells, countCell(sold))
			}
		}
		if p.Plan > 0 {
			row.Cells = append(row.Cells, format.Count(p.Plan))
		}
		if left == now {
			row.Mark = "now"
		}
		t.Rows = append(t.Rows, row)
	}
	chart.Ends, chart.Bracket = b.pacingEnds(p, now)
	chart.Levels = b.pacingLevels(p)
	chart.Scale(b.axis)
	return chart, t
}

// soldUntil are the numbers of what a show had sold by the end of the day with so many days left; the last point has
// all there is.
func (b Builder) soldUntil(p figures.Pacing, left int) numbers {
	n := b.numbers().ofShow(p.Show.EventID, p.Show.ShowID)
	if p.Show.LocalDate != nil && left > p.Points[len(p.Points)-1].DaysLeft {
		n = n.between(time.Time{}, midnight(*p.Show.LocalDate).AddDate(0, 0, 1-left))
	}
	return n
}

// pacingLines in the order in which they are drawn. The forecast and the needed path start at what is sold now.
func pacingLines(p figures.Pacing) []pacingLine {
	now := p.Points[len(p.Points)-1]
	to := func(end int64) func(int) *float64 {
		return func(left int) *float64 { return onTheWay(now, end, left) }
	}
	var lines []pacingLine
	if f := p.Forecast; f != nil && f.Band != nil {
		lines = append(lines, pacingLine{"low", "column.forecast_low", to(f.Band.Low)},
			pacingLine{"high", "column.forecast_high", to(f.Band.High)})
	}
	for _, c := range p.Comparables[:min(mostFaint, len(p.Comparables))] {
		lines = append(lines, pacingLine{"faint", "", newCurve(c.Points, 0).sold})
	}
	lines = append(lines, pacingLine{"past", "column.comparables_middle", newCurve(p.Middle, 0).sold})
	if needed(p) {
		lines = append(lines, pacingLine{"need", "column.needed", to(p.Plan)})
	}
	if p.Forecast != nil {
		lines = append(lines, pacingLine{"next", "column.forecast", to(p.Forecast.Expected)})
	}
	return append(lines, pacingLine{"this", "column.sold", newCurve(p.Points, now.DaysLeft).sold})
}

// mostFaint are as many comparables as can be told apart.
const mostFaint = 5

// needed tells whether there is a plan that is still to be reached.
func needed(p figures.Pacing) bool {
	now := p.Points[len(p.Points)-1]
	return p.Plan > now.Sold && now.DaysLeft > 0 && !p.Show.Over && !p.Show.Cancelled
}

// onTheWay is a straight line from what is sold now to the end, in whole tickets.
func onTheWay(now figures.PacePoint, end int64, left int) *float64 {
	if left > now.DaysLeft || now.DaysLeft == 0 {
		return nil
	}
	share := float64(now.DaysLeft-left) / float64(now.DaysLeft)
	return new(math.Round(float64(now.Sold) + float64(end-now.Sold)*share))
}

// pacingEnds label the ends of the forecast at the day of the show. Where no band is promised, a bracket holds what the
// comparables would lead to.
func (b Builder) pacingEnds(p figures.Pacing, now int) (ends []format.AxisTick, bracket []float64) {
	f := p.Forecast
	if f == nil || now == 0 {
		return nil, nil
	}
	edges := f.Band
	if edges == nil && len(f.Shows) > 0 {
		edges = &f.Seen
		bracket = []float64{float64(edges.Low), float64(edges.High)}
	}
	values := []int64{f.Expected}
	if edges != nil {
		values = slices.Compact([]int64{edges.High, f.Expected, edges.Low})
	}
	for _, v := range values {
		ends = append(ends, format.AxisTick{At: float64(v), Text: b.Int(v)})
	}
	return ends, bracket
}

// pacingLevels are the plan, and the hall where the forecast comes near it.
func (b Builder) pacingLevels(p figures.Pacing) (levels []format.AxisTick) {
	if p.Plan > 0 {
		levels = append(levels, format.AxisTick{At: float64(p.Plan), Text: b.T("pacing.level_plan", p.Plan)})
	}
	if hall := p.Show.Places(); hall > 0 && hall != p.Plan && p.Forecast != nil && near(hall, p.Forecast) {
		levels = append(levels, format.AxisTick{At: float64(hall), Text: b.T("pacing.level_hall", hall)})
	}
	return levels
}

func near(hall int64, f *forecast.Forecast) bool {
	highest := f.Expected
	if f.Band != nil {
		highest = f.Band.High
	}
	return float64(hall) <= 1.2*float64(highest)
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
