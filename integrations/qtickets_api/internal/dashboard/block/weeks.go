package block

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "weeks", Screen: address.Today, Order: 40, Half: true}, (*figures.Store).Weeks, Builder.weeks)

func (b Builder) weeks(v *View, weeks figures.Days) {
	b.dayChartAndTable(v, weeks, b.weeksTitle)
}

// weeksTitle says how many tickets were sold and when most.
func (b Builder) weeksTitle(days []figures.Day) string {
	var total, best int64
	var bestDay time.Time
	for _, d := range days {
		total += d.Tickets
		if d.Tickets > best {
			best, bestDay = d.Tickets, d.Date
		}
	}
	if best == 0 {
		return b.T("weeks.none")
	}
	return b.T("weeks.heading", total, b.DayOfWeek(bestDay), best)
}
