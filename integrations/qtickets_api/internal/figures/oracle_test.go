package figures_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestEveryFigureEqualsTheOracle: every block of the four screens says what the box office itself says, ticket by
// ticket, for worlds of several currencies and time zones, of nothing, and of unreadable halls, under every period and
// filter.
func TestEveryFigureEqualsTheOracle(t *testing.T) {
	t.Parallel()
	rules := simulator.RefundRules{MovesUpdatedAt: true}
	for _, w := range []struct {
		name    string
		options simulator.WorldOptions
		faults  []simulator.Fault
	}{
		{"demo", simulator.WorldOptions{Seed: 1, Orders: 3000, Refunds: rules}, nil},
		{"one currency, a short season", simulator.WorldOptions{Seed: 5, Orders: 400, HistoryDays: 20, SingleCurrency: true,
			Refunds: rules}, nil},
		{"mail in campaigns, many events", simulator.WorldOptions{Seed: 9, Orders: 600, Events: 23, MailInCampaign: true,
			Refunds: rules}, nil},
		{"no seats", simulator.WorldOptions{Seed: 3, Orders: 300, Refunds: rules},
			[]simulator.Fault{{Kind: simulator.SeatsUnavailable}}},
		{"empty", simulator.WorldOptions{Seed: 2}, nil},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, w.options, w.faults...)
			l.seatsUnknown = len(w.faults) > 0
			f := l.filter()
			s := newSheet(l.world, f.Version.AsOf)
			s.halls = l.hallsRead(f)
			for _, filter := range filters(l, f) {
				l.checkToday(s.only(filter), filter)
				l.checkPeriods(s.only(filter), filter)
			}
			l.checkShows(s, f)
			l.checkEvents(s, f)
		})
	}
}

// TestToTheSameMinute: a week ago something was sold every minute around this one, so a minute too many or too few in
// what today is compared with shows.
func TestToTheSameMinute(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 7, Orders: 100,
		Now: time.Now().AddDate(0, 0, -7).Add(-3 * time.Minute)})
	for range 12 {
		id, err := world.CreateOrder(simulator.NewOrder{FullPrice: true})
		if err == nil {
			err = world.Pay(id)
		}
		if err != nil {
			t.Fatal(err)
		}
		world.Advance(30 * time.Second)
	}
	l := openLab(t, world)
	f := l.filter()
	s := newSheet(world, f.Version.AsOf)
	l.checkToday(s, f)
	f.Period, f.Compare = figures.PeriodToday, figures.ComparePrevious
	l.checkChannels(s, f)
	st := s.stretch(f)
	minute := s.asOf.Hour()*60 + s.asOf.Minute()
	if n := len(s.before(st)); minute > 5 && minute < 24*60-5 && (n < 6 ||
		n > len(s.within(st.beforeFrom, st.beforeFrom.AddDate(0, 0, 1)))-2) {
		t.Errorf("the comparison cuts nothing: %d tickets", n)
	}
}

// filters are no filter, a city, and an event.
func filters(l *lab, f figures.Filter) []figures.Filter {
	city, event := f, f
	shows := l.world.ShowFacts()
	city.City, event.Event = shows[0].City, uint64(shows[len(shows)/2].EventID)
	return []figures.Filter{f, city, event}
}

func (l *lab) checkToday(s *sheet, f figures.Filter) {
	l.Helper()
	cards, err := l.store.Cards(l.Context(), f)
	cards.Next = nil // of checkShows
	same(l, "cards", s.cards(), cards, err)
	hours, err := l.store.Hours(l.Context(), f)
	same(l, "hours", s.hours(), hours, err)
	weeks, err := l.store.Weeks(l.Context(), f)
	today := midnight(s.asOf)
	same(l, "weeks", s.days(today.AddDate(0, 0, -55), today), weeks, err)
	late := f
	late.Now = f.Version.AsOf.AddDate(0, 0, 3) // days nobody loaded
	weeks, err = l.store.Weeks(l.Context(), late)
	if n := len(weeks.Days); err != nil || n != 59 || weeks.Days[n-1].State != figures.DayUnknown ||
		weeks.Days[55].State != figures.DayPartial {
		l.Errorf("three days without a load: %d days, %v", n, err)
	}
}

func (s *sheet) cards() figures.Cards {
	minute := s.asOf.Hour()*60 + s.asOf.Minute()
	c := figures.Cards{Day: midnight(s.asOf), Weeks: s.weeks(), Today: s.weekday(0, 24*60)}
	card := func(name figures.CardName, currency string, value func(figures.Totals) (v decimal.Decimal, known bool),
		count func(figures.Totals) int64) {
		one := figures.Card{Name: name, Currency: currency}
		if v, known := value(c.Today); known {
			one.Value = &v
		}
		var values, counts []decimal.Decimal
		for ago := 1; ago <= c.Weeks; ago++ {
			f := s.weekday(ago, minute+1)
			if v, known := value(f); known {
				values = append(values, v)
			}
			counts = append(counts, decimal.NewFromInt(count(f)))
		}
		low, median, high := spread(values)
		one.Baseline = median
		switch {
		case one.Value != nil && low != nil && one.Value.Cmp(*low) < 0:
			one.Side = figures.Below
		case one.Value != nil && high != nil && one.Value.Cmp(*high) > 0:
			one.Side = figures.Above
		}
		if _, often, _ := spread(counts); often != nil && often.InexactFloat64() >= 10 && one.Side != figures.Usual &&
			!one.Baseline.IsZero() {
			p := one.Value.Div(*one.Baseline).Sub(decimal.NewFromInt(1)).Mul(decimal.NewFromInt(100)).Round(1)
			one.Percent = &p
		}
		c.Cards = append(c.Cards, one)
	}
	tickets := func(f figures.Totals) int64 { return f.Tickets }
	refunded := func(f figures.Totals) int64 { return f.Refunded }
	integer := func(of func(figures.Totals) int64) func(figures.Totals) (decimal.Decimal, bool) {
		return func(f figures.Totals) (decimal.Decimal, bool) { return decimal.NewFromInt(of(f)), true }
	}
	card(figures.CardTickets, "", integer(tickets), tickets)
	card(figures.CardRefunded, "", integer(refunded), refunded)
	for i, currency := range s.currencies {
		in := func(f figures.Totals) (a figures.Amounts, moved bool) {
			for _, a := range f.Money {
				if a.Currency == currency {
					return a, true
				}
			}
			return figures.Amounts{}, false
		}
		_, shown := in(c.Today)
		for ago := 1; ago <= c.Weeks; ago++ {
			_, moved := in(s.weekday(ago, minute+1))
			shown = shown || moved
		}
		if i > 0 && !shown {
			continue
		}
		paid := func(f figures.Totals) int64 { a, _ := in(f); return a.Paid }
		card(figures.CardRevenue, currency, func(f figures.Totals) (decimal.Decimal, bool) {
			a, _ := in(f)
			return a.Gross,
				true
		}, paid)
		card(figures.CardRefunds, currency, func(f figures.Totals) (decimal.Decimal, bool) {
			a, _ := in(f)
			return a.Refunds,
				true
		}, refunded)
		card(figures.CardAverage, currency, func(f figures.Totals) (decimal.Decimal, bool) {
			a, _ := in(f)
			if a.Paid == 0 {
				return decimal.Decimal{}, false
			}
			return a.Gross.DivRound(decimal.NewFromInt(a.Paid), 2), true
		}, paid)
	}
	return c
}

func (s *sheet) hours() figures.Hours {
	now := s.asOf.Hour()*60 + s.asOf.Minute()
	h := figures.Hours{Day: midnight(s.asOf), Weeks: s.weeks()}
	if len(s.currencies) > 0 {
		h.Currency = s.currencies[0]
	}
	// Today's figure at the minute of the data is all there is; of the weeks before, that minute counts wholly.
	point := func(minute, today, before int) {
		p := figures.HourPoint{Minute: minute}
		band := func(of func(figures.Totals) decimal.Decimal) (b figures.Band) {
			if minute <= now {
				v := of(s.weekday(0, today))
				b.Today = &v
			}
			var values []decimal.Decimal
			for ago := 1; ago <= h.Weeks; ago++ {
				values = append(values, of(s.weekday(ago, before)))
			}
			b.Low, b.Median, b.High = spread(values)
			return b
		}
		p.Tickets = band(func(f figures.Totals) decimal.Decimal { return decimal.NewFromInt(f.Tickets) })
		if h.Currency != "" {
			p.Revenue = band(func(f figures.Totals) decimal.Decimal { return f.In(h.Currency).Gross })
		}
		h.Points = append(h.Points, p)
	}
	for hour := range 25 {
		point(hour*60, hour*60, hour*60)
		if hour == now/60 && now%60 != 0 {
			point(now, 24*60, now+1)
		}
	}
	return h
}

func (s *sheet) days(from, to time.Time) figures.Days {
	var d figures.Days
	moved := map[string]bool{}
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		one := figures.Day{Date: day, State: figures.DayComplete, Totals: s.figures(s.within(day, day.AddDate(0, 0, 1)))}
		if day.Equal(midnight(s.asOf)) {
			one.State = figures.DayPartial
		}
		for _, a := range one.Money {
			moved[a.Currency] = true
		}
		d.Days = append(d.Days, one)
	}
	for _, c := range s.currencies {
		if moved[c] {
			d.Currencies = append(d.Currencies, c)
		}
	}
	return d
}

// checkPeriods compares what depends on the period.
func (l *lab) checkPeriods(s *sheet, f figures.Filter) {
	l.Helper()
	periods := []figures.Period{"", figures.PeriodToday, figures.Period7, figures.Period28, figures.Period90,
		figures.PeriodAll, figures.PeriodRange}
	if f.City != "" || f.Event != 0 { // filters and periods meet nowhere
		periods = []figures.Period{figures.Period28, figures.PeriodAll}
	}
	for _, period := range periods {
		for _, compare := range []figures.Compare{figures.CompareNone, figures.ComparePrevious, figures.CompareYear} {
			f := f
			f.Period, f.Compare = period, compare
			if period == figures.PeriodRange {
				f.From, f.To = s.asOf.AddDate(0, 0, -12), s.asOf.AddDate(0, 0, -5)
			}
			l.checkChannels(s, f)
			if compare == figures.CompareNone {
				l.checkShape(s, f)
				l.checkGiven(s, f)
			}
		}
	}
}

func (l *lab) checkChannels(s *sheet, f figures.Filter) {
	l.Helper()
	name := func(block string) string { return fmt.Sprintf("%s of %q against %q", block, f.Period, f.Compare) }
	st := s.stretch(f)
	check := func(block string, key func(simulator.Movement) string, got map[string]compared, err error) {
		l.Helper()
		same(l, name(block), s.compare(st, key), got, err)
	}
	cities, err := l.store.Cities(l.Context(), f)
	got := map[string]compared{}
	for _, c := range cities.Cities {
		if moves(&c.Totals) || moves(c.Before) {
			got[c.City] = compared{c.Totals, c.Before}
		}
	}
	check("cities", func(m simulator.Movement) string { return m.City }, got, err)

	codes, err := l.store.PromoCodes(l.Context(), f)
	got = map[string]compared{}
	for _, c := range codes.Codes {
		got[c.Code] = compared{c.Totals, c.Before}
	}
	check("promo codes", func(m simulator.Movement) string { return m.Promo }, got, err)

	sites, err := l.store.Sites(l.Context(), f)
	got = map[string]compared{}
	for _, one := range sites.Sites {
		got[one.Name] = compared{one.Totals, one.Before}
	}
	check("sites", func(m simulator.Movement) string { return m.Site }, got, err)

	types, err := l.store.PaymentTypes(l.Context(), f)
	got = map[string]compared{}
	for _, p := range types.Types {
		got[p.Type] = compared{p.Totals, p.Before}
	}
	check("payment types", func(m simulator.Movement) string { return m.Payment }, got, err)

	channels, err := l.store.Channels(l.Context(), f)
	levels := [4]map[string]compared{{}, {}, {}, {}}
	var walk func(level int, path string, c figures.Channel)
	walk = func(level int, path string, c figures.Channel) {
		if moves(&c.Totals) || moves(c.Before) {
			levels[level][path] = compared{c.Totals, c.Before}
		}
		for _, p := range c.Parts {
			walk(level+1, path+"/"+p.UTM, p)
		}
	}
	channels.Total.Parts = channels.Sources
	walk(0, "", channels.Total)
	check("all channels", func(simulator.Movement) string { return "" }, levels[0], err)
	check("sources", func(m simulator.Movement) string { return "/" + m.Source }, levels[1], err)
	check("media", func(m simulator.Movement) string { return "/" + m.Source + "/" + m.Medium }, levels[2], err)
	check("campaigns", func(m simulator.Movement) string {
		return strings.Join([]string{"", m.Source, m.Medium, m.Campaign}, "/")
	}, levels[3], err)
	if len(channels.Sources) == 0 || !hasMark(channels.Sources, "") {
		l.Errorf("%s: no line without a mark", name("channels"))
	}
	first := s.first()
	if incomplete := !st.beforeFrom.IsZero() && (first.IsZero() ||
		st.beforeFrom.Before(first)); channels.Span.BeforeIncomplete != incomplete {
		l.Errorf("%s: the comparison is incomplete: %v, want %v", name("channels"), channels.Span.BeforeIncomplete,
			incomplete)
	}
}

func hasMark(channels []figures.Channel, mark string) bool {
	for _, c := range channels {
		if c.UTM == mark {
			return true
		}
	}
	return false
}

// moves reports whether there is anything in the figures.
func moves(f *figures.Totals) bool { return f != nil && (f.Tickets != 0 || f.Refunded != 0) }
