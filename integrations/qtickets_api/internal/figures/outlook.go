package figures

import (
	"context"
	"math"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Outlook is what a show to come is likely to end with, beside what it is to sell.
type Outlook struct {
	Forecast forecast.Forecast
	Plan     int64 // tickets: the imported plan, or what the likest shows usually sold in the end; 0: unknown
	Planned  bool  // Plan is the imported one
	State    forecast.State
	Chance   float64 // that it ends below Plan; of the states that come from it
	Paces    forecast.Paces
}

// Tenths of the chance, 1 to 10: what was measured carries no more. What is not certain is neither none nor all.
func (o Outlook) Tenths() int {
	if o.Chance == 1 {
		return 10
	}
	return min(max(int(math.Round(10*o.Chance)), 1), 9)
}

// Key of a text that names what the show is measured by: the key of the one about the usual final, or "…_plan".
func (o *Outlook) Key(usual string) string {
	if o != nil && o.Planned {
		return usual + "_plan"
	}
	return usual
}

// AnyPlanned finds an outlook that is measured by an imported plan; nil: there is none.
func AnyPlanned(shows []ShowLine) *Outlook {
	for _, l := range shows {
		if l.Outlook != nil && l.Outlook.Planned {
			return l.Outlook
		}
	}
	return nil
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
	return s.outlooks.get(ctx, f.key(unsigned(v.Plans)), func(ctx context.Context) (map[uint64]Outlook, error) {
		forecasts, err := s.Forecasts(ctx, f)
		outlooks := map[uint64]Outlook{}
		for _, one := range forecasts {
			o := outlookOf(one.Forecast, one.Plan)
			o.Paces = one.Paces
			outlooks[one.Show.ShowID] = o
		}
		return outlooks, err
	})
}

// plans are the tickets that shows are to sell, of those that have a plan.
func (s *Store) plans(ctx context.Context, v Version) (map[uint64]int64, error) {
	return s.planned.get(ctx, unsigned(v.Plans), func(ctx context.Context) (map[uint64]int64, error) {
		plans := map[uint64]int64{}
		err := s.readPlans(ctx, v, "plans", nil, func(scan func(...any) error) error {
			var show uint64
			var tickets int64
			err := scan(&show, &tickets)
			plans[show] = tickets
			return err
		})
		return plans, err
	})
}

// readPlans is read for a statement about plans, which has no rows where none hold.
func (s *Store) readPlans(ctx context.Context, v Version, name string, parameters map[string]string,
	row func(scan func(...any) error) error) error {
	if v.Plans == 0 {
		return nil
	}
	return s.read(ctx, name, parameters, row)
}

// outlookOf a show with a plan of so many tickets. Without one, 0, what shows like it usually sold stands for it.
func outlookOf(f forecast.Forecast, plan int64) Outlook {
	o := Outlook{Forecast: f, Plan: plan, Planned: plan > 0}
	if !o.Planned {
		o.Plan = f.Usual
	}
	o.State, o.Chance = f.Judge(o.Plan)
	return o
}

// KeptForecasts are the forecasts of the shows to come as the page has them, to be stored.
func (s *Store) KeptForecasts(ctx context.Context, v Version) ([]warehouse.ShowForecast, error) {
	lines, err := s.judged(ctx, Filter{Version: v}, true)
	if err != nil {
		return nil, err
	}
	kept := make([]warehouse.ShowForecast, len(lines))
	for i, l := range lines {
		kept[i] = warehouse.ShowForecast{Event: l.EventID, Show: l.ShowID, State: string(l.Reason)}
		if l.Outlook != nil {
			l.Outlook.keep(&kept[i])
		}
	}
	return kept, nil
}

func (o *Outlook) keep(in *warehouse.ShowForecast) {
	f := &o.Forecast
	if f.Why == forecast.Offered {
		in.Expected = &f.Expected
	}
	if f.Band != nil {
		in.Low, in.High = &f.Band.Low, &f.Band.High
	}
	if f.Usual > 0 {
		in.Usual = &f.Usual
	}
	if o.Plan > 0 {
		in.Goal = &o.Plan
	}
	switch o.State {
	case forecast.WillMiss, forecast.MayMiss, forecast.OnCourse:
		in.Chance = &o.Chance
	}
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
		l.RequiredPace = l.required(o.Plan)
	}
}

// required is how many tickets a day would reach a plan by the show, which has a date.
func (l *ShowLine) required(plan int64) *decimal.Decimal {
	need := decimal.NewFromInt(max(0, plan-l.Sold)).DivRound(decimal.NewFromInt(int64(max(*l.DaysLeft, 1))), 2)
	return &need
}
