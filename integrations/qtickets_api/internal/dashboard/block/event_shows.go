package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "event-shows", Screen: address.Event, Order: 50, Question: "event"}, (*figures.Store).Event,
	Builder.eventShows)

// eventShows lists the shows when none is chosen.
func (b Builder) eventShows(v *View, e figures.Event) {
	v.hidden = len(e.Shows) < 2 || e.Show != nil
	v.Title = b.T("event-shows.heading", len(e.Shows))
	v.Table = b.showTable(e.Shows)
}
