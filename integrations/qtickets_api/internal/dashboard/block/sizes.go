package block

import (
	"strconv"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "sizes", Screen: address.Channels, Order: 60, Half: true}, (*figures.Store).OrderSizes,
	Builder.sizes)

func (b Builder) sizes(v *View, sizes figures.OrderSizes) {
	if sizes.Orders == 0 {
		v.Empty = b.T("period.nothing")
		return
	}
	v.Title = b.T("sizes.heading", b.Cell(format.Number(sizes.Average)))
	most, last := int64(0), 0
	for i, s := range sizes.Sizes {
		most = max(most, s.Orders)
		if s.Orders > 0 {
			last = i
		}
	}
	v.Table = &format.Table{Columns: b.columns("column.order_size", "column.orders", "column.share")}
	all := b.numbers().in(sizes.Span)
	for _, s := range sizes.Sizes[:last+1] { // larger ones are no news
		orders := all.of(figures.BySize, strconv.Itoa(s.Tickets)).link(
			format.Count(s.Orders).WithBar(float64(s.Orders), float64(most)), figures.FigureOrders, "")
		v.Table.Rows = append(v.Table.Rows,
			format.Row{Cells: []format.Cell{format.Text(b.sizeName(s.Tickets)), orders, format.Percent(s.Share)}})
	}
	v.Table.AddUp(b.totalName(), all.link(format.Count(sizes.Orders), figures.FigureOrders, ""), format.Blank())
}

func (b Builder) sizeName(tickets int) string {
	if tickets >= figures.MaxOrderSize {
		return b.T("sizes.more", tickets)
	}
	return b.Int(int64(tickets))
}
