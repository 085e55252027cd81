package block

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// mainCurrency of figures; what a world without sales sells in is not known.
func mainCurrency(currencies []string) string {
	if len(currencies) == 0 {
		return ""
	}
	return currencies[0]
}

func currenciesOf(all ...figures.Totals) []string {
	var list []string
	seen := map[string]bool{}
	for _, f := range all {
		for _, a := range f.Money {
			if !seen[a.Currency] {
				seen[a.Currency] = true
				list = append(list, a.Currency)
			}
		}
	}
	return list
}

// columns makes columns of figures behind a first one of words.
func (b Builder) columns(first string, keys ...string) []format.Column {
	list := []format.Column{{Name: b.T(first), Plain: true}}
	for _, key := range keys {
		list = append(list, format.Column{Name: b.T(key)})
	}
	return list
}

// moneyColumns are paid and given back in each currency, and moneyCells their cells; the page has columns of the main
// currency alone.
func (b Builder) moneyColumns(currencies []string) []format.Column {
	var list []format.Column
	for i, c := range currencies {
		list = append(list, format.Column{Name: b.T("column.gross", c), Extra: i > 0},
			format.Column{Name: b.T("column.refunds", c), Extra: i > 0})
	}
	return list
}

func moneyCells(f, usual figures.Totals, currencies []string, n numbers) []format.Cell {
	return underMain(currencies, func(c string) []format.Cell { return grossAndRefunds(f.In(c), usual.In(c), n) })
}

func grossAndRefunds(in, usual figures.Amounts, n numbers) []format.Cell {
	refunds := format.Money(in.Refunds, in.Currency).WithMark(lost(in.Refunds, in.Gross, usual.Refunds, usual.Gross))
	gross := format.Money(in.Gross, in.Currency)
	if in.Gross.IsZero() {
		gross = gross.WithMark("quiet")
	}
	return []format.Cell{n.link(gross, figures.FigureGross, in.Currency),
		n.link(refunds, figures.FigureRefunds, in.Currency)}
}

// underMain are the cells of each currency, the main one first: under each of the main one stand those of the others
// that are not zero.
func underMain(currencies []string, cells func(currency string) []format.Cell) []format.Cell {
	var list []format.Cell
	for i, c := range currencies {
		of := cells(c)
		for k := range of {
			if i > 0 && !of[k].Zero() {
				list[k].Others = append(list[k].Others, of[k])
			}
		}
		list = append(list, of...)
	}
	return list
}

// lost marks what was given back: trouble is more than twice its usual part of what was paid; nothing is no news.
func lost(back, paid, usualBack, usualPaid decimal.Decimal) string {
	switch {
	case back.Sign() <= 0:
		return "quiet"
	case back.Mul(usualPaid).GreaterThan(usualBack.Mul(paid).Mul(decimal.NewFromInt(2))):
		return "bad"
	}
	return ""
}

// refundedCell are the tickets given back, beside the usual part of a table.
func refundedCell(f, usual figures.Totals) format.Cell {
	n := decimal.NewFromInt
	return format.Count(f.Refunded).WithMark(lost(n(f.Refunded), n(f.Tickets), n(usual.Refunded), n(usual.Tickets)))
}

// beforeCell are the tickets of the time it is compared with; format.Unknown is not zero.
func beforeCell(f *figures.Totals, n numbers) format.Cell {
	if f == nil {
		return format.Cell{}
	}
	return n.link(format.Count(f.Tickets), figures.FigureTickets, "")
}

// byLinks switches charts between tickets and money, where there is any.
func (b Builder) byLinks() []Link {
	if b.Params.Scope.NoMoney {
		return nil
	}
	return []Link{
		{Text: b.T("by.tickets"), Current: !b.Params.Money, Href: b.Params.With(func(a *address.Params) { a.Money = false })},
		{Text: b.T("by.money"), Current: b.Params.Money, Href: b.Params.With(func(a *address.Params) { a.Money = true })},
	}
}

// PeriodLinks change the period with one click.
func (b Builder) PeriodLinks() []Link {
	var list []Link
	for _, p := range address.Periods() {
		list = append(list, Link{Text: b.T("period." + string(p)), Current: b.Params.Filter.Period == p,
			Href: b.Params.With(func(next *address.Params) {
				next.Filter.Period, next.Filter.From, next.Filter.To = p, time.Time{}, time.Time{}
			})})
	}
	return list
}

// periodNote says what days a block covers.
func (b Builder) periodNote() string {
	f := b.Params.Filter
	if f.Period == figures.PeriodRange {
		return b.T("period.range", b.Date(f.From), b.Date(f.To))
	}
	return b.T("period.note." + string(f.Period))
}

// moneyColumn is a column of money: none where there is none, like moneyCell.
func (b Builder) moneyColumn(columns []format.Column, name string) []format.Column {
	if b.Params.Scope.NoMoney {
		return columns
	}
	return append(columns, format.Column{Name: name})
}

func (b Builder) moneyCell(cells []format.Cell, cell format.Cell) []format.Cell {
	if b.Params.Scope.NoMoney {
		return cells
	}
	return append(cells, cell)
}

func toFloat(d *decimal.Decimal) *float64 {
	if d == nil {
		return nil
	}
	return new(d.InexactFloat64())
}

// axis writes a label of a value axis.
func (b Builder) axis(x float64) string { return b.Short(decimal.NewFromFloat(x)) }

// scale is the value axis of a chart of tickets or of money; the top label of money says its currency.
func (b Builder) scale(chart *format.Chart, currency string) {
	chart.Scale(b.axis)
	if top := &chart.YTicks[len(chart.YTicks)-1]; b.Params.Money {
		top.Text = b.WithCurrency(top.Text, currency)
	}
}

// Joined are the parts that are not empty.
func Joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}
