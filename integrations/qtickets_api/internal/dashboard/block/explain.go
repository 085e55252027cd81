package block

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "explain", Screen: address.Explain, Order: 10}, (*figures.Store).MadeOf, Builder.explain)

// explain lists the movements that a number is made of, a page of them, and what all of them add up to.
func (b Builder) explain(v *View, m figures.MadeOf) {
	n := b.Params.Filter.Number
	v.Note = b.whatNumber(m)
	if m.Count == 0 {
		v.Title, v.Empty = b.T("explain.figure."+string(n.Figure)), b.T("explain.none")
		return
	}
	v.Title = b.numberHeading(m)
	if m.Count > figures.MadeOfPage {
		first := int64(n.Page) * figures.MadeOfPage
		v.Note += " · " + b.T("explain.lines", first+1, first+int64(len(m.Movements)), m.Count)
	}
	v.Switch = append(b.otherFigures(m), b.leaves(m)...)
	v.Table = b.movementTable(m)
}

// part is a number of the figure, or what a movement adds to it.
func (b Builder) part(d decimal.Decimal, n figures.Number) format.Cell {
	if n.Figure.IsMoney() {
		return format.Money(d, n.Currency)
	}
	return format.Count(d.IntPart())
}

// numberHeading says what a number is and, where the page shows an average of it, how that is made.
func (b Builder) numberHeading(m figures.MadeOf) string {
	n := b.Params.Filter.Number
	figure, total, each := b.T("explain.figure."+string(n.Figure)), b.Cell(b.part(m.Total, n)), m.Each(n)
	if each == nil {
		return b.T("explain.heading", figure, total)
	}
	average := format.Number(each)
	if n.Figure.IsMoney() {
		average = format.Money(*each, n.Currency)
	}
	if m.Days > 0 {
		return b.T("explain.average.days", figure, total, m.Days, b.Cell(average))
	}
	return b.T("explain.average."+string(n.Figure), figure, total, m.Tickets, b.Cell(average))
}

// otherFigures lead to the other figures of the same movements.
func (b Builder) otherFigures(m figures.MadeOf) (list []Link) {
	var currencies []string
	for i := range m.Movements {
		if c := m.Movements[i].Currency; c != "" && !slices.Contains(currencies, c) {
			currencies = append(currencies, c)
		}
	}
	n := b.Params.Filter.Number
	add := func(figure figures.Figure, currency, text string) {
		list = append(list, Link{Text: text, Current: figure == n.Figure && currency == n.Currency,
			Href: b.Params.With(func(p *address.Params) {
				p.Filter.Number.Figure, p.Filter.Number.Currency, p.Filter.Number.Page = figure, currency, 0
			})})
	}
	of := n.Currency
	if n.Figure.IsMoney() { // which has a currency anyway
		of = ""
	}
	for _, figure := range []figures.Figure{figures.FigureTickets, figures.FigureFree, figures.FigureRefunded,
		figures.FigureOrders} {
		add(figure, of, b.T("explain.figure."+string(figure)))
	}
	for _, c := range currencies {
		if b.Params.Scope.NoMoney {
			break
		}
		for _, figure := range []figures.Figure{figures.FigureGross, figures.FigureRefunds, figures.FigureRevenue} {
			add(figure, c, Joined(", ", b.T("explain.figure."+string(figure)), c))
		}
	}
	return list
}

// leaves lead to the page of movements before and after this.
func (b Builder) leaves(m figures.MadeOf) (list []Link) {
	add := func(key string, to int) {
		list = append(list, Link{Text: b.T(key), Href: b.Params.With(func(p *address.Params) { p.Filter.Number.Page = to })})
	}
	page := b.Params.Filter.Number.Page
	if page > 0 {
		add("explain.back", page-1)
	}
	if int64(page+1)*figures.MadeOfPage < m.Count {
		add("explain.on", page+1)
	}
	return list
}

// whatNumber says in words of which movements a number is.
func (b Builder) whatNumber(m figures.MadeOf) string {
	f, n := b.Params.Filter, b.Params.Filter.Number
	parts := []string{b.stretch(n.Since, n.Upto)}
	if n.Of == figures.ByWeek {
		parts[0] = b.T("explain.week", b.MomentFull(b.Now))
	}
	if f.City != "" {
		parts = append(parts, format.Isolate(format.Sanitize(f.City)))
	}
	if f.Event != 0 {
		name := b.T("explain.event", strconv.FormatUint(f.Event, 10))
		if len(m.Movements) > 0 {
			name = format.Isolate(format.Sanitize(m.Movements[0].Event))
		}
		parts = append(parts, name)
	}
	if f.Show != 0 && len(m.Movements) > 0 {
		parts = append(parts, b.T("explain.show", b.showDay(m.Movements[0])))
	}
	if n.Depth > 0 {
		of := "explain.of." + string(n.Of)
		if n.Of == figures.ByPlan {
			of += "." + n.Keys[1]
		}
		parts = append(parts, b.T(of)+": "+b.keysOf(n))
	}
	if !n.Figure.IsMoney() && n.Currency != "" {
		parts = append(parts, format.Sanitize(n.Currency))
	}
	return strings.Join(parts, " · ")
}

// keysOf says whose movements are meant.
func (b Builder) keysOf(n figures.Number) string {
	switch n.Of {
	case figures.ByLead:
		return b.leadName(leadOf(n.Keys[0], n.Keys[1]))
	case figures.BySize:
		tickets, _ := strconv.Atoi(n.Keys[0]) // the address was read
		return b.sizeName(tickets)
	case figures.ByHour:
		day, _ := strconv.Atoi(n.Keys[0])
		hour, _ := strconv.Atoi(n.Keys[1])
		return Joined(", ", b.Weekday(time.Weekday(day%7)), fmt.Sprintf("%02d–%02d", hour, hour+1))
	case figures.ByPlan:
		month, _ := strconv.Atoi(n.Keys[0])
		return b.Month(time.Date(month/100, time.Month(month%100), 1, 0, 0, 0, 0, time.UTC))
	}
	var keys []string
	for _, key := range n.Keys[:n.Depth] {
		if key == "" {
			key = b.T("explain.nothing")
		}
		keys = append(keys, format.Isolate(format.Sanitize(key)))
	}
	return strings.Join(keys, " / ")
}

// stretch is the time between two moments in words; whole days are told as days.
func (b Builder) stretch(since, upto time.Time) string {
	last := upto.AddDate(0, 0, -1)
	whole := midnight(upto).Equal(upto)
	switch {
	case upto.IsZero() && since.IsZero():
		return b.T("explain.all_time")
	case upto.IsZero():
		return b.T("explain.since", b.MomentFull(since))
	case since.IsZero() && whole:
		return b.T("span.all", b.Date(last))
	case since.IsZero():
		return b.T("span.all", b.MomentFull(upto))
	case whole && midnight(since).Equal(since):
		return b.span(figures.Span{From: midnight(since), To: midnight(last)})
	default:
		return b.T("span", b.MomentFull(since), b.MomentFull(upto))
	}
}

func (b Builder) showDay(m figures.Movement) string {
	if m.ShowDate == nil {
		return "#" + strconv.FormatUint(m.ShowID, 10)
	}
	return b.Date(*m.ShowDate)
}

// movementTable has a row for each movement and, on the page, one for the number.
func (b Builder) movementTable(m figures.MadeOf) *format.Table {
	n := b.Params.Filter.Number
	t := &format.Table{Columns: []format.Column{
		{Name: b.T("column.when"), Plain: true}, {Name: b.T("column.kind"), Plain: true},
		{Name: b.T("column.order"), Plain: true}, {Name: b.T("column.ticket_ids"), Plain: true},
		{Name: b.T("column.event"), Plain: true}, {Name: b.T("column.date"), Plain: true},
	}}
	ofTickets := slices.Contains([]figures.Figure{figures.FigureTickets, figures.FigureRefunded, figures.FigureFree,
		figures.FigureLate}, n.Figure)
	if !ofTickets {
		t.Columns = append(t.Columns, format.Column{Name: b.T("column.tickets")})
	}
	if !n.Figure.IsMoney() {
		t.Columns = b.moneyColumn(t.Columns, b.T("column.amount"))
	}
	t.Columns = append(t.Columns, format.Column{Name: b.T("explain.figure." + string(n.Figure))})
	for i := range m.Movements {
		t.Rows = append(t.Rows, b.movementRow(&m.Movements[i], !ofTickets))
	}
	t.Total = slices.Repeat([]format.Cell{format.Blank()}, len(t.Columns))
	t.Total[0], t.Total[len(t.Total)-1] = format.Text(b.T("table.total")), b.part(m.Total, n)
	return t
}

func (b Builder) movementRow(m *figures.Movement, tickets bool) format.Row {
	n := b.Params.Filter.Number
	kind := format.Text(b.T("explain.sale"))
	if m.Refund {
		kind = format.Text(b.T("explain.refund")).WithMark("bad")
	}
	order := ""
	if m.Order != 0 {
		order = strconv.FormatUint(m.Order, 10)
	}
	var ids []string
	for _, id := range m.TicketIDs {
		ids = append(ids, strconv.FormatUint(id, 10))
	}
	date := format.Cell{}
	if m.ShowDate != nil {
		date = format.Date(*m.ShowDate)
	}
	cells := []format.Cell{format.Moment(&m.At), kind, format.Text(order), format.Text(strings.Join(ids, ", ")),
		format.Name(m.Event), date}
	if tickets {
		cells = append(cells, format.Count(m.Tickets))
	}
	if !n.Figure.IsMoney() {
		cells = b.moneyCell(cells, format.Money(m.Amount, m.Currency))
	}
	return format.Row{Cells: append(cells, b.part(m.Part, n))}
}
