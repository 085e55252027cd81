package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "days", Screen: address.Channels, Order: 10}, (*figures.Store).Days, Builder.days)

func (b Builder) days(v *View, days figures.Days) {
	b.dayChartAndTable(v, days, func(days figures.Days) string {
		return b.daysHeading("days.heading", "days.heading_money", days)
	})
}
