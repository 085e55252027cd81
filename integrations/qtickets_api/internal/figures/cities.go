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
	Figures
	Compared *Figures // nil: no comparison
}

// Cities are the figures of the period by city.
func (s *Store) Cities(ctx context.Context, f Filter) (Cities, error) {
	var c Cities
	span, parts, err := s.parts(ctx, f, "city")
	if err != nil {
		return c, err
	}
	c.Span = span
	lines, err := s.lines(ctx, f, true)
	if err != nil {
		return c, err
	}
	if span.BeforeFrom != nil {
		c.Total.Compared = &Figures{}
	}
	for _, p := range parts {
		c.Cities = append(c.Cities, CityLine{City: p.keys[0], Figures: p.now, Compared: p.before})
		c.Total.plus(p.now)
		if p.before != nil {
			c.Total.Compared.plus(*p.before)
		}
	}
	for _, l := range lines {
		at := slices.IndexFunc(c.Cities, func(city CityLine) bool { return city.City == l.City })
		if at < 0 { // nothing moved there in the period
			at = len(c.Cities)
			c.Cities = append(c.Cities, CityLine{City: l.City})
			if span.BeforeFrom != nil {
				c.Cities[at].Compared = &Figures{}
			}
		}
		c.Cities[at].Upcoming++
		c.Total.Upcoming++
	}
	currencies, err := s.currencies(ctx, f.Version)
	c.Total.order(currencies)
	if c.Total.Compared != nil {
		c.Total.Compared.order(currencies)
	}
	return c, err
}
