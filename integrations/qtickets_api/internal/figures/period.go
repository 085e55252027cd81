package figures

import (
	"context"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Span is the stretch of days a block covers and what it is compared with.
type Span struct {
	From, To         time.Time  // Moscow days, inclusive
	BeforeFrom       *time.Time // nil: no comparison
	BeforeTo         *time.Time
	BeforeUntil      *time.Time // the comparison ends at this moment, as the data does
	BeforeIncomplete bool       // the comparison begins before the first sale that is known
}

// dayOf is midnight of the Moscow day of a moment.
func dayOf(at time.Time) time.Time {
	at = at.In(sales.Moscow)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, sales.Moscow)
}

// daysBetween counts the calendar days from one midnight to another. Moscow moved its clocks until 2014, so a day is
// not always 24 hours.
func daysBetween(from, to time.Time) int {
	return int(to.Sub(from).Round(24*time.Hour) / (24 * time.Hour))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Span are the days the filter means and what they are compared with; "all time" ends with the data and has no
// beginning.
func (f Filter) span() Span {
	today := dayOf(f.Version.AsOf)
	s := Span{From: today, To: today}
	switch f.Period {
	case PeriodToday:
	case Period7:
		s.From = today.AddDate(0, 0, -6)
	case Period90:
		s.From = today.AddDate(0, 0, -89)
	case PeriodAll:
		s.From = time.Unix(0, 0).In(sales.Moscow)
	case PeriodRange:
		s.From, s.To = dayOf(f.From), dayOf(f.To)
	default:
		s.From = today.AddDate(0, 0, -27)
	}
	if f.Compare == CompareNone || f.Period == PeriodAll {
		return s
	}
	s.compare(f)
	return s
}

// compare finds the stretch before. It ends at the same time of day as the data, when the data ends within the period.
func (s *Span) compare(f Filter) {
	days := daysBetween(s.From, s.To) + 1
	back := days
	switch {
	case f.Compare == CompareYear:
		back = 52 * 7
	case days == 1:
		back = 7
	}
	from, to := s.From.AddDate(0, 0, -back), s.To.AddDate(0, 0, -back)
	until := to.AddDate(0, 0, 1)
	if asOf := f.Version.AsOf.AddDate(0, 0, -back); asOf.Before(until) {
		until = asOf
	}
	s.BeforeFrom, s.BeforeTo, s.BeforeUntil = &from, &to, &until
}

// end is the moment after the last day. All time has none: what a clock ahead of ours sold counts too.
func (s Span) end(f Filter) time.Time {
	if f.Period == PeriodAll {
		return time.Unix(1<<32-1, 0)
	}
	return s.To.AddDate(0, 0, 1)
}

// stretch is the span of the filter and the parameters of a query about it. All time begins with the first sale.
func (s *Store) stretch(ctx context.Context, f Filter) (Span, map[string]string, error) {
	span, p := f.span(), f.parameters()
	p["from"], p["to"] = unixSeconds(span.From), unixSeconds(span.end(f))
	p["before_from"], p["before_to"] = "0", "0"
	if f.Period == PeriodAll || span.BeforeFrom != nil {
		first, err := s.firstSale(ctx, f)
		if err != nil {
			return span, nil, err
		}
		if f.Period == PeriodAll {
			if span.From = first; first.IsZero() {
				span.From = span.To
			}
			return span, p, nil
		}
		span.BeforeIncomplete = first.IsZero() || span.BeforeFrom.Before(first)
	}
	if span.BeforeFrom != nil {
		until := *span.BeforeUntil
		if until.Before(span.BeforeTo.AddDate(0, 0, 1)) { // the last minute counts wholly, as in the period
			until = until.Truncate(time.Minute).Add(time.Minute)
		}
		p["before_from"], p["before_to"] = unixSeconds(*span.BeforeFrom), unixSeconds(until)
	}
	return span, p, nil
}

// part are the figures of one value of what a period is taken apart by.
type part struct {
	keys   [3]string
	now    Totals
	before *Totals // nil: no comparison
}

// By is what a period is taken apart by.
type By string

// What movements have: cities, UTM parameters, and so on.
const (
	ByCity        By = "city"
	ByUTM         By = "utm"
	ByPromoCode   By = "promo_code"
	ByPaymentType By = "payment_type"
	BySite        By = "site"
	ByLead        By = "lead" // days before the show: from, and up to; -1: no date
	BySize        By = "size" // tickets of the order, see MaxOrderSize
	ByHour        By = "hour" // weekday, Monday is 1, and hour of the Moscow clock
	ByWeek        By = "week" // the last seven days; it has no keys
	ByPlan        By = "plan" // what has a plan for a month, 202612, and what that is for: PlanTickets or PlanRevenue
)

// parts takes the figures of the period apart, most tickets first. One reading answers all but cities.
func (s *Store) parts(ctx context.Context, f Filter, wanted By) (Span, []part, error) {
	span, p, err := s.stretch(ctx, f)
	if err != nil {
		return span, nil, err
	}
	query := "channels"
	if wanted == ByCity {
		query = "cities"
	}
	key := f.key(query + " " + p["from"] + " " + p["to"] + " " + p["before_from"] + " " + p["before_to"])
	all, err := s.split.get(ctx, key, func(ctx context.Context) (map[By][]part, error) {
		return s.readParts(ctx, f.Version, query, p, span.BeforeFrom != nil)
	})
	return span, slices.Clone(all[wanted]), err // callers put them into another order
}

func (s *Store) readParts(ctx context.Context, v Version, query string, p map[string]string,
	compared bool) (map[By][]part, error) {
	currencies, err := s.currencies(ctx, v)
	if err != nil {
		return nil, err
	}
	type named struct {
		by   By
		keys [3]string
	}
	found := map[named]*part{}
	err = s.read(ctx, query, p, func(scan func(...any) error) error {
		var n named
		var before uint8
		var m totalsRow
		columns := []any{(*string)(&n.by), &n.keys[0], &n.keys[1], &n.keys[2], &before}
		if err := scan(append(columns, m.columns()...)...); err != nil {
			return err
		}
		one := found[n]
		if one == nil {
			one = &part{keys: n.keys}
			if compared {
				one.before = &Totals{}
			}
			found[n] = one
		}
		if before == 1 {
			one.before.add(m)
		} else {
			one.now.add(m)
		}
		return nil
	})
	parts := map[By][]part{}
	for n, one := range found {
		one.now.order(currencies)
		if one.before != nil {
			one.before.order(currencies)
		}
		parts[n.by] = append(parts[n.by], *one)
	}
	for _, list := range parts {
		slices.SortFunc(list, func(a, b part) int { return byTickets(a.now, b.now, a.keys[:], b.keys[:]) })
	}
	return parts, err
}
