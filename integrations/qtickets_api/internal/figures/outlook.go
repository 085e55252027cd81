package figures

import (
	"context"
	"math"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// Outlook is what a show to come is likely to end with, beside what it is to sell.
type Outlook struct {
	Forecast forecast.Forecast
	Plan     int64 // tickets: what the likest shows usually sold in the end; 0: unknown
	State    forecast.State
	Chance   float64 // that it ends below Plan; of the states that come from it
}

// Tenths of the chance, 1 to 10: what was measured carries no more. What is not certain is neither none nor all.
func (o Outlook) Tenths() int {
	if o.Chance == 1 {
		return 10
	}
	return min(max(int(math.Round(10*o.Chance)), 1), 9)
}

// judged are the lines with the outlook of those to come.
func (s *Store) judged(ctx context.Context, f Filter, coming bool) ([]ShowLine, error) {
	lines, err := s.lines(ctx, f, coming)
	if err != nil {
		return nil, err
	}
	outlooks, err := s.allOutlooks(ctx, f.Version)
	for i := range lines {
		if o, ok := outlooks[lines[i].ShowID]; ok {
			lines[i].judge(o)
		}
	}
	return lines, err
}

// allOutlooks are those of all shows to come that have a date, by show.
func (s *Store) allOutlooks(ctx context.Context, v Version) (map[uint64]Outlook, error) {
	f := Filter{Version: v}
	return s.outlooks.get(ctx, f.key(""), func(ctx context.Context) (map[uint64]Outlook, error) {
		forecasts, err := s.Forecasts(ctx, f)
		outlooks := map[uint64]Outlook{}
		for _, one := range forecasts {
			outlooks[one.Show.ShowID] = outlookOf(one.Forecast, one.Forecast.Usual)
		}
		return outlooks, err
	})
}

// outlookOf a show with a plan of so many tickets; 0: none.
func outlookOf(f forecast.Forecast, plan int64) Outlook {
	o := Outlook{Forecast: f, Plan: plan}
	o.State, o.Chance = f.Judge(plan)
	return o
}

// judge says what becomes of a show whose place in the list nothing else decides.
func (l *ShowLine) judge(o Outlook) {
	if l.Reason != ShowTooEarly {
		return
	}
	l.Outlook = &o
	switch o.State {
	case forecast.WillMiss, forecast.MayMiss, forecast.OnCourse:
		l.Reason = ShowReason(o.State)
	}
	if o.Plan > 0 {
		need := decimal.NewFromInt(max(0, o.Plan-l.Sold)).DivRound(decimal.NewFromInt(int64(max(*l.DaysLeft, 1))), 2)
		l.RequiredPace = &need
	}
}
