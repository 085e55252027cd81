package block

import (
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "promo", Screen: address.Channels, Order: 30, Half: true}, (*figures.Store).PromoCodes,
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
	currencies := currenciesOf(all...)
	v.Table = &format.Table{Columns: b.channelColumns("column.code", promo.Span, currencies), Limit: 12}
	for _, c := range promo.Codes {
		name, against := format.Name(c.Code), most
		if c.Code == "" {
			name, against = format.Text(b.T("promo.none")).WithMark("quiet"), 0
		}
		v.Table.Rows = append(v.Table.Rows, format.Row{Cells: channelLine{name, c.Totals, c.Before, against}.cells(promo.Span,
			currencies)})
	}
}
