package figures_test

import (
	"slices"
	"sort"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// sheet is what the box office itself says: its tickets one by one, added up without any SQL.
type sheet struct {
	moves      []simulator.Movement // by time
	opened     time.Time            // day of the first sale of the box office, zero: none
	currencies []string             // the main one first
	shows      map[int64]simulator.ShowFacts
	stock      map[int64]simulator.Stock
	entries    []simulator.Entry
	halls      map[int64]bool // shows whose seats were read, where a check needs to know
	asOf       time.Time
}

var msk = time.FixedZone("", 3*60*60)

func newSheet(world *simulator.World, asOf time.Time) *sheet {
	s := &sheet{moves: world.Movements(), stock: world.Oracle().Inventory,
		entries: world.Entries(), asOf: asOf.In(msk),
		shows: map[int64]simulator.ShowFacts{}}
	for _, show := range world.ShowFacts() {
		s.shows[show.ShowID] = show
	}
	sort.SliceStable(s.moves, func(i, j int) bool { return s.moves[i].At.Before(s.moves[j].At) })
	s.opened = s.first()
	tickets := map[string]int{}
	for _, m := range s.moves {
		if !m.Refund {
			tickets[m.Currency]++
		}
	}
	for c := range tickets {
		s.currencies = append(s.currencies, c)
	}
	sort.Slice(s.currencies, func(i, j int) bool {
		a, b := s.currencies[i], s.currencies[j]
		return tickets[a] > tickets[b] || (tickets[a] == tickets[b] && a < b)
	})
	return s
}

// only keeps the movements of the filter.
func (s *sheet) only(f figures.Filter) *sheet {
	kept := *s
	kept.moves = nil
	for _, m := range s.moves {
		if (f.City == "" || m.City == f.City) && (f.Event == 0 || uint64(m.EventID) == f.Event) && (f.Show == 0 ||
			uint64(m.ShowID) == f.Show) {
			kept.moves = append(kept.moves, m)
		}
	}
	return &kept
}

func minuteOf(at time.Time) time.Time { return at.In(msk).Truncate(time.Minute) }

func midnight(at time.Time) time.Time {
	at = at.In(msk)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, msk)
}

// within are the movements of [from, to), by whole minutes.
func (s *sheet) within(from, to time.Time) []simulator.Movement {
	first := sort.Search(len(s.moves), func(i int) bool { return !minuteOf(s.moves[i].At).Before(from) })
	after := sort.Search(len(s.moves), func(i int) bool { return !minuteOf(s.moves[i].At).Before(to) })
	return s.moves[first:max(first, after)]
}

// first is the day of the first sale, zero: none.
func (s *sheet) first() time.Time {
	if len(s.moves) == 0 {
		return time.Time{}
	}
	return midnight(s.moves[0].At)
}

func rub(kopecks int64) decimal.Decimal { return decimal.New(kopecks, -2) }

// figures adds movements up.
func (s *sheet) figures(moves []simulator.Movement) figures.Totals {
	var f figures.Totals
	orders := map[int64]bool{}
	money := map[string]*figures.Amounts{}
	for _, m := range moves {
		a := money[m.Currency]
		if a == nil {
			a = &figures.Amounts{Currency: m.Currency}
		}
		if m.Refund {
			f.Refunded++
			if m.Returned > 0 {
				a.Refunds = a.Refunds.Add(rub(m.Returned))
				money[m.Currency] = a
			}
			continue
		}
		f.Tickets++
		orders[m.OrderID] = true
		if m.Price == 0 {
			f.Free++
			continue
		}
		a.Gross, a.Paid = a.Gross.Add(rub(m.Price)), a.Paid+1
		money[m.Currency] = a
	}
	f.Orders = int64(len(orders))
	for _, c := range s.currencies {
		if money[c] != nil {
			f.Money = append(f.Money, *money[c])
		}
	}
	return f
}

// by adds up the movements of each key.
func by[K comparable](s *sheet, moves []simulator.Movement, key func(simulator.Movement) K) map[K]figures.Totals {
	groups := map[K][]simulator.Movement{}
	for _, m := range moves {
		groups[key(m)] = append(groups[key(m)], m)
	}
	sums := map[K]figures.Totals{}
	for k, g := range groups {
		sums[k] = s.figures(g)
	}
	return sums
}

// stretch is the period of a filter and what it is compared with, in moments; before is empty without a comparison.
type stretch struct{ from, to, beforeFrom, beforeTo time.Time }

func (s *sheet) stretch(f figures.Filter) stretch {
	today := midnight(s.asOf)
	days := map[figures.Period]int{figures.PeriodToday: 1, figures.Period7: 7, figures.Period28: 28, "": 28,
		figures.Period90: 90}[f.Period]
	st := stretch{from: today.AddDate(0, 0, 1-days), to: today.AddDate(0, 0, 1)}
	switch f.Period {
	case figures.PeriodAll:
		return stretch{from: time.Unix(0, 0), to: today.AddDate(100, 0, 0)}
	case figures.PeriodRange:
		st.from, st.to = midnight(f.From), midnight(f.To).AddDate(0, 0, 1)
		days = int(st.to.Sub(st.from).Hours() / 24)
	}
	back := days
	if days == 1 {
		back = 7
	}
	switch f.Compare {
	case figures.CompareNone:
		return st
	case figures.CompareYear:
		back = 364
	}
	st.beforeFrom, st.beforeTo = st.from.AddDate(0, 0, -back), st.to.AddDate(0, 0, -back)
	if cut := minuteOf(s.asOf.AddDate(0, 0, -back)).Add(time.Minute); cut.Before(st.beforeTo) {
		st.beforeTo = cut
	}
	return st
}

func (s *sheet) now(st stretch) []simulator.Movement    { return s.within(st.from, st.to) }
func (s *sheet) before(st stretch) []simulator.Movement { return s.within(st.beforeFrom, st.beforeTo) }

// compared are the figures of one key in both stretches, of every key of either.
type compared struct {
	Now    figures.Totals
	Before *figures.Totals
}

func (s *sheet) compare(st stretch, key func(simulator.Movement) string) map[string]compared {
	now, before := by(s, s.now(st), key), by(s, s.before(st), key)
	all := map[string]compared{}
	for k := range now {
		all[k] = compared{}
	}
	for k := range before {
		all[k] = compared{}
	}
	for k := range all {
		one := compared{Now: now[k]}
		if !st.beforeFrom.IsZero() {
			b := before[k]
			one.Before = &b
		}
		all[k] = one
	}
	return all
}

// same weekday: the day of the data (0) or as many weeks before it, from midnight to a minute of the day.
func (s *sheet) weekday(weeksAgo, minute int) figures.Totals {
	day := midnight(s.asOf).AddDate(0, 0, -7*weeksAgo)
	return s.figures(s.within(day, day.Add(time.Duration(minute)*time.Minute)))
}

// weeks of 8 that are known.
func (s *sheet) weeks() int {
	n := 0
	for first := s.first(); n < 8 && !first.IsZero() && !midnight(s.asOf).AddDate(0, 0, -7*(n+1)).Before(first); {
		n++
	}
	return n
}

// spread is the lowest, the middle and the highest.
func spread(values []decimal.Decimal) (low, mid, high *decimal.Decimal) {
	if len(values) == 0 {
		return nil, nil, nil
	}
	values = slices.Clone(values)
	sort.Slice(values, func(i, j int) bool { return values[i].LessThan(values[j]) })
	n := len(values)
	m := decimal.Avg(values[(n-1)/2], values[n/2])
	return &values[0], &m, &values[n-1]
}
