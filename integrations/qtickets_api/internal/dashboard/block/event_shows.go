package block

import (
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "event-shows", Screen: address.Event, Order: 50, Question: "event"}, (*figures.Store).Event,
	Builder.eventShows)

// eventShows lists the shows when none is chosen.
func (b Builder) eventShows(v *View, e figures.Event) {
	v.hidden = len(e.Shows) < 2 || e.Show != nil
	v.Title = b.T("event-shows.heading", len(e.Shows))
	v.Table = b.showTable(e.Shows)
	total := slices.Repeat([]format.Cell{format.Blank()}, len(v.Table.Columns))
	n := b.numbers().ofShow(e.EventID, 0)
	total[0], total[soldColumn] = b.totalName(), n.link(format.Count(e.Total.Sold), figures.FigureSold, "")
	if money := e.Total.Money; len(money) == 1 {
		total[revenueColumn] = n.link(format.Money(money[0].Net(), money[0].Currency), figures.FigureRevenue,
			money[0].Currency)
	}
	v.Table.AddUp(total...)
}
