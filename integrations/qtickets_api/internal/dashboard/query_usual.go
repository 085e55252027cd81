package dashboard

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// usualWeeks is how many same weekdays make what is usual.
const usualWeeks = 8

// weekdays are the day of the data and the same weekdays before it, hour by hour.
type weekdays struct {
	day    time.Time
	minute int // of the day, the last one that counts
	weeks  int // that are known
	// of 0, the day of the data, to usualWeeks: figures of each hour, and the part of it up to the minute
	hours, toMinute [usualWeeks + 1][24]Figures
}

func (s *Store) weekdays(ctx context.Context, f Filter) (*weekdays, error) {
	return s.sameDays.get(ctx, f.key(""), func(ctx context.Context) (*weekdays, error) { return s.readWeekdays(ctx, f) })
}

func (s *Store) readWeekdays(ctx context.Context, f Filter) (*weekdays, error) {
	asOf := f.Version.AsOf.In(moscow)
	w := &weekdays{day: dayOf(asOf), minute: asOf.Hour()*60 + asOf.Minute()}
	p := f.parameters()
	p["from"], p["to"] = wholeSeconds(w.day.AddDate(0, 0, -7*usualWeeks)), wholeSeconds(w.day.AddDate(0, 0, 1))
	p["minute"], p["weekday"] = unsigned(uint64(w.minute)), unsigned(uint64((w.day.Weekday()+6)%7+1))
	first, err := s.firstSale(ctx, f)
	if err != nil {
		return w, err
	}
	for w.weeks < usualWeeks && !first.IsZero() && !w.day.AddDate(0, 0, -7*(w.weeks+1)).Before(first) {
		w.weeks++
	}
	err = s.read(ctx, "hours", p, func(scan func(...any) error) error {
		var day time.Time
		var hour, later uint8
		var m moved
		if err := scan(append([]any{&day, &hour, &later}, m.columns()...)...); err != nil {
			return err
		}
		date := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, moscow)
		ago := int(w.day.Sub(date) / (7 * 24 * time.Hour))
		w.hours[ago][hour].add(m)
		if later == 0 {
			w.toMinute[ago][hour].add(m)
		}
		return nil
	})
	return w, err
}

// until are the figures of the day some weeks ago to the minute of the data; those of the day of the data are all there are.
func (w *weekdays) until(ago int) Figures {
	var sum Figures
	for hour := range 24 {
		if ago == 0 {
			sum.plus(w.hours[ago][hour])
		} else {
			sum.plus(w.toMinute[ago][hour])
		}
	}
	return sum
}

// Cards are the figures of the day of the data.
func (s *Store) Cards(ctx context.Context, f Filter) (Cards, error) {
	w, err := s.weekdays(ctx, f)
	if err != nil {
		return Cards{}, err
	}
	currencies, err := s.currencies(ctx, f.Version)
	if err != nil {
		return Cards{}, err
	}
	c := Cards{Day: w.day, Weeks: w.weeks, Today: w.until(0)}
	c.Today.order(currencies)
	before := make([]Figures, w.weeks)
	for i := range before {
		before[i] = w.until(i + 1)
	}
	tickets := func(f Figures) *decimal.Decimal { return number(f.Tickets) }
	refunded := func(f Figures) *decimal.Decimal { return number(f.Refunded) }
	// A percentage is told when enough of what the figure counts is usual.
	card := func(name CardName, currency string, of, counts func(Figures) *decimal.Decimal) {
		one := Card{Name: name, Currency: currency, Value: of(c.Today), Usual: middle(before, of)}
		often := middle(before, counts)
		if often != nil && often.GreaterThanOrEqual(leastUsual) && one.Value != nil && one.Usual != nil && one.Usual.IsPositive() {
			percent := one.Value.Sub(*one.Usual).Mul(hundred).DivRound(*one.Usual, 1)
			one.Percent = &percent
		}
		c.Cards = append(c.Cards, one)
	}
	card(CardTickets, "", tickets, tickets)
	card(CardRefunded, "", refunded, refunded)
	for _, currency := range c.shown(currencies, before) {
		paid := func(f Figures) *decimal.Decimal { return number(f.In(currency).Paid) }
		card(CardRevenue, currency, func(f Figures) *decimal.Decimal { v := f.In(currency).Gross; return &v }, paid)
		card(CardRefunds, currency, func(f Figures) *decimal.Decimal { v := f.In(currency).Refunds; return &v }, refunded)
		card(CardAverage, currency, func(f Figures) *decimal.Decimal { return f.In(currency).Average() }, paid)
	}
	lines, err := s.lines(ctx, f, true)
	for i := range lines {
		if start := lines[i].Start; start != nil && start.After(f.Version.AsOf) {
			c.Next = &lines[i]
			break
		}
	}
	return c, err
}

// shown are the currencies that have cards: the main one, and what moved today or usually does.
func (c *Cards) shown(currencies []string, before []Figures) []string {
	var shown []string
	for i, currency := range currencies {
		moves := func(f Figures) bool {
			return slices.ContainsFunc(f.Money, func(a Amounts) bool { return a.Currency == currency })
		}
		if i == 0 || moves(c.Today) || slices.ContainsFunc(before, moves) {
			shown = append(shown, currency)
		}
	}
	return shown
}

// leastUsual is how many tickets must be usual for a percentage.
var leastUsual, hundred = decimal.NewFromInt(10), decimal.NewFromInt(100)

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

// Hours is the day of the data by hour.
func (s *Store) Hours(ctx context.Context, f Filter) (Hours, error) {
	w, err := s.weekdays(ctx, f)
	if err != nil {
		return Hours{}, err
	}
	h := Hours{Day: w.day, Weeks: w.weeks}
	if h.Currency, err = s.mainCurrency(ctx, f.Version); err != nil {
		return h, err
	}
	var sums [usualWeeks + 1]Figures
	for hour := range 25 {
		h.Points = append(h.Points, h.point(w, hour*60, sums))
		if hour == 24 {
			break
		}
		if w.minute/60 == hour && w.minute%60 != 0 {
			cut := sums
			for ago := range cut {
				cut[ago] = Figures{}
				cut[ago].plus(sums[ago])
				cut[ago].plus(w.toMinute[ago][hour])
			}
			cut[0] = w.until(0)
			h.Points = append(h.Points, h.point(w, w.minute, cut))
		}
		for ago := range sums {
			sums[ago].plus(w.hours[ago][hour])
		}
	}
	return h, nil
}

// point is a moment of the chart: today's figure is known to the minute of the data.
func (h *Hours) point(w *weekdays, minute int, sums [usualWeeks + 1]Figures) HourPoint {
	p := HourPoint{Minute: minute}
	known := minute <= w.minute
	p.Tickets = band(w, known, sums, func(f Figures) decimal.Decimal { return decimal.NewFromInt(f.Tickets) })
	if h.Currency != "" {
		p.Revenue = band(w, known, sums, func(f Figures) decimal.Decimal { return f.In(h.Currency).Gross })
	}
	return p
}

func band(w *weekdays, known bool, sums [usualWeeks + 1]Figures, of func(Figures) decimal.Decimal) Band {
	var b Band
	if known {
		today := of(sums[0])
		b.Today = &today
	}
	values := make([]decimal.Decimal, w.weeks)
	for i := range values {
		values[i] = of(sums[i+1])
	}
	if b.Median = median(values); b.Median != nil { // sorted now
		b.Low, b.High = &values[0], &values[len(values)-1]
	}
	return b
}
