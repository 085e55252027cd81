package block

import (
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "discounts", Screen: address.Channels, Order: 32, Half: true}, (*figures.Store).Discounts,
	Builder.discounts)

func (b Builder) discounts(v *View, d figures.Discounts) {
	if v.hidden = b.Params.Scope.NoMoney; v.hidden {
		return
	}
	switch {
	case d.Unknown:
		v.Empty = b.T("discounts.unknown")
		return
	case len(d.Steps) == 0:
		v.Empty = b.T("period.nothing")
		return
	}
	v.Note = b.span(figures.Span{From: d.Span.From, To: d.Span.To})
	if d.Unpriced > 0 {
		v.Note += " · " + b.T("discounts.priced", d.Tickets-d.Unpriced, d.Tickets)
	}
	main := d.Steps[0]
	switch {
	case main.Given().IsZero():
		v.Title = b.T("discounts.none")
	case main.List.IsPositive():
		v.Title = b.T("discounts.heading", b.MoneyShort(main.Given(), main.Currency),
			b.PercentRounded(main.Given().DivRound(main.List, 4)))
	}
	v.Table = &format.Table{Columns: append(b.columns("column.step", "column.amount", "column.of_list"),
		format.Column{Name: b.T("column.currency"), Plain: true, Extra: true})}
	for _, w := range d.Steps {
		v.Table.Rows = append(v.Table.Rows, b.waterfall(w, b.numbers().in(d.Span))...)
	}
}

// waterfall has a row per step: its bar begins where the one before it ended, and what is taken off is below zero.
func (b Builder) waterfall(w figures.Waterfall, of numbers) []format.Row {
	var rows []format.Row
	left := w.List
	row := func(key string, figure figures.Figure, amount decimal.Decimal) {
		from := decimal.Zero
		mark := ""
		if amount.IsNegative() {
			left = left.Add(amount)
			from, mark = left, "minus"
		}
		var share *decimal.Decimal
		money := format.Money(amount, w.Currency).WithMark(mark)
		if w.List.IsPositive() {
			part := amount.DivRound(w.List, 6)
			share = &part
			money = money.WithBarFrom(from.InexactFloat64(), amount.Abs().InexactFloat64(), w.List.InexactFloat64())
		}
		money = of.link(money, figure, w.Currency)
		rows = append(rows, format.Row{Cells: []format.Cell{format.Text(b.T("discounts." + key)), money,
			format.Percent(share), format.Text(w.Currency)}})
	}
	row("list", figures.FigureList, w.List)
	row("codes", figures.FigureCodes, w.Codes.Neg())
	row("free", figures.FigureGifts, w.Free.Neg())
	row("other", figures.FigureOther, w.Other.Neg())
	row("gross", figures.FigureGross, w.Gross)
	row("refunds", figures.FigureRefunds, w.Refunds.Neg())
	row("revenue", figures.FigureRevenue, w.Gross.Sub(w.Refunds))
	return rows
}
