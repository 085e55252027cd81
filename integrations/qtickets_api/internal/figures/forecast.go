package figures

import (
	"context"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// ShowForecast is what a show to come will have sold in the end.
type ShowForecast struct {
	Show     ShowLine // with a date
	Forecast forecast.Forecast
	Plan     int64 // tickets, as imported; 0: none
	Paces    forecast.Paces
}

// Forecasts are those of the shows to come that have a date and were not cancelled, by date.
func (s *Store) Forecasts(ctx context.Context, f Filter) ([]ShowForecast, error) {
	lines, err := s.lines(ctx, f, true)
	if err != nil {
		return nil, err
	}
	lines = slices.DeleteFunc(lines, func(l ShowLine) bool {
		return l.Over || l.Cancelled || l.LocalDate == nil || (f.Show != 0 && l.ShowID != f.Show)
	})
	found, err := s.finished(ctx, f.Version)
	if err != nil {
		return nil, err
	}
	curves, err := s.curves(ctx, f.Version, 0)
	if err != nil {
		return nil, err
	}
	plans, err := s.plans(ctx, f.Version)
	if err != nil {
		return nil, err
	}
	horizons := map[int]*forecast.Horizon{}
	forecasts := make([]ShowForecast, len(lines))
	for i, l := range lines {
		h := horizons[*l.DaysLeft]
		if h == nil {
			h = found.past.At(*l.DaysLeft)
			horizons[*l.DaysLeft] = h
		}
		f := h.Forecast(l.withCurve(l.curve(curves)))
		forecasts[i] = ShowForecast{l, f, plans[l.ShowID], found.past.Paces(&f)}
	}
	return forecasts, nil
}

// Finished are the finished shows that forecasts are made from.
func (s *Store) Finished(ctx context.Context, v Version) ([]forecast.Show, error) {
	found, err := s.finished(ctx, v)
	if err != nil {
		return nil, err
	}
	return found.shows, nil
}
