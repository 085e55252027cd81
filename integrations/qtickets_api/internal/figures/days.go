package figures

import (
	"context"
	"maps"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Days are figures by Moscow day, every day of the stretch, also those without sales.
type Days struct {
	Days       []Day
	Currencies []string `money:"yes"` // met in Days, the main one first
}

// Day is one Moscow day.
type Day struct {
	Date  time.Time
	State DayState
	Totals
}

// DayState says whether a day's figures are all there.
type DayState string

// A day after the data ends is unknown, never "no sales".
const (
	DayComplete DayState = "complete"
	DayPartial  DayState = "partial" // the day of Version.AsOf: to that moment
	DayUnknown  DayState = "unknown" // after Version.AsOf: no data was loaded
)

// Weeks are the last 8 weeks by day, whatever the period. They are read together with the same weekdays of these weeks.
func (s *Store) Weeks(ctx context.Context, f Filter) (Days, error) {
	w, err := s.weekdays(ctx, f)
	if err != nil {
		return Days{}, err
	}
	found := map[int64]*Totals{}
	for day, totals := range w.days { // that are put in order, while others read them
		own := *totals
		own.Money = slices.Clone(totals.Money)
		found[day] = &own
	}
	return s.everyDay(ctx, f, found, w.day.AddDate(0, 0, -7*baselineWeeks+1), w.day)
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
	today := dayOf(f.Version.AsOf)
	found, err := s.readDays(ctx, f, time.Unix(0, 0), today)
	if err != nil || len(found) == 0 {
		return Days{}, err
	}
	first := time.Unix(slices.Min(slices.Collect(maps.Keys(found))), 0).In(sales.Moscow)
	return s.everyDay(ctx, f, found, first, today)
}

// days are those of the stretch, then those up to the clock of the page that no load has reached.
func (s *Store) days(ctx context.Context, f Filter, from, to time.Time) (Days, error) {
	found, err := s.readDays(ctx, f, from, to)
	if err != nil {
		return Days{}, err
	}
	return s.everyDay(ctx, f, found, from, to)
}

// everyDay puts the days on which nothing moved between the others.
func (s *Store) everyDay(ctx context.Context, f Filter, found map[int64]*Totals, from, to time.Time) (Days, error) {
	currencies, err := s.currencies(ctx, f.Version)
	if err != nil {
		return Days{}, err
	}
	asOf, last := dayOf(f.Version.AsOf), to
	if now := dayOf(f.Now); to.Equal(asOf) && now.After(last) {
		last = now
	}
	var d Days
	var sum Totals
	for date := from; !date.After(last); date = date.AddDate(0, 0, 1) {
		day := Day{Date: date, State: DayComplete}
		switch {
		case date.Equal(asOf):
			day.State = DayPartial
		case date.After(asOf):
			day.State = DayUnknown
		}
		if totals := found[date.Unix()]; totals != nil {
			totals.order(currencies)
			day.Totals = *totals
			sum.plus(*totals)
		}
		d.Days = append(d.Days, day)
	}
	for _, c := range currencies {
		if slices.ContainsFunc(sum.Money, func(a Amounts) bool { return a.Currency == c }) {
			d.Currencies = append(d.Currencies, c)
		}
	}
	return d, nil
}

// readDays are the totals of each day on which anything moved, by the second it begins.
func (s *Store) readDays(ctx context.Context, f Filter, from, to time.Time) (map[int64]*Totals, error) {
	p := f.parameters()
	p["from"], p["to"] = unixSeconds(from), unixSeconds(to.AddDate(0, 0, 1))
	found := map[int64]*Totals{}
	err := s.read(ctx, "days", p, func(scan func(...any) error) error {
		var day time.Time
		var m totalsRow
		err := scan(append([]any{&day}, m.columns()...)...)
		key := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, sales.Moscow).Unix()
		if found[key] == nil {
			found[key] = &Totals{}
		}
		found[key].add(m)
		return err
	})
	return found, err
}
