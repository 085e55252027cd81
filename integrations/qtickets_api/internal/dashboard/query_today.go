package dashboard

import (
	"context"
	"slices"
	"time"
)

// Choices are what the filters offer.
func (s *Store) Choices(ctx context.Context, f Filter) (Choices, error) {
	var c Choices
	var err error
	if c.Currencies, err = s.currencies(ctx, f.Version); err != nil {
		return c, err
	}
	if first, err := s.firstSale(ctx, Filter{Version: f.Version}); err != nil {
		return c, err
	} else if !first.IsZero() {
		c.FirstDay = &first
	}
	err = s.read(ctx, "choices", f.parameters(), func(scan func(...any) error) error {
		var e EventChoice
		var upcoming uint64
		err := scan(&e.EventID, &e.Name, &e.City, &upcoming)
		e.Upcoming = int(upcoming)
		c.Events = append(c.Events, e)
		if e.City != "" && !slices.Contains(c.Cities, e.City) {
			c.Cities = append(c.Cities, e.City)
		}
		return err
	})
	slices.Sort(c.Cities)
	return c, err
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

// Weeks are the last 8 weeks by day, whatever the period.
func (s *Store) Weeks(ctx context.Context, f Filter) (Days, error) {
	today := dayOf(f.Version.AsOf)
	return s.days(ctx, f, today.AddDate(0, 0, -55), today)
}

// Days are the days of the period.
func (s *Store) Days(ctx context.Context, f Filter) (Days, error) {
	span, _, err := s.stretch(ctx, f)
	if err != nil {
		return Days{}, err
	}
	return s.days(ctx, f, span.From, span.To)
}

// EventDays are all days of the event or show since its first sale.
func (s *Store) EventDays(ctx context.Context, f Filter) (Days, error) {
	first, err := s.firstSale(ctx, f)
	if err != nil || first.IsZero() {
		return Days{}, err
	}
	return s.days(ctx, f, first, dayOf(f.Version.AsOf))
}

// days are those of the stretch, then those up to the clock of the page that no load has reached.
func (s *Store) days(ctx context.Context, f Filter, from, to time.Time) (Days, error) {
	var d Days
	p := f.parameters()
	p["from"], p["to"] = wholeSeconds(from), wholeSeconds(to.AddDate(0, 0, 1))
	currencies, err := s.currencies(ctx, f.Version)
	if err != nil {
		return d, err
	}
	found := map[int64]*Figures{}
	err = s.read(ctx, "days", p, func(scan func(...any) error) error {
		var day time.Time
		var m moved
		err := scan(append([]any{&day}, m.columns()...)...)
		key := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, moscow).Unix()
		if found[key] == nil {
			found[key] = &Figures{}
		}
		found[key].add(m)
		return err
	})
	if err != nil {
		return d, err
	}
	asOf, last := dayOf(f.Version.AsOf), to
	if now := dayOf(f.Now); to.Equal(asOf) && now.After(last) {
		last = now
	}
	met := map[string]bool{}
	for date := from; !date.After(last); date = date.AddDate(0, 0, 1) {
		day := Day{Date: date, State: DayComplete}
		switch {
		case date.Equal(asOf):
			day.State = DayPartial
		case date.After(asOf):
			day.State = DayUnknown
		}
		if figures := found[date.Unix()]; figures != nil {
			figures.order(currencies)
			day.Figures = *figures
			for _, a := range figures.Money {
				met[a.Currency] = true
			}
		}
		d.Days = append(d.Days, day)
	}
	for _, c := range currencies {
		if met[c] {
			d.Currencies = append(d.Currencies, c)
		}
	}
	return d, nil
}
