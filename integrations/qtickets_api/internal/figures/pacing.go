package figures

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Pacing is how a show sells by days left, beside comparable shows.
type Pacing struct {
	Show        ShowLine
	Points      []PacePoint // from the first sale to the show or the day of Version.AsOf, DaysLeft falling
	Comparables []Comparable
	Middle      []PacePoint      // median of the comparables; empty with fewer than 3
	Pace        *decimal.Decimal // sold ÷ median of the comparables with as many days left; nil: none
	Forecast    *Forecast        // nil: WhyNot says why
	WhyNot      PacingGap
	PastError   *decimal.Decimal // median error of such forecasts in per cent, each from earlier shows only; nil: too few
	PastShows   int              // how many shows PastError was tried on
}

// PacingGap says why there is no forecast.
type PacingGap string

// Why there is no forecast.
const (
	GapNone        PacingGap = ""
	GapNoDate      PacingGap = "no_date"
	GapOver        PacingGap = "over"
	GapNothingSold PacingGap = "nothing_sold"
	GapFewShows    PacingGap = "few_comparables" // fewer than 3
	GapNoSeats     PacingGap = "no_seats"        // below 20 sold the capacity is needed
)

// PacePoint is what was sold with so many days left: paid and not refunded by the end of that day.
type PacePoint struct {
	DaysLeft int
	Sold     int64
}

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
	likely := candidates(p.Show, lines, f.Version.AsOf)
	curves, err := s.curves(ctx, f, append(slices.Clone(likely), Comparable{ShowID: p.Show.ShowID}))
	if err != nil {
		return p, err
	}
	p.Points = untilToday(curves[p.Show.ShowID], daysLeft(*p.Show.LocalDate, f.Version.AsOf))
	p.Comparables = choose(p.Show, likely, curves)
	p.compare(f.Version.AsOf)
	return p, nil
}

// curves are what was sold by days left, of the shows.
func (s *Store) curves(ctx context.Context, f Filter, shows []Comparable) (map[uint64][]PacePoint, error) {
	ids := make([]string, len(shows))
	for i, c := range shows {
		ids[i] = strconv.FormatUint(c.ShowID, 10)
	}
	p := f.parameters()
	p["shows"] = "[" + strings.Join(ids, ",") + "]"
	curves := map[uint64][]PacePoint{}
	err := s.read(ctx, "pacing", p, func(scan func(...any) error) error {
		var show uint64
		var days int64
		var sold int64
		err := scan(&show, &days, &sold)
		curve := curves[show]
		if n := len(curve); n > 0 {
			sold += curve[n-1].Sold
		}
		curves[show] = append(curve, PacePoint{DaysLeft: int(days), Sold: sold})
		return err
	})
	return curves, err
}

// untilToday ends a curve today: sales that stopped are a flat line, not a line that ends a month ago.
func untilToday(curve []PacePoint, today int) []PacePoint {
	n := len(curve)
	if n == 0 || curve[n-1].DaysLeft <= today {
		return curve
	}
	return append(slices.Clip(curve), PacePoint{DaysLeft: today, Sold: curve[n-1].Sold})
}

// soldAt is what was sold with so many days left.
func soldAt(curve []PacePoint, days int) int64 {
	var sold int64
	for _, p := range curve {
		if p.DaysLeft < days {
			break
		}
		sold = p.Sold
	}
	return sold
}

// compare works out the median of the comparables, the pace and the forecast.
func (p *Pacing) compare(asOf time.Time) {
	if len(p.Comparables) >= lineComparables {
		p.Middle = middleCurve(p.Comparables)
	}
	days := daysLeft(*p.Show.LocalDate, asOf)
	if m := middle(p.Comparables,
		func(c Comparable) *decimal.Decimal { return number(soldAt(c.Points, days)) }); m != nil && m.IsPositive() {
		pace := decimal.NewFromInt(p.Show.Sold).DivRound(*m, 4)
		p.Pace = &pace
	}
	switch {
	case p.Show.Over || p.Show.Cancelled:
		p.WhyNot = GapOver
	case len(p.Comparables) < lineComparables:
		p.WhyNot = GapFewShows
	default:
		p.Forecast, p.WhyNot = forecast(p.Show.Sold, p.Show.places(), days, p.Comparables)
	}
	p.pastError(days)
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
		sold := middle(comparables, func(c Comparable) *decimal.Decimal { return number(soldAt(c.Points, d)) })
		curve[i] = PacePoint{DaysLeft: d, Sold: sold.Round(0).IntPart()}
	}
	return curve
}
