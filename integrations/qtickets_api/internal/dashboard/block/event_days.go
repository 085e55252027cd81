package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "event-days", Screen: address.Event, Order: 30}, (*figures.Store).EventDays, Builder.eventDays)

func (b Builder) eventDays(v *View, days figures.Days) {
	b.dayChartAndTable(v, days, func(days figures.Days) string {
		return b.daysHeading("event-days.heading", "event-days.heading_money", days)
	})
}
