package figures

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// Comparable is a finished show like this one.
type Comparable struct {
	EventID, ShowID uint64
	Event           string
	City            string
	LocalDate       time.Time
	Final           int64
	Reasons         []forecast.Likeness
	Points          []PacePoint
}

// Limits of the comparison with other shows.
const (
	lineComparables = 3    // for a median
	monthsBack      = 24   // shows before that are no longer like those to come
	mostFinished    = 1000 // the latest are kept
)

// finished is what forecasts are made from: the finished shows of the organiser with their curves.
type finished struct {
	past  *forecast.Past
	shows []forecast.Show
	lines map[string]ShowLine // by forecast.Show.ID
}

// finished reads the finished shows with their curves.
func (s *Store) finished(ctx context.Context, v Version) (*finished, error) {
	f := Filter{Version: v}
	return s.over.get(ctx, f.key(""), func(ctx context.Context) (*finished, error) {
		var lines []ShowLine
		var curves map[uint64][]soldOn
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() (err error) { lines, err = s.lines(ctx, f, false); return err })
		group.Go(func() (err error) { curves, err = s.curves(ctx, v, 0); return err })
		if err := group.Wait(); err != nil {
			return nil, err
		}
		found := &finished{lines: map[string]ShowLine{}}
		for _, l := range finishedOf(lines, v.AsOf) {
			show := l.withCurve(l.curve(curves))
			found.shows = append(found.shows, show)
			found.lines[show.ID] = l
		}
		found.past = forecast.Learn(found.shows)
		return found, nil
	})
}

// finishedOf the lines are those that are over, were not cancelled, have a date and sold anything, by date: the latest
// of the last two years.
func finishedOf(lines []ShowLine, asOf time.Time) []ShowLine {
	var found []ShowLine
	since := asOf.AddDate(0, -monthsBack, 0)
	for _, l := range lines {
		if l.Over && !l.Cancelled && l.Sold > 0 && l.LocalDate != nil && !l.LocalDate.Before(since) {
			found = append(found, l)
		}
	}
	slices.SortStableFunc(found, func(a, b ShowLine) int { return a.LocalDate.Compare(*b.LocalDate) })
	return found[max(0, len(found)-mostFinished):]
}

// withCurve is the show as a forecast knows it. It has a date.
func (l *ShowLine) withCurve(curve []PacePoint) forecast.Show {
	return forecast.Show{
		ID: unsigned(l.ShowID), Date: *l.LocalDate, Event: unsigned(l.EventID), Place: l.Place, City: l.City,
		Capacity: l.Places(), Curve: curve,
	}
}

// comparables are the shows a forecast is made from, beside the show it is for.
func (f *finished) comparables(show forecast.Show, from forecast.Forecast) []Comparable {
	if from.Basis != forecast.FromComparables {
		return nil
	}
	found := make([]Comparable, len(from.Shows))
	for i, at := range from.Shows {
		other := f.past.Show(at)
		l := f.lines[other.ID]
		found[i] = Comparable{EventID: l.EventID, ShowID: l.ShowID, Event: l.Event, City: l.City, LocalDate: other.Date,
			Final: other.Final(), Reasons: forecast.Alike(show, other), Points: other.Curve}
	}
	return found
}
