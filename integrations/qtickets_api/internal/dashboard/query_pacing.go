package dashboard

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Limits of the comparison with other shows.
const (
	mostComparables = 12
	bandComparables = 5 // for P10 and P90
	lineComparables = 3 // for a median
	ratioFrom       = 20
	monthsBack      = 24
)

// Pacing is how Filter.Show sells beside comparable shows.
func (s *Store) Pacing(ctx context.Context, f Filter) (Pacing, error) {
	lines, err := s.lines(ctx, Filter{Version: f.Version}, false)
	if err != nil {
		return Pacing{}, err
	}
	at := slices.IndexFunc(lines, func(l ShowLine) bool { return l.ShowID == f.Show && (f.Event == 0 || l.EventID == f.Event) })
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
	p.Points = curves[p.Show.ShowID]
	p.Comparables = choose(p.Show, likely, curves)
	p.compare(f.Version.AsOf)
	return p, nil
}

// candidates are the finished shows of the last two years that are like this one at all, the likest first.
func candidates(show ShowLine, lines []ShowLine, asOf time.Time) []Comparable {
	var found []Comparable
	for _, l := range lines {
		if l.ShowID == show.ShowID || !l.Over || l.Cancelled || l.LocalDate == nil || l.LocalDate.Before(asOf.AddDate(0, -monthsBack, 0)) || l.Sold == 0 ||
			!l.LocalDate.Before(*show.LocalDate) {
			continue
		}
		c := Comparable{
			EventID: l.EventID, ShowID: l.ShowID, Event: l.Event, City: l.City, LocalDate: *l.LocalDate, Capacity: l.Capacity,
		}
		c.like(show, l)
		if c.Score > 0 {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b Comparable) int {
		if a.Score != b.Score {
			return b.Score - a.Score
		}
		if !a.LocalDate.Equal(b.LocalDate) {
			return b.LocalDate.Compare(a.LocalDate)
		}
		return int(int64(a.ShowID) - int64(b.ShowID))
	})
	return found[:min(len(found), 10*mostComparables)]
}

// like scores the likeness: 4 points the event, 2 the hall, 1 the city, the capacity and the kind of day.
func (c *Comparable) like(a, b ShowLine) {
	score := func(points int, reason LikenessReason, is bool) {
		if is {
			c.Score += points
			c.Reasons = append(c.Reasons, reason)
		}
	}
	score(4, SameEvent, a.EventID == b.EventID)
	score(2, SameHall, a.Place != "" && a.Place == b.Place && a.City == b.City)
	score(1, SameCity, a.City != "" && a.City == b.City)
	score(1, SameCapacity, a.Capacity != nil && b.Capacity != nil && *a.Capacity > 0 &&
		10*(*b.Capacity) >= 7*(*a.Capacity) && 10*(*b.Capacity) <= 13*(*a.Capacity))
	score(1, SameWeekday, weekend(*a.LocalDate) == weekend(*b.LocalDate))
}

func weekend(day time.Time) bool {
	d := day.Weekday()
	return d == time.Friday || d == time.Saturday || d == time.Sunday
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

// choose takes the likest that were on sale no later than this show, in days left.
func choose(show ShowLine, likely []Comparable, curves map[uint64][]PacePoint) []Comparable {
	own := curves[show.ShowID]
	var chosen []Comparable
	for _, c := range likely {
		c.Points = curves[c.ShowID]
		if len(c.Points) == 0 || (len(own) > 0 && c.Points[0].DaysLeft < min(own[0].DaysLeft, onSaleLately)) {
			continue
		}
		if c.Final = c.Points[len(c.Points)-1].Sold; c.Final <= 0 {
			continue
		}
		if chosen = append(chosen, c); len(chosen) == mostComparables {
			break
		}
	}
	return chosen
}

// onSaleLately bounds how long before the show its comparables must have been on sale: a year says all.
const onSaleLately = 365

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

// compare draws the middle of the comparables and the forecast.
func (p *Pacing) compare(asOf time.Time) {
	if len(p.Comparables) >= lineComparables {
		p.Middle = middleCurve(p.Comparables)
	}
	days := daysLeft(*p.Show.LocalDate, asOf)
	if m := middle(p.Comparables, func(c Comparable) *decimal.Decimal { return number(soldAt(c.Points, days)) }); m != nil && m.IsPositive() {
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

// forecast is the final number of tickets: from 20 sold what the comparables multiplied by from here, below what they added
// in parts of their halls; never less than what is sold nor more than there are places (0: unknown).
func forecast(sold, places int64, days int, comparables []Comparable) (*Forecast, PacingGap) {
	var growth []decimal.Decimal
	for _, c := range comparables {
		then := soldAt(c.Points, days)
		switch {
		case sold >= ratioFrom && then > 0:
			growth = append(growth, decimal.NewFromInt(c.Final).DivRound(decimal.NewFromInt(then), 6))
		case sold < ratioFrom && c.Capacity != nil && *c.Capacity > 0:
			growth = append(growth, decimal.NewFromInt(c.Final-then).DivRound(decimal.NewFromInt(*c.Capacity), 6))
		}
	}
	if sold < ratioFrom && places == 0 {
		return nil, GapNoSeats
	}
	if len(growth) < lineComparables {
		return nil, GapFewShows
	}
	slices.SortFunc(growth, decimal.Decimal.Cmp)
	final := func(share float64) int64 {
		g := quantile(growth, share)
		if sold >= ratioFrom {
			g = g.Mul(decimal.NewFromInt(sold))
		} else {
			g = g.Mul(decimal.NewFromInt(places)).Add(decimal.NewFromInt(sold))
		}
		n := max(g.Round(0).IntPart(), sold)
		if places > 0 {
			n = min(n, max(places, sold))
		}
		return n
	}
	f := &Forecast{P50: final(0.5)}
	if len(growth) >= bandComparables {
		low, high := final(0.1), final(0.9)
		f.P10, f.P90 = &low, &high
	}
	return f, GapNone
}

// quantile of sorted values, between neighbours.
func quantile(sorted []decimal.Decimal, share float64) decimal.Decimal {
	at := share * float64(len(sorted)-1)
	low := int(at)
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low].Add(sorted[low+1].Sub(sorted[low]).Mul(decimal.NewFromFloat(at - float64(low))))
}

// pastError forecasts each comparable with as many days left from the earlier ones alone.
func (p *Pacing) pastError(days int) {
	byDate := slices.Clone(p.Comparables)
	slices.SortFunc(byDate, func(a, b Comparable) int { return a.LocalDate.Compare(b.LocalDate) })
	var errors []decimal.Decimal
	for i, c := range byDate {
		if i < lineComparables {
			continue
		}
		var places int64
		if c.Capacity != nil {
			places = *c.Capacity
		}
		f, _ := forecast(soldAt(c.Points, days), places, days, byDate[:i])
		if f == nil {
			continue
		}
		miss := decimal.NewFromInt(f.P50-c.Final).Abs().Mul(hundred).DivRound(decimal.NewFromInt(c.Final), 1)
		errors = append(errors, miss)
	}
	if p.PastShows = len(errors); p.PastShows >= lineComparables {
		p.PastError = median(errors)
	}
}
