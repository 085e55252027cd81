package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "event-days", Screen: address.Event, Order: 30}, (*figures.Store).EventDays, Builder.eventDays)

func (b Builder) eventDays(v *View, days figures.Days) {
	b.dayChartAndTable(v, days, func(days []figures.Day) string {
		tickets, refunded := sumOfDays(days)
		return b.T("event-days.heading", tickets, refunded)
	})
}
