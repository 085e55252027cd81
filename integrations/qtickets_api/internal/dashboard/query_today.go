package dashboard

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"
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
