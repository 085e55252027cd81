package figures

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// baselineWeeks is how many same weekdays make what is usual.
const baselineWeeks = 8

// weekdays are the day of the data and the same weekdays before it, hour by hour.
type weekdays struct {
	day    time.Time
	minute int // of the day, the last one that counts
	weeks  int // that are known
	// of 0, the day of the data, to baselineWeeks: figures of each hour, and the part of it up to the minute
	hours, toMinute [baselineWeeks + 1][24]Totals
	days            map[int64]*Totals // all days between the first of them and the last, by the second each begins
}

func (s *Store) weekdays(ctx context.Context, f Filter) (*weekdays, error) {
	return s.sameDays.get(ctx, f.key(""), func(ctx context.Context) (*weekdays, error) { return s.readWeekdays(ctx, f) })
}

func (s *Store) readWeekdays(ctx context.Context, f Filter) (*weekdays, error) {
	asOf := f.Version.AsOf.In(sales.Moscow)
	w := &weekdays{day: dayOf(asOf), minute: asOf.Hour()*60 + asOf.Minute(), days: map[int64]*Totals{}}
	p := f.parameters()
	p["from"], p["to"] = unixSeconds(w.day.AddDate(0, 0, -7*baselineWeeks)), unixSeconds(w.day.AddDate(0, 0, 1))
	p["minute"], p["weekday"] = unsigned(uint64(w.minute)), unsigned(uint64((w.day.Weekday()+6)%7+1))
	first, err := s.firstSale(ctx, f)
	if err != nil {
		return w, err
	}
	for w.weeks < baselineWeeks && !first.IsZero() && !w.day.AddDate(0, 0, -7*(w.weeks+1)).Before(first) {
		w.weeks++
	}
	err = s.read(ctx, "hours", p, func(scan func(...any) error) error {
		var day time.Time
		var hour, later uint8
		var m totalsRow
		if err := scan(append([]any{&day, &hour, &later}, m.columns()...)...); err != nil {
			return err
		}
		date := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, sales.Moscow)
		if w.days[date.Unix()] == nil {
			w.days[date.Unix()] = &Totals{}
		}
		w.days[date.Unix()].add(m)
		if date.Weekday() != w.day.Weekday() {
			return nil
		}
		ago := daysBetween(date, w.day) / 7
		w.hours[ago][hour].add(m)
		if later == 0 {
			w.toMinute[ago][hour].add(m)
		}
		return nil
	})
	return w, err
}

// until are the figures of the day so many weeks ago up to the minute of the data. Of the day of the data (0) they are
// all there are.
func (w *weekdays) until(ago int) Totals {
	var sum Totals
	for hour := range 24 {
		if ago == 0 {
			sum.plus(w.hours[ago][hour])
		} else {
			sum.plus(w.toMinute[ago][hour])
		}
	}
	return sum
}

func number(n int64) *decimal.Decimal {
	d := decimal.NewFromInt(n)
	return &d
}

// middle is the median of what is known, nil when nothing is.
func middle[T any](all []T, of func(T) *decimal.Decimal) *decimal.Decimal {
	var known []decimal.Decimal
	for _, one := range all {
		if v := of(one); v != nil {
			known = append(known, *v)
		}
	}
	return median(known)
}

// bandOf is a figure of today beside what is known of it in the weeks before.
func bandOf(today *decimal.Decimal, before []Totals, of func(Totals) *decimal.Decimal) Band {
	b := Band{Today: today}
	var known []decimal.Decimal
	for _, one := range before {
		if v := of(one); v != nil {
			known = append(known, *v)
		}
	}
	if b.Median = median(known); b.Median != nil { // sorted now
		b.Low, b.High = &known[0], &known[len(known)-1]
	}
	return b
}

func median(known []decimal.Decimal) *decimal.Decimal {
	if len(known) == 0 {
		return nil
	}
	slices.SortFunc(known, decimal.Decimal.Cmp)
	m := known[len(known)/2]
	if len(known)%2 == 0 {
		m = m.Add(known[len(known)/2-1]).DivRound(decimal.NewFromInt(2), 3)
	}
	return &m
}
