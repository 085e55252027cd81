package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

func (b builder) eventBlock() Block {
	block, ok := made(b, "event", b.d.event)
	if !ok {
		return block
	}
	e := b.d.event.value
	line, all := e.Total, true
	if e.Show != nil {
		line, all = *e.Show, false
	} else if len(e.Shows) == 1 {
		line, all = e.Shows[0], false
	}
	block.Title = foreign(e.Name)
	head := &EventHead{Name: foreign(e.Name), Where: joined(" · ", foreign(e.City), foreign(e.Place))}
	if all {
		head.When = b.T("event.all_shows", len(e.Shows))
	} else {
		head.When = b.showTime(line)
	}
	if len(e.Shows) > 1 {
		head.Shows = b.showLinks(e)
	}
	head.Facts = b.eventFacts(line, all)
	head.More = Link{Text: b.T("event.channels"), Href: b.ask.url(func(next *ask) {
		next.screen, next.filter = screenChannels, Filter{Event: e.EventID, Period: PeriodSeason}
	})}
	block.Heading = head
	block.Table = b.factTable(line)
	return block
}

// factTable are the figures of the head for the CSV.
func (b builder) factTable(s ShowLine) *Table {
	return b.showTable([]ShowLine{s})
}

func joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}

// showLinks are the dates of an event, those to come first.
func (b builder) showLinks(e Event) []Link {
	list := []Link{{Text: b.T("event.all"), Current: e.Show == nil, Href: b.ask.toEvent(e.EventID, 0)}}
	for _, s := range e.Shows {
		label := b.T("show.no_date")
		if s.LocalDate != nil {
			label = joined(", ", b.DayOfWeek(*s.LocalDate), s.LocalTime)
		}
		list = append(list, Link{Text: label, Href: b.ask.toEvent(s.EventID, s.ShowID), Current: e.Show != nil && e.Show.ShowID == s.ShowID})
	}
	return list
}

func (b builder) eventFacts(s ShowLine, all bool) []CardView {
	sold := CardView{Label: b.T("fact.sold"), Value: b.Int(s.Sold), Note: b.T("fact.of_capacity", b.Cell(maybeCountCell(s.Capacity)))}
	if s.Capacity == nil {
		sold.Note = b.T("fact.no_seats")
	}
	if s.Free > 0 {
		sold.Note += " · " + b.T("card.free", s.Free)
	}
	fill := CardView{Label: b.T("fact.fill"), Value: b.Cell(percentCell(s.Fill)), Note: b.T("fact.no_seats")}
	if s.Left != nil {
		fill.Note = b.T("fact.left", *s.Left)
	}
	facts := []CardView{sold, fill}
	if len(s.Money) == 0 {
		facts = append(facts, CardView{Label: b.T("fact.revenue"), Value: b.MoneyWhole(decimal.Zero, s.PossibleCurrency), Note: b.T("fact.nothing")})
	}
	for i, a := range s.Money {
		v := CardView{Label: b.T("fact.revenue"), Value: b.MoneyWhole(a.Net(), a.Currency), Note: b.T("fact.gross", b.MoneyWhole(a.Gross, a.Currency))}
		if i > 0 {
			facts[2].More = append(facts[2].More, v.Value)
			continue
		}
		facts = append(facts, v)
	}
	main := ""
	if len(s.Money) > 0 {
		main = s.Money[0].Currency
	}
	refunds := CardView{Label: b.T("fact.refunds"), Value: b.Int(s.Refunded), Note: b.T("fact.none")}
	if len(s.Money) > 0 && s.Refunded > 0 {
		refunds.Note = b.MoneyWhole(s.Money[0].Refunds, main)
	}
	share := CardView{Label: b.T("fact.share"), Value: b.Cell(percentCell(s.Share)), Note: b.T("fact.no_possible")}
	if s.Possible != nil {
		share.Note = b.T("fact.of", b.MoneyWhole(*s.Possible, s.PossibleCurrency))
	}
	facts = append(facts, refunds, share)
	if all {
		return facts
	}
	left := CardView{Label: b.T("fact.left_days"), Value: b.daysLeft(s), Note: b.T("reason." + string(s.Reason))}
	if s.Need != nil {
		speed := decimal.NewFromInt(s.Speed).DivRound(decimal.NewFromInt(7), 1)
		left.Note = b.T("fact.need", b.Number(*s.Need, 1), b.Number(speed, 1))
	}
	return append(facts, left)
}

func (b builder) eventDaysBlock() Block {
	block, ok := made(b, "event-days", b.d.days)
	if !ok {
		return block
	}
	return b.dayBlock(block, b.d.days.value, b.eventDaysTitle)
}

func (b builder) eventDaysTitle(days []Day) string {
	var tickets, refunded int64
	for _, d := range days {
		tickets, refunded = tickets+d.Tickets, refunded+d.Refunded
	}
	return b.T("event-days.heading", tickets, refunded)
}

func (b builder) zonesBlock() Block {
	if b.shown() == 0 {
		return Block{}
	}
	block, ok := made(b, "zones", b.d.zones)
	if !ok {
		return block
	}
	zones := b.d.zones.value
	if len(zones.Zones) == 0 {
		block.Empty = b.T("zones.empty")
		return block
	}
	if zones.SeenAt != nil {
		block.Note = b.T("zones.note", b.Moment(*zones.SeenAt, b.now))
	}
	full := 0
	for _, z := range zones.Zones {
		if z.Free != nil && *z.Free == 0 {
			full++
		}
	}
	if full > 0 {
		block.Title = b.T("zones.full", full, len(zones.Zones))
	} else {
		block.Title = b.T("zones.heading", len(zones.Zones))
	}
	block.Table = &Table{Columns: b.columns("column.zone", "column.fill", "column.sold", "column.left", "column.held", "column.closed", "column.capacity", "column.min_price", "column.max_price")}
	for _, z := range zones.Zones {
		fill := percentCell(z.Fill)
		if z.Fill != nil {
			fill = fill.bar(z.Fill.InexactFloat64(), 1)
		}
		block.Table.Rows = append(block.Table.Rows, Row{Cells: []Cell{
			namedCell(z.Name), fill, maybeCountCell(z.Sold), maybeCountCell(z.Free), maybeCountCell(z.Held), maybeCountCell(z.Closed),
			maybeCountCell(z.Capacity), maybeMoneyCell(z.MinPrice, z.Currency), maybeMoneyCell(z.MaxPrice, z.Currency),
		}})
	}
	return block
}

// shown is the show whose pacing and hall are drawn, 0 when it is all of them.
func (b builder) shown() uint64 { return shownShow(b.d.event.value, b.ask.filter.Show) }

// eventShowsBlock lists the shows when none is chosen.
func (b builder) eventShowsBlock() Block {
	e := b.d.event
	if e.err != nil || len(e.value.Shows) < 2 || e.value.Show != nil {
		return Block{}
	}
	return Block{ID: "event-shows", Title: b.T("event-shows.heading", len(e.value.Shows)), Table: b.showTable(e.value.Shows)}
}

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
		block.Empty = b.T("gap." + string(GapNothingSold))
		if p.WhyNot != GapNone {
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

func (b builder) pacingTitle(p Pacing) string {
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

func (b builder) pacingNote(p Pacing) string {
	var parts []string
	if p.Pace != nil {
		parts = append(parts, b.T("pacing.pace", b.PercentWhole(*p.Pace), len(p.Comparables)))
	}
	if p.PastError != nil {
		parts = append(parts, b.T("pacing.error", b.PercentWhole(p.PastError.Shift(-2)), p.PastShows))
	}
	if p.Forecast == nil && p.WhyNot != GapNone {
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
	points []PacePoint
	until  int // the last day it knows
}

func newCurve(points []PacePoint, until int) curve { return curve{points, until} }

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
func (b builder) pacingChart(p Pacing) (*Chart, *Table) {
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

func forecastEnds(p Pacing) fan {
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
