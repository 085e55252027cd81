package block

import (
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
	for _, s := range sizes.Sizes[:last+1] { // larger ones are no news
		name := b.Int(int64(s.Tickets))
		if s.Tickets == figures.MaxOrderSize {
			name = b.T("sizes.more", s.Tickets)
		}
		v.Table.Rows = append(v.Table.Rows,
			format.Row{Cells: []format.Cell{format.Text(name), format.Count(s.Orders).WithBar(float64(s.Orders), float64(most)),
				format.Percent(s.Share)}})
	}
}
