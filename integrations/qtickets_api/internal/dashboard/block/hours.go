package block

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "hours", Screen: address.Today, Order: 30, Half: true}, (*figures.Store).Hours, Builder.hours)

func (b Builder) hours(v *View, hours figures.Hours) {
	if len(hours.Points) == 0 {
		v.Empty = b.T("hours.empty")
		return
	}
	v.Switch = b.byLinks()
	v.Title = b.hoursTitle(hours)
	v.Note = b.T("hours.note", hours.Weeks, b.BaselineDay(hours.Day.Weekday()))
	if hours.Weeks == 0 {
		v.Note = b.T("hours.note_young")
	}
	v.Legend = []Key{{"this", b.T("legend.today")}, {"past", b.T("legend.usual")}, {"band", b.T("legend.band")}}
	v.Table = b.hoursTable(hours)
	sold := func(p figures.HourPoint) bool { return isPositive(p.Tickets.Today) || isPositive(p.Tickets.High) }
	if !slices.ContainsFunc(hours.Points, sold) {
		v.Switch, v.Legend, v.Empty = nil, nil, b.T("hours.none")
		return
	}
	v.Chart = b.hoursChart(hours)
}

func isPositive(d *decimal.Decimal) bool { return d != nil && d.IsPositive() }

// hoursTitle says what is usual by the end of the day: how the day is so far is the heading of the page.
func (b Builder) hoursTitle(hours figures.Hours) string {
	end := hours.Points[len(hours.Points)-1]
	switch {
	case b.Params.Money && end.Revenue.Median != nil:
		return b.T("hours.heading", b.MoneyShort(*end.Revenue.Median, hours.Currency))
	case !b.Params.Money && end.Tickets.Median != nil:
		return b.T("hours.heading", b.fewTickets(*end.Tickets.Median))
	}
	return b.T("hours.title")
}

// Answer is whether today is a good day, the heading of its page: with the city and the day; "": it is not known.
func (b Builder) Answer() string {
	result := b.Results["hours"]
	hours, known := result.Value.(figures.Hours)
	if b.Params.Screen != address.Today || result.Err != nil || !known || len(hours.Points) == 0 {
		return ""
	}
	answer := b.hoursAnswer(hours)
	if answer == "" {
		return ""
	}
	return Joined(". ", format.Sanitize(b.Params.Filter.City), format.Capital(b.DayOfWeek(hours.Day)), answer)
}

// hoursAnswer compares the last known minute with the same minute of the weeks before; "": none is known.
func (b Builder) hoursAnswer(hours figures.Hours) string {
	last := slices.IndexFunc(hours.Points, func(p figures.HourPoint) bool { return p.Tickets.Today == nil }) - 1
	if last == -2 {
		last = len(hours.Points) - 1
	}
	if last < 0 {
		return ""
	}
	tickets, band, money := hours.Points[last].Tickets, hours.Points[last].Tickets, ""
	sold := any(tickets.Today.IntPart())
	if b.Params.Money && hours.Points[last].Revenue.Today != nil {
		band, money = hours.Points[last].Revenue, "_money"
		sold = b.MoneyShort(*band.Today, hours.Currency)
	}
	verdict := "within"
	switch {
	case band.Low == nil || band.High == nil || !figures.Compares(tickets.Median):
		verdict = "plain"
	case band.Side() == figures.Below:
		verdict = "below"
	case band.Side() == figures.Above:
		verdict = "above"
	}
	return b.T("hours."+verdict+money, sold, b.Clock(b.Now))
}

func (b Builder) hoursTable(hours figures.Hours) *format.Table {
	c := hours.Currency
	t := &format.Table{Columns: b.columns("column.hour", "column.tickets", "column.usual", "column.low", "column.high")}
	t.Columns = b.moneyColumn(t.Columns, b.T("column.revenue", c))
	t.Columns = b.moneyColumn(t.Columns, b.T("column.usual_revenue", c))
	for _, p := range hours.Points {
		n := b.numbers().onDay(hours.Day) // at the minute of the data: all there is of the day
		if p.Minute%60 == 0 {
			n.number.Upto = midnight(hours.Day).Add(time.Duration(p.Minute) * time.Minute)
		}
		if p.Tickets.Today != nil && p.Tickets.Today.IsPositive() {
			n.only = figures.FigureTickets
		}
		row := format.Row{Cells: []format.Cell{
			format.Text(fmt.Sprintf("%02d:%02d", p.Minute/60, p.Minute%60)),
			n.link(format.Number(p.Tickets.Today), figures.FigureTickets, ""), format.Number(p.Tickets.Median),
			format.Number(p.Tickets.Low),
			format.Number(p.Tickets.High),
		}}
		row.Cells = b.moneyCell(row.Cells, n.link(format.MaybeMoney(p.Revenue.Today, c), figures.FigureGross, c))
		row.Cells = b.moneyCell(row.Cells, format.MaybeMoney(p.Revenue.Median, c))
		if p.Minute%60 != 0 {
			row.Mark = "now"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (b Builder) hoursChart(hours figures.Hours) *format.Chart {
	chart := &format.Chart{To: 24 * 60}
	low, high, past, this := format.Series{Style: "low"}, format.Series{Style: "high"}, format.Series{Style: "past"},
		format.Series{Style: "this"}
	for _, p := range hours.Points {
		band := p.Tickets
		if b.Params.Money {
			band = p.Revenue
		}
		if p.Minute%60 != 0 {
			chart.Now = new(float64(p.Minute))
		}
		chart.X = append(chart.X, float64(p.Minute))
		low.Values, high.Values = append(low.Values, toFloat(band.Low)), append(high.Values, toFloat(band.High))
		past.Values, this.Values = append(past.Values, toFloat(band.Median)), append(this.Values, toFloat(band.Today))
	}
	chart.Series = []format.Series{low, high, past, this}
	for h := 0; h <= 24; h += 3 {
		chart.XTicks = append(chart.XTicks, format.AxisTick{At: float64(h * 60), Text: fmt.Sprintf("%02d:00", h)})
	}
	b.scale(chart, hours.Currency)
	return chart
}
