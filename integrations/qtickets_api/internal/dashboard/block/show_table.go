package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// showTable has one row per show, with the reason for its place in the list.
func (b Builder) showTable(list []figures.ShowLine) *format.Table {
	var all []figures.Totals
	for _, s := range list {
		all = append(all, figures.Totals{Money: s.Money})
	}
	currencies := currenciesOf(all...)
	t := &format.Table{Limit: 100, Columns: []format.Column{
		{Name: b.T("column.show"), Plain: true}, {Name: b.T("column.date"), Plain: true, Extra: true},
		{Name: b.T("column.city"), Plain: true, Extra: true},
		{Name: b.T("column.reason"), Plain: true, Bare: true},
		{Name: b.T("column.fill")}, {Name: b.T("column.sold"), Less: true}, {Name: b.T("column.left"), Less: true},
		{Name: b.T("column.days_left")},
		{Name: b.T("column.plan"), Less: true}, {Name: b.T("column.plan_is"), Plain: true, Extra: true},
		{Name: b.T("column.miss"), Extra: true},
		{Name: b.T("column.speed"), Less: true}, {Name: b.T("column.need")},
	}}
	t.Columns = b.moneyColumn(t.Columns, b.T("column.net"))
	if len(currencies) > 1 {
		t.Columns = append(t.Columns, format.Column{Name: b.T("column.currency"), Plain: true, Extra: true})
	}
	for _, s := range list {
		t.Rows = append(t.Rows, b.showRow(s, len(currencies) > 1))
	}
	return t
}

func (b Builder) showRow(s figures.ShowLine, several bool) format.Row {
	name := s.Event
	if s.Name != "" && s.Name != s.Event {
		name += " — " + s.Name
	}
	fill := format.Percent(s.Fill)
	if s.Fill != nil {
		fill = fill.WithBar(s.Fill.InexactFloat64(), 1)
	}
	var daysLeft *int64
	if s.DaysLeft != nil && !s.Over {
		n := int64(*s.DaysLeft)
		daysLeft = &n
	}
	speed := s.PaceADay()
	when := ""
	if s.Start != nil {
		when = b.ShowTime(*s.Start, s.Zone, "")
	}
	n := b.numbers().ofShow(s.EventID, s.ShowID)
	net, currency := format.Cell{}, format.Cell{}
	if len(s.Money) > 0 {
		in := s.Money[0].Currency
		net, currency = n.link(format.Money(s.Money[0].Net(), in), figures.FigureRevenue, in), format.Text(in)
	}
	plan, is, miss := b.goal(s)
	cells := []format.Cell{
		format.Name(name).WithLink(b.Params.ToEvent(s.EventID, s.ShowID)).WithSubtext(b.showTime(s)), format.Text(when),
		format.Name(s.City),
		format.Text(b.reason(s)).WithMark(string(s.Reason)).WithSubtext(b.inWords(s)),
		fill, n.link(format.Count(s.Sold), figures.FigureSold, ""), format.MaybeCount(s.Left), format.MaybeCount(daysLeft),
		plan, is, miss, n.of(figures.ByWeek).link(format.Number(&speed), figures.FigureTickets, ""),
		format.Number(s.RequiredPace),
	}
	cells = b.moneyCell(cells, net)
	if several {
		cells = append(cells, currency)
	}
	return format.Row{Cells: cells}
}

// goal is what a show is to sell, whether that is the imported plan or stands for it, and of how many times in ten the
// show ends below, where that can be told.
func (b Builder) goal(s figures.ShowLine) (tickets, is, miss format.Cell) {
	o := s.Outlook
	if o == nil || o.Plan == 0 {
		return format.Cell{}, format.Cell{}, format.Cell{}
	}
	what := b.T("plan.usual")
	below := what
	if o.Planned {
		what = b.T("plan.imported")
		below = b.T("plan.reached")
		if left := o.Plan - s.Sold; left > 0 {
			below = b.T("plan.left", left)
		}
	}
	tickets = format.Count(o.Plan).WithSubtext(below)
	switch s.Reason {
	case figures.ShowWillMiss, figures.ShowMayMiss, figures.ShowOnCourse:
		tickets, miss = tickets.WithTenths(o.Tenths()), format.Count(o.Tenths())
	}
	return tickets, format.Text(what), miss
}

// reason says why a show stands where it stands. "Sold out" is said of a hall that is sold: where nothing can be bought
// and some of it is held, the percentage beside it is below 100.
func (b Builder) reason(s figures.ShowLine) string {
	if s.Reason == figures.ShowSoldOut && s.Fill == nil {
		return b.T("reason.no_seats")
	}
	if s.Reason == figures.ShowSoldOut && s.Held() > 0 {
		return b.T("reason.held", s.Held())
	}
	if s.Reason == figures.ShowWillMiss || s.Reason == figures.ShowMayMiss {
		return b.T(s.Outlook.Key("reason."+string(s.Reason)), s.Outlook.Tenths())
	}
	return b.TOr("reason."+string(s.Reason), b.T("reason.unknown"))
}

// inWords says what the forecast of a show in need is, and what it would take.
func (b Builder) inWords(s figures.ShowLine) string {
	if s.Reason != figures.ShowWillMiss && s.Reason != figures.ShowMayMiss {
		return ""
	}
	band := s.Outlook.Forecast.Band
	return b.T(s.Outlook.Key("reason.words"), b.Int(band.Low)+"–"+b.Int(band.High), s.Outlook.Plan,
		b.Number(*s.RequiredPace, 1), b.Number(s.PaceADay(), 1))
}

// daysLeft says how soon a show is.
func (b Builder) daysLeft(s figures.ShowLine) string {
	switch {
	case s.Over:
		return b.T("show.over")
	case s.DaysLeft == nil:
		return format.Unknown
	case *s.DaysLeft == 0:
		return b.T("show.today")
	case *s.DaysLeft == 1:
		return b.T("show.tomorrow")
	default:
		return b.T("show.in_days", *s.DaysLeft)
	}
}

func (b Builder) showTime(s figures.ShowLine) string {
	if s.Start != nil {
		return b.ShowTime(*s.Start, s.Zone, format.Sanitize(s.City))
	}
	if s.City != "" {
		return b.T("show.no_date") + " (" + format.Sanitize(s.City) + ")"
	}
	return b.T("show.no_date")
}
