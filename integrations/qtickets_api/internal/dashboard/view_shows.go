package dashboard

import (
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

func (b builder) nextShow(next *figures.ShowLine) CardView {
	v := CardView{Label: b.T("card.next"), Value: unknown, Note: b.T("card.no_next")}
	if next == nil {
		return v
	}
	v.Value = b.daysLeft(*next)
	v.Note = foreign(next.Event) + " · " + b.showTime(*next)
	v.Href = b.ask.toEvent(next.EventID, next.ShowID)
	return v
}

// daysLeft says how soon a show is.
func (b builder) daysLeft(s figures.ShowLine) string {
	switch {
	case s.Over:
		return b.T("show.over")
	case s.DaysLeft == nil:
		return unknown
	case *s.DaysLeft == 0:
		return b.T("show.today")
	case *s.DaysLeft == 1:
		return b.T("show.tomorrow")
	default:
		return b.T("show.in_days", *s.DaysLeft)
	}
}

func (b builder) showTime(s figures.ShowLine) string {
	if s.Start != nil {
		return b.ShowTime(*s.Start, s.Zone, foreign(s.City))
	}
	if s.City != "" {
		return b.T("show.no_date") + " (" + foreign(s.City) + ")"
	}
	return b.T("show.no_date")
}

func (b builder) showsBlock() Block {
	block, ok := made(b, "shows", b.d.shows)
	if !ok {
		return block
	}
	list := b.d.shows.value.Shows
	if len(list) == 0 {
		block.Title, block.Empty = b.T("shows.title"), b.T("shows.empty")
		return block
	}
	need := 0
	for _, s := range list {
		if s.Reason == figures.ShowSilent || s.Reason == figures.ShowBehind || s.Reason == figures.ShowFalling {
			need++
		}
	}
	block.Title = b.T("shows.need", need, len(list))
	if need == 0 {
		block.Title = b.T("shows.no_need", len(list))
	}
	block.Note = b.T("shows.note")
	block.Table = b.showTable(list)
	return block
}

// reason says why a show stands where it stands.
func (b builder) reason(s figures.ShowLine) string {
	return b.known("reason."+string(s.Reason), b.T("reason.unknown"))
}

// showTable has one row per show, with the reason for its place in the list.
func (b builder) showTable(list []figures.ShowLine) *Table {
	var all []figures.Totals
	for _, s := range list {
		all = append(all, figures.Totals{Money: s.Money})
	}
	currencies := currenciesOf(all...)
	t := &Table{Most: 100, Columns: []Column{
		{Name: b.T("column.show"), Plain: true}, {Name: b.T("column.date"), Plain: true, Extra: true}, {Name: b.T("column.city"), Plain: true, Extra: true},
		{Name: b.T("column.reason"), Plain: true, Bare: true},
		{Name: b.T("column.fill")}, {Name: b.T("column.sold"), Less: true}, {Name: b.T("column.left"), Less: true}, {Name: b.T("column.days_left")},
		{Name: b.T("column.speed"), Less: true}, {Name: b.T("column.need")}, {Name: b.T("column.net")},
	}}
	if len(currencies) > 1 {
		t.Columns = append(t.Columns, Column{Name: b.T("column.currency"), Plain: true, Extra: true})
	}
	for _, s := range list {
		t.Rows = append(t.Rows, b.showRow(s, len(currencies) > 1))
	}
	return t
}

func (b builder) showRow(s figures.ShowLine, several bool) Row {
	name := s.Event
	if s.Name != "" && s.Name != s.Event {
		name += " — " + s.Name
	}
	fill := percentCell(s.Fill)
	if s.Fill != nil {
		fill = fill.bar(s.Fill.InexactFloat64(), 1)
	}
	var daysLeft *int64
	if s.DaysLeft != nil && !s.Over {
		n := int64(*s.DaysLeft)
		daysLeft = &n
	}
	speed := decimal.NewFromInt(s.SalesPace).DivRound(decimal.NewFromInt(7), 1)
	when := ""
	if s.Start != nil {
		when = b.ShowTime(*s.Start, s.Zone, "")
	}
	net, currency := Cell{kind: kindMoney}, Cell{}
	if len(s.Money) > 0 {
		net, currency = moneyCell(s.Money[0].Net(), s.Money[0].Currency), textCell(s.Money[0].Currency)
	}
	cells := []Cell{
		namedCell(name).link(b.ask.toEvent(s.EventID, s.ShowID)).under(b.showTime(s)), textCell(when), namedCell(s.City),
		textCell(b.reason(s)).mark(string(s.Reason)),
		fill, countCell(s.Sold), maybeCountCell(s.Left), maybeCountCell(daysLeft), numberCell(&speed), numberCell(s.RequiredPace), net,
	}
	if several {
		cells = append(cells, currency)
	}
	return Row{Cells: cells}
}
