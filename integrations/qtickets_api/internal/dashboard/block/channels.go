package block

import (
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "channels", Screen: address.Channels, Order: 20}, (*figures.Store).Channels, Builder.channels)

func (b Builder) channels(v *View, ch figures.Channels) {
	v.Note = b.span(ch.Span)
	if total := ch.Total.Tickets; total > 0 {
		marked := total
		for _, s := range ch.Sources {
			if s.UTM == "" {
				marked -= s.Tickets
			}
		}
		share := decimal.NewFromInt(marked).DivRound(decimal.NewFromInt(total), 4)
		v.Title = b.T("channels.heading", b.PercentRounded(share), total)
	}
	currencies := currenciesOf(ch.Total.Totals)
	columns := b.channelColumns("column.source", ch.Span, currencies)
	t := &format.Table{Columns: append(columns, format.Column{Name: b.T("column.source"), Plain: true, Extra: true},
		format.Column{Name: b.T("column.medium"), Plain: true, Extra: true}, format.Column{Name: b.T("column.campaign"),
			Plain: true, Extra: true})}
	t.Columns[0].Name = b.T("column.mark")
	most := int64(0)
	for _, s := range ch.Sources {
		most = max(most, s.Tickets)
	}
	var add func(list []figures.Channel, path []string)
	add = func(list []figures.Channel, path []string) {
		for _, c := range list {
			here := append(append([]string{}, path...), c.UTM)
			cells := channelLine{b.utmCell(c.UTM), c.Totals, c.Before, most,
				b.numbers().of(figures.ByUTM, here...)}.cells(ch.Span, currencies)
			for i := range 3 {
				cell := format.Cell{}
				if i < len(here) {
					cell = b.utmCell(here[i])
				}
				cells = append(cells, cell)
			}
			t.Rows = append(t.Rows, format.Row{Cells: cells, Level: len(path)})
			add(c.Parts, here)
		}
	}
	add(ch.Sources, nil)
	t.Limit = 60
	v.Table = t
}

func (b Builder) utmCell(utm string) format.Cell {
	if utm == "" {
		return format.Text(b.T("mark.none")).WithMark("quiet")
	}
	return format.Name(utm)
}
