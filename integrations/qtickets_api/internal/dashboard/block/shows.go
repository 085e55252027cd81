package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "shows", Screen: address.Today, Order: 50}, (*figures.Store).Shows, Builder.shows)

func (b Builder) shows(v *View, shows figures.Shows) {
	list := shows.Shows
	if len(list) == 0 {
		v.Title, v.Empty = b.T("shows.title"), b.T("shows.empty")
		return
	}
	need := 0
	for _, s := range list {
		if s.Reason == figures.ShowSilent || s.Reason == figures.ShowBehind || s.Reason == figures.ShowFalling {
			need++
		}
	}
	v.Title = b.T("shows.need", need, len(list))
	if need == 0 {
		v.Title = b.T("shows.no_need", len(list))
	}
	v.Note = b.T("shows.note")
	v.Table = b.showTable(list)
}
