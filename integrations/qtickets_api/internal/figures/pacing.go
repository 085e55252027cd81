package figures

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// Pacing is how a show sells by days left, beside comparable shows.
type Pacing struct {
	Show        ShowLine
	Points      []PacePoint // from the first sale to the show or the day of Version.AsOf, DaysLeft falling
	Comparables []Comparable
	Middle      []PacePoint      // median of the comparables; empty with fewer than 3
	Pace        *decimal.Decimal `money:"no"` // sold ÷ median of the comparables with as many days left; nil: none
	Forecast    *forecast.Forecast
	WhyNot      PacingGap        // why Forecast is nil
	Record      forecast.Record  // how the forecasts of finished shows with as many days left did
	Plan        int64            // tickets, as people planned; 0: no plan
	Need        *decimal.Decimal `money:"no"` // tickets a day that would reach Plan by the show; nil: no plan
}

// PacingGap says why there is no forecast.
type PacingGap string

// Why there is no forecast.
const (
	GapNone        PacingGap = ""
	GapNoDate      PacingGap = "no_date"
	GapOver        PacingGap = "over"
	GapNothingSold PacingGap = "nothing_sold"
	GapFewShows    PacingGap = "few_comparables" // fewer than 3, and fewer than 3 other finished shows
)

// PacePoint is what was sold with so many days left: paid and not refunded by the end of that day.
type PacePoint = forecast.Point

// Pacing is how Filter.Show sells beside comparable shows.
func (s *Store) Pacing(ctx context.Context, f Filter) (Pacing, error) {
	lines, err := s.lines(ctx, Filter{Version: f.Version}, false)
	if err != nil {
		return Pacing{}, err
	}
	at := slices.IndexFunc(lines,
		func(l ShowLine) bool { return l.ShowID == f.Show && (f.Event == 0 || l.EventID == f.Event) })
	if at < 0 {
		return Pacing{}, ErrNoEvent
	}
	p := Pacing{Show: lines[at]}
	if p.Show.LocalDate == nil {
		p.WhyNot = GapNoDate
		return p, nil
	}
	var found *finished
	var curves map[uint64][]soldOn
	var plans map[uint64]int64
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { plans, err = s.plans(ctx, f.Version); return err })
	group.Go(func() (err error) { found, err = s.finished(ctx, f.Version); return err })
	group.Go(func() (err error) { curves, err = s.curvesWith(ctx, f.Version, p.Show.ShowID); return err })
	if err := group.Wait(); err != nil {
		return p, err
	}
	p.Points = untilToday(p.Show.curve(curves), *p.Show.DaysLeft)
	if p.Plan = plans[p.Show.ShowID]; p.Plan > 0 {
		p.Need = p.Show.required(p.Plan)
	}
	p.compare(found)
	return p, nil
}

// soldOn is what was sold and not refunded on a Moscow day.
type soldOn struct {
	day     time.Time
	tickets int64
}

// curves are what was sold by day, by show: of one, or (0) of all of the last two years that were not cancelled.
func (s *Store) curves(ctx context.Context, v Version, show uint64) (map[uint64][]soldOn, error) {
	f := Filter{Version: v, Show: show}
	return s.sold.get(ctx, f.key(""), func(ctx context.Context) (map[uint64][]soldOn, error) {
		curves := map[uint64][]soldOn{}
		err := s.read(ctx, "pacing", f.parameters(), func(scan func(...any) error) error {
			var show uint64
			var on soldOn
			err := scan(&show, &on.day, &on.tickets)
			on.day = withoutZone(on.day)
			curves[show] = append(curves[show], on)
			return err
		})
		return curves, err
	})
}

// curvesWith are curves with that of a show among them, which is mostly one of those all forecasts are made from.
func (s *Store) curvesWith(ctx context.Context, v Version, show uint64) (map[uint64][]soldOn, error) {
	curves, err := s.curves(ctx, v, 0)
	if _, among := curves[show]; err != nil || among {
		return curves, err
	}
	return s.curves(ctx, v, show)
}

// curve of a show that has a date.
func (l *ShowLine) curve(sold map[uint64][]soldOn) []PacePoint {
	var points []PacePoint
	var all int64
	for _, on := range sold[l.ShowID] {
		all += on.tickets
		left := max(0, int(l.LocalDate.Sub(on.day).Hours()/24))
		if n := len(points); n > 0 && points[n-1].DaysLeft == left { // days after the show
			points[n-1].Sold = all
			continue
		}
		points = append(points, PacePoint{DaysLeft: left, Sold: all})
	}
	return points
}

// untilToday ends a curve today: sales that stopped are a flat line, not a line that ends a month ago.
func untilToday(curve []PacePoint, today int) []PacePoint {
	n := len(curve)
	if n == 0 || curve[n-1].DaysLeft <= today {
		return curve
	}
	return append(slices.Clip(curve), PacePoint{DaysLeft: today, Sold: curve[n-1].Sold})
}

// compare works out the comparables, their median, the pace and the forecast.
func (p *Pacing) compare(found *finished) {
	days := *p.Show.DaysLeft
	h := found.past.At(days)
	show := p.Show.withCurve(p.Points)
	f := h.Forecast(show)
	p.Record = h.Record()
	p.Comparables = found.comparables(show, f)
	if len(p.Comparables) >= lineComparables {
		p.Middle = middleCurve(p.Comparables)
	}
	if m := middle(p.Comparables,
		func(c Comparable) *decimal.Decimal { return number(forecast.SoldAt(c.Points, days)) }); m != nil && m.IsPositive() {
		pace := decimal.NewFromInt(p.Show.Sold).DivRound(*m, 4)
		p.Pace = &pace
	}
	switch {
	case p.Show.Over || p.Show.Cancelled:
		p.WhyNot = GapOver
	case f.Why != forecast.Offered:
		p.WhyNot = PacingGap(f.Why)
	default:
		p.Forecast = &f
	}
}

// middleCurve is the median of curves at each number of days any of them has.
func middleCurve(comparables []Comparable) []PacePoint {
	var days []int
	for _, c := range comparables {
		for _, p := range c.Points {
			days = append(days, p.DaysLeft)
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	slices.Reverse(days)
	curve := make([]PacePoint, len(days))
	for i, d := range days {
		sold := middle(comparables,
			func(c Comparable) *decimal.Decimal { return number(forecast.SoldAt(c.Points, d)) })
		curve[i] = PacePoint{DaysLeft: d, Sold: sold.Round(0).IntPart()}
	}
	return curve
}
