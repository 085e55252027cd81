package dashboard

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// withinData cuts a range of dates to the days that exist: from the first sale to today. Of a range without any of
// these days the one nearest to them is left.
func withinData(params address.Params, current snapshot) address.Params {
	f := &params.Filter
	if f.Period != figures.PeriodRange {
		return params
	}
	last := calendarDay(current.at)
	if asOf := calendarDay(current.version.AsOf); asOf.After(last) {
		last = asOf
	}
	first := last
	if !current.first.IsZero() {
		first = calendarDay(current.first)
	}
	switch {
	case f.To.Before(first):
		f.From = f.To
	case f.From.After(last):
		f.To = f.From
	default:
		if f.From.Before(first) {
			f.From = first
		}
		if f.To.After(last) {
			f.To = last
		}
	}
	return params
}

// calendarDay is the Moscow day of a moment as an address has it: without a zone.
func calendarDay(at time.Time) time.Time {
	at = at.In(sales.Moscow)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}
