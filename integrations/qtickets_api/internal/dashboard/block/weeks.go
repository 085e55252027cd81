package block

import (
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "weeks", Screen: address.Today, Order: 40, Half: true}, (*figures.Store).Weeks, Builder.weeks)

func (b Builder) weeks(v *View, weeks figures.Days) {
	b.dayChartAndTable(v, weeks, b.weeksTitle)
}

// weeksTitle says what was sold and when most; today is not over, so it is no best day.
func (b Builder) weeksTitle(days figures.Days) string {
	currency := mainCurrency(days.Currencies)
	var total, best decimal.Decimal
	var bestDay time.Time
	for _, d := range days.Days {
		value := decimal.NewFromInt(d.Tickets)
		if b.Params.Money {
			value = d.In(currency).Gross
		}
		total = total.Add(value)
		if value.GreaterThan(best) && d.State != figures.DayPartial {
			best, bestDay = value, d.Date
		}
	}
	switch {
	case total.IsZero():
		return b.T("weeks.none")
	case b.Params.Money && best.IsZero():
		return b.T("weeks.today_money", b.MoneyShort(total, currency))
	case best.IsZero():
		return b.T("weeks.today", total.IntPart())
	case b.Params.Money:
		return b.T("weeks.heading_money", b.MoneyShort(total, currency), b.DayOfWeek(bestDay), b.MoneyShort(best, currency))
	default:
		return b.T("weeks.heading", total.IntPart(), b.DayOfWeek(bestDay), best.IntPart())
	}
}
