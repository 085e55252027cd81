package block

import (
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// span says in words which days are shown and what they are compared with.
func (b Builder) span(s figures.Span) string {
	if s.From.Year() < 2000 { // all time begins whenever
		return b.T("span.all", b.Date(s.To))
	}
	text := b.DayRange(s.From, s.To, b.Now)
	if s.BeforeFrom == nil || s.BeforeTo == nil {
		return text
	}
	until := ""
	if s.BeforeUntil != nil && s.BeforeUntil.Before(midnight(*s.BeforeTo).AddDate(0, 0, 1)) {
		until = " " + b.T("span.until", b.Moment(*s.BeforeUntil, midnight(*s.BeforeTo)))
	}
	text += " · " + b.T("span.before", b.DayRange(*s.BeforeFrom, *s.BeforeTo, b.Now)) + until
	if s.BeforeIncomplete {
		text += " · " + b.T("span.incomplete")
	}
	return text
}

// channelColumns are the figures of a channel, with the comparison where it is asked for.
func (b Builder) channelColumns(first string, span figures.Span, currencies []string) []format.Column {
	columns := append(b.columns(first, "column.tickets", "column.orders"), b.moneyColumns(currencies)...)
	columns[0].Wide, columns[2].Less = true, true
	if span.BeforeFrom != nil {
		columns = append(columns, format.Column{Name: b.T("column.before"), Less: true},
			format.Column{Name: b.T("column.change")})
	}
	return columns
}

// channelLine is a row of channelColumns.
type channelLine struct {
	name   format.Cell
	totals figures.Totals
	usual  figures.Totals // of the whole table
	before *figures.Totals
	most   int64 // tickets of the longest bar
	number numbers
}

func (l channelLine) cells(span figures.Span, currencies []string) []format.Cell {
	n := l.number.in(span)
	tickets := format.Count(l.totals.Tickets).WithBar(float64(l.totals.Tickets), float64(l.most))
	cells := append([]format.Cell{l.name, n.link(tickets, figures.FigureTickets, ""),
		n.link(format.Count(l.totals.Orders), figures.FigureOrders, "")}, moneyCells(l.totals, l.usual, currencies, n)...)
	if span.BeforeFrom != nil {
		cells = append(cells, beforeCell(l.before, n.before(span)), changeCell(l.totals.Tickets, l.before))
	}
	return cells
}

// totalLine is what lines of channelColumns add up to.
func (b Builder) totalLine(totals figures.Totals, before *figures.Totals) channelLine {
	return channelLine{name: b.totalName(), totals: totals, usual: totals, before: before, number: b.numbers()}
}

func (b Builder) totalName() format.Cell { return format.Text(b.T("table.total")) }

// sumOfBefore is what the times that parts are compared with add up to; nil: there is no comparison.
func sumOfBefore[T any](parts []T, before func(T) *figures.Totals) *figures.Totals {
	var all []figures.Totals
	for _, part := range parts {
		if was := before(part); was != nil {
			all = append(all, *was)
		}
	}
	if all == nil {
		return nil
	}
	return new(figures.SumOf(all...))
}

// changeCell is a percentage only where there is enough to compare with.
func changeCell(now int64, before *figures.Totals) format.Cell {
	if before == nil || before.Tickets < 10 {
		return format.Cell{}
	}
	was := decimal.NewFromInt(before.Tickets)
	change := decimal.NewFromInt(now).Sub(was).DivRound(was, 4)
	return format.Percent(&change).WithSign()
}
