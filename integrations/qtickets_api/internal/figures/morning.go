package figures

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// Morning is what the morning message says, by the questions of the page.
type Morning struct {
	// Past is the last whole day before the day of Filter.Now, or the day on which the data ends, as far as it goes, if
	// that is earlier.
	Past Cards
	// Today is the day of Filter.Now so far; nil: the data ends before it.
	Today *Cards
	// Week are the last seven whole days, Before the seven before them.
	Week, Before Totals
	Shows        []ShowLine // to come, as Store.Shows orders them
	All          []ShowLine // those that are over too
	Freshness    Freshness
}

// Morning answers for the day of Filter.Now.
func (s *Store) Morning(ctx context.Context, f Filter) (Morning, error) {
	var m Morning
	today := dayOf(f.Now)
	past := f
	if f.Version.AsOf.After(today) {
		past.Version.AsOf = today.Add(-time.Millisecond)
	}
	weeks := f
	weeks.Period, weeks.From, weeks.To = PeriodRange, today.AddDate(0, 0, -14), today.AddDate(0, 0, -1)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { m.Past, err = s.Cards(ctx, past); return err })
	if f.Version.AsOf.After(today) {
		group.Go(func() error {
			cards, err := s.Cards(ctx, f)
			m.Today = &cards
			return err
		})
	}
	group.Go(func() error {
		days, err := s.days(ctx, weeks, weeks.From, weeks.To)
		for _, d := range days.Days {
			switch {
			case d.Date.Before(today.AddDate(0, 0, -7)):
				m.Before.plus(d.Totals)
			case d.Date.Before(today):
				m.Week.plus(d.Totals)
			}
		}
		return err
	})
	group.Go(func() error {
		shows, err := s.Shows(ctx, f)
		m.Shows = shows.Shows
		return err
	})
	group.Go(func() (err error) { m.All, err = s.lines(ctx, f, false); return err })
	group.Go(func() (err error) { m.Freshness, err = s.Freshness(ctx, f); return err })
	return m, group.Wait()
}
