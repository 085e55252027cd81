package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "shows", Screen: address.Today, Order: 25}, (*figures.Store).Shows, Builder.shows)

func (b Builder) shows(v *View, shows figures.Shows) {
	list := shows.Shows
	if len(list) == 0 {
		v.Title, v.Empty = b.T("shows.title"), b.T("shows.empty")
		return
	}
	count := map[figures.ShowReason]int{}
	for _, s := range list {
		count[s.Reason]++
	}
	measured := figures.AnyPlanned(list)
	will, may, fine := count[figures.ShowWillMiss], count[figures.ShowMayMiss], count[figures.ShowOnCourse]
	switch {
	case will+may > 0:
		v.Title = b.T(measured.Key("shows.need"), will, len(list), may)
	case fine > 0:
		v.Title = b.T(measured.Key("shows.no_need"), fine, len(list))
	}
	v.Note = b.T(measured.Key("shows.note"))
	v.Table = b.showTable(list)
}
