package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "history", Screen: address.Data, Order: 50}, (*figures.Store).AlertHistory, Builder.history)

func (b Builder) history(v *View, history []figures.AlertLine) {
	if len(history) == 0 {
		v.Title = b.T("history.none")
		return
	}
	v.Title = b.T("history.heading", len(history))
	v.Table = b.alertTable(history)
}
