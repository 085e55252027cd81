package block

import (
	"cmp"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// Columns of showTable that others add up; revenue is there for whom may see money.
const soldColumn, revenueColumn = 5, 13

// calmRows of shows that ask for nothing stand open, the others open under the table.
const calmRows = 6

// showTable has one row per show, with the reason for its place in the list. The rows behind the last show in need and
// six calm ones open under it.
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
		{Name: b.T("column.fill")}, {Name: b.T("column.sold"), Less: true}, {Name: b.T("column.left"), Extra: true},
		{Name: b.T("column.days_left")},
		{Name: b.T("column.plan"), Less: true}, {Name: b.T("column.plan_is"), Plain: true, Extra: true},
		{Name: b.T("column.miss"), Extra: true},
		{Name: b.T("column.speed")}, {Name: b.T("column.need")},
	}}
	t.Columns = b.moneyColumn(t.Columns, b.T("column.net"))
	if len(currencies) > 1 {
		t.Columns = append(t.Columns, format.Column{Name: b.T("column.currency"), Plain: true, Extra: true})
	}
	for i, s := range list {
		t.Rows = append(t.Rows, b.showRow(s, len(currencies) > 1))
		if inNeed(s) {
			t.Open = i + 1
		}
	}
	if t.Open += calmRows; t.Open >= len(list)-1 { // one row is as short as the line that opens it
		t.Open = len(list)
	}
	for i := 1; i < len(list); i++ {
		name, above := &t.Rows[i].Cells[0], t.Rows[i-1].Cells[0]
		name.Again = i != t.Open && list[i].EventID == list[i-1].EventID && b.Cell(*name) == b.Cell(above)
	}
	t.Closed = b.calmInWords(list[t.Open:])
	return t
}

func inNeed(s figures.ShowLine) bool {
	return s.Reason == figures.ShowWillMiss || s.Reason == figures.ShowMayMiss
}

// calmInWords counts shows by what is said of them: "у 12 мест нет, 2 идут".
func (b Builder) calmInWords(list []figures.ShowLine) string {
	count := map[figures.ShowReason]int{}
	var order []figures.ShowReason
	for _, s := range list {
		reason := cmp.Or(s.Reason, figures.ShowUnknown)
		if count[reason] == 0 {
			order = append(order, reason)
		}
		count[reason]++
	}
	var parts []string
	for _, reason := range order {
		parts = append(parts, b.T("calm."+string(reason), count[reason]))
	}
	return strings.Join(parts, ", ")
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
		format.Name(name).WithLink(b.Params.ToEvent(s.EventID, s.ShowID)).WithSubtext(b.showSoon(s)), format.Text(when),
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
	if !inNeed(s) {
		return format.Row{Cells: cells, Mark: "calm"}
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
	case figures.ShowWillMiss, figures.ShowMayMiss:
		tickets = tickets.WithTenths(o.Tenths())
		fallthrough
	case figures.ShowOnCourse:
		miss = format.Count(o.Tenths())
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
	if inNeed(s) {
		return b.T(s.Outlook.Key("reason."+string(s.Reason)), s.Outlook.Tenths())
	}
	return b.TOr("reason."+string(s.Reason), b.T("reason.unknown"))
}

// inWords says what the forecast of a show in need is.
func (b Builder) inWords(s figures.ShowLine) string {
	if !inNeed(s) {
		return ""
	}
	band := s.Outlook.Forecast.Band
	return b.T(s.Outlook.Key("reason.words"), b.Int(band.Low)+"–"+b.Int(band.High), s.Outlook.Plan)
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

// showSoon is showTime for a list: the year only where it is far.
func (b Builder) showSoon(s figures.ShowLine) string {
	if s.Start == nil {
		return b.showTime(s)
	}
	return b.ShowTimeShort(*s.Start, b.Now, s.Zone, format.Sanitize(s.City))
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
