package block

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "promo", Screen: address.Channels, Order: 30}, (*figures.Store).PromoCodes,
	Builder.promo)

func (b Builder) promo(v *View, promo figures.PromoCodes) {
	v.Note = b.span(figures.Span{From: promo.Span.From, To: promo.Span.To})
	var all []figures.Totals
	var with, total, most int64
	for _, c := range promo.Codes {
		all = append(all, c.Totals)
		total += c.Tickets
		if c.Code != "" {
			with += c.Tickets
			most = max(most, c.Tickets)
		}
	}
	if total > 0 {
		v.Title = b.T("promo.heading", with,
			b.PercentRounded(decimal.NewFromInt(with).DivRound(decimal.NewFromInt(total), 4)))
	}
	if names := b.soldOutCodes(promo.Codes); len(names) > 0 {
		v.Note += " · " + b.T("promo.sold_out", strings.Join(names, ", "))
	}
	currencies, sum := currenciesOf(all...), figures.SumOf(all...)
	v.Table = &format.Table{Columns: append(b.channelColumns("column.code", promo.Span, currencies),
		b.discountColumns(currencies)...), Limit: shownCodes}
	for _, c := range noneLast(promo.Codes) {
		name, against, mark := format.Name(c.Code), most, ""
		if c.Code == "" {
			name, against, mark = format.Text(b.T("promo.none")), 0, "quiet"
		}
		of := b.numbers().of(figures.ByPromoCode, c.Code)
		cells := channelLine{name, c.Totals, sum, c.Before, against, of}.cells(promo.Span, currencies)
		v.Table.Rows = append(v.Table.Rows, format.Row{Mark: mark, Cells: append(cells,
			b.discountCells(c.Discount, currencies, of.in(promo.Span))...)})
	}
	before := sumOfBefore(promo.Codes, func(c figures.PromoCode) *figures.Totals { return c.Before })
	last := b.totalLine(sum, before).cells(promo.Span, currencies)
	v.Table.AddUp(append(last, slices.Repeat([]format.Cell{format.Blank()}, len(v.Table.Columns)-len(last))...)...)
}

// shownCodes are the rows of the page.
const shownCodes = 12

// noneLast puts what was sold without a code, which is no code, last of what the page shows.
func noneLast(codes []figures.PromoCode) []figures.PromoCode {
	at := slices.IndexFunc(codes, func(c figures.PromoCode) bool { return c.Code == "" })
	if at < 0 {
		return codes
	}
	none := codes[at]
	codes = slices.Delete(slices.Clone(codes), at, at+1)
	return slices.Insert(codes, min(len(codes), shownCodes-1), none)
}

// soldOutCodes are the codes that were used at sold out shows, the most used first.
func (b Builder) soldOutCodes(codes []figures.PromoCode) []string {
	var names []string
	for _, c := range codes {
		if len(c.Discount.SoldOuts) > 0 && len(names) < mostNamed {
			names = append(names, format.Isolate(c.Code))
		}
	}
	return names
}

// mostNamed is how many codes a note names.
const mostNamed = 5

// discountColumns are what a code took off, and where it is most of a show; discountCells are their cells.
func (b Builder) discountColumns(currencies []string) []format.Column {
	var list []format.Column
	for i, c := range currencies {
		list = append(list, format.Column{Name: b.T("column.discount", c), Extra: i > 0},
			format.Column{Name: b.T("column.discount_each", c), Less: true, Extra: i > 0})
	}
	return append(list, format.Column{Name: b.T("column.late")}, format.Column{Name: b.T("column.of_show")},
		format.Column{Name: b.T("column.which_show"), Plain: true, Less: true})
}

func (b Builder) discountCells(d figures.CodeDiscount, currencies []string, of numbers) []format.Cell {
	list := underMain(currencies, func(c string) []format.Cell {
		in := d.In(c)
		amount := format.Money(in.Amount, c)
		if in.Amount.IsZero() {
			amount = amount.WithMark("quiet")
		}
		return []format.Cell{of.link(amount, figures.FigureDiscount, c),
			of.link(format.MaybeMoney(in.Each(), c), figures.FigureDiscount, c)}
	})
	late, share, show := of.link(format.MaybeCount(d.Late), figures.FigureLate, ""), format.Percent(d.Share), format.Cell{}
	if d.Late != nil && *d.Late > 0 {
		late = late.WithMark("over")
	}
	if d.TooMuch {
		share = share.WithMark("over")
	}
	if d.Show != nil {
		show = format.Name(b.showName(*d.Show))
	}
	return append(list, late, share, show)
}
