package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "zones", Screen: address.Event, Order: 40, OneShow: true}, (*figures.Store).Zones,
	Builder.zones)

func (b Builder) zones(v *View, zones figures.Zones) {
	if len(zones.Zones) == 0 {
		v.Empty = b.T("zones.empty")
		return
	}
	if zones.SeenAt != nil {
		v.Note = b.T("zones.note", b.Moment(*zones.SeenAt, b.Now))
	}
	full := 0
	for _, z := range zones.Zones {
		if z.Free != nil && *z.Free == 0 {
			full++
		}
	}
	if full > 0 {
		v.Title = b.T("zones.full", full, len(zones.Zones))
	} else {
		v.Title = b.T("zones.heading", len(zones.Zones))
	}
	columns := b.columns("column.zone", "column.fill", "column.sold", "column.left", "column.held", "column.closed",
		"column.capacity")
	v.Table = &format.Table{Columns: b.moneyColumn(b.moneyColumn(columns, b.T("column.min_price")),
		b.T("column.max_price"))}
	for _, z := range zones.Zones {
		fill := format.Percent(z.Fill)
		if z.Fill != nil {
			fill = fill.WithBar(z.Fill.InexactFloat64(), 1)
		}
		cells := []format.Cell{
			format.Name(z.Name), fill, format.MaybeCount(z.Sold), format.MaybeCount(z.Free), format.MaybeCount(z.Held),
			format.MaybeCount(z.Closed), format.MaybeCount(z.Capacity),
		}
		cells = b.moneyCell(cells, format.MaybeMoney(z.MinPrice, z.Currency))
		cells = b.moneyCell(cells, format.MaybeMoney(z.MaxPrice, z.Currency))
		v.Table.Rows = append(v.Table.Rows, format.Row{Cells: cells})
	}
}
