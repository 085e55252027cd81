package figures

import (
	"context"
	"slices"
)

// Cities are the figures of the period by city, most tickets first.
type Cities struct {
	Span   Span
	Cities []CityLine
	Total  CityLine
}

// CityLine is a city.
type CityLine struct {
	City     string // "": the source names none
	Upcoming int    // shows to come
	Totals
	Before *Totals // nil: no comparison
}

// Cities are the figures of the period by city.
func (s *Store) Cities(ctx context.Context, f Filter) (Cities, error) {
	var c Cities
	span, parts, err := s.parts(ctx, f, ByCity)
	if err != nil {
		return c, err
	}
	c.Span = span
	lines, err := s.lines(ctx, f, true)
	if err != nil {
		return c, err
	}
	if span.BeforeFrom != nil {
		c.Total.Before = &Totals{}
	}
	for _, p := range parts {
		c.Cities = append(c.Cities, CityLine{City: p.keys[0], Totals: p.now, Before: p.before})
		c.Total.plus(p.now)
		if p.before != nil {
			c.Total.Before.plus(*p.before)
		}
	}
	for _, l := range lines {
		at := slices.IndexFunc(c.Cities, func(city CityLine) bool { return city.City == l.City })
		if at < 0 { // nothing moved there in the period
			at = len(c.Cities)
			c.Cities = append(c.Cities, CityLine{City: l.City})
			if span.BeforeFrom != nil {
				c.Cities[at].Before = &Totals{}
			}
		}
		c.Cities[at].Upcoming++
		c.Total.Upcoming++
	}
	currencies, err := s.currencies(ctx, f.Version)
	c.Total.order(currencies)
	if c.Total.Before != nil {
		c.Total.Before.order(currencies)
	}
	return c, err
}
