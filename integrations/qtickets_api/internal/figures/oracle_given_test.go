package figures_test

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// checkGiven compares what was taken off the list price: as a whole, by promo code, and free tickets by show.
func (l *lab) checkGiven(s *sheet, f figures.Filter) {
	l.Helper()
	st := s.stretch(f)
	got, err := l.store.Discounts(l.Context(), f)
	got.Span = figures.Span{}
	same(l, "discounts of "+string(f.Period), s.discounts(st), got, err)

	free, err := l.store.FreeShows(l.Context(), f)
	var shows []string
	for _, one := range free.Shows {
		shows = append(shows, fmt.Sprint(one.Show.ShowID, " ", one.Free, " of ", one.Tickets, " ", one.TooMuch))
	}
	same(l, "free tickets of "+string(f.Period), s.freeShows(st), shows, err)

	codes, err := l.store.PromoCodes(l.Context(), f)
	of := map[string]string{}
	for _, c := range codes.Codes {
		of[c.Code] = codeLine(c.Discount)
	}
	same(l, "discounts by code of "+string(f.Period), s.codes(l, st), of, err)
}

func (s *sheet) discounts(st stretch) (d figures.Discounts) {
	steps := map[string]*figures.Waterfall{}
	for _, m := range s.now(st) {
		w := steps[m.Currency]
		if w == nil {
			w = &figures.Waterfall{Currency: m.Currency}
			steps[m.Currency] = w
		}
		if m.Refund {
			w.Refunds = w.Refunds.Add(rub(m.Returned))
			continue
		}
		d.Tickets++
		if m.Price == 0 && m.Discount == 0 {
			d.Unpriced++
		}
		w.List, w.Gross = w.List.Add(rub(m.Price+m.Discount)), w.Gross.Add(rub(m.Price))
		switch {
		case m.Price == 0:
			w.Free = w.Free.Add(rub(m.Discount))
		case m.Promo != "":
			w.Codes = w.Codes.Add(rub(m.Discount))
		default:
			w.Other = w.Other.Add(rub(m.Discount))
		}
	}
	for _, c := range s.currencies {
		if w := steps[c]; w != nil && (!w.List.IsZero() || !w.Refunds.IsZero()) {
			d.Steps = append(d.Steps, *w)
		}
	}
	return d
}

func (s *sheet) freeShows(st stretch) []string {
	free, all := map[int64]int{}, map[int64]int{}
	for _, m := range s.now(st) {
		if m.Refund {
			continue
		}
		all[m.ShowID]++
		if m.Price == 0 {
			free[m.ShowID]++
		}
	}
	var ids []int64
	for id := range free {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	sort.SliceStable(ids, func(i, j int) bool { return free[ids[i]] > free[ids[j]] })
	var lines []string
	for _, id := range ids {
		lines = append(lines, fmt.Sprint(id, " ", free[id], " of ", all[id], " ", all[id] >= 10 && 4*free[id] > all[id]))
	}
	return lines
}

// codeLine is what is said of a code, in words.
func codeLine(c figures.CodeDiscount) string {
	text := ""
	for _, d := range c.Money {
		text += fmt.Sprint(d.Currency, " ", d.Amount.StringFixed(2), " for ", d.Tickets, "; ")
	}
	if c.Late != nil {
		text += fmt.Sprint("late ", *c.Late, "; ")
	}
	if c.Share != nil {
		text += fmt.Sprint(c.Share.StringFixed(4), " of ", c.Show.ShowID, " ", c.TooMuch, "; ")
	}
	for _, show := range c.SoldOuts {
		text += fmt.Sprint("sold out ", show.ShowID, " ")
	}
	return text
}

func (s *sheet) codes(l *lab, st stretch) map[string]string {
	type sums struct {
		line figures.CodeDiscount
		uses map[int64]int64
	}
	codes, ofShow := map[string]*sums{}, map[int64]int64{}
	for _, m := range s.now(st) {
		c := codes[m.Promo]
		if c == nil {
			c = &sums{uses: map[int64]int64{}}
			codes[m.Promo] = c
		}
		if m.Refund {
			continue
		}
		ofShow[m.ShowID]++
		c.uses[m.ShowID]++
		at := slices.IndexFunc(c.line.Money, func(d figures.DiscountIn) bool { return d.Currency == m.Currency })
		if at < 0 {
			at = len(c.line.Money)
			c.line.Money = append(c.line.Money, figures.DiscountIn{Currency: m.Currency})
		}
		c.line.Money[at].Amount = c.line.Money[at].Amount.Add(rub(m.Discount))
		c.line.Money[at].Tickets++
		if !m.PromoEnd.IsZero() {
			late := int64(0)
			if c.line.Late != nil {
				late = *c.line.Late
			}
			if minuteOf(m.OrderedAt).After(m.PromoEnd) {
				late++
			}
			c.line.Late = &late
		}
	}
	lines := map[string]string{}
	for code, c := range codes {
		sort.Slice(c.line.Money, func(i, j int) bool {
			return slices.Index(s.currencies, c.line.Money[i].Currency) < slices.Index(s.currencies, c.line.Money[j].Currency)
		})
		var ids []int64
		for id := range c.uses {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			if code == "" {
				break
			}
			line := figures.ShowLine{ShowID: uint64(id)}
			if s.soldOut(l, id) {
				c.line.SoldOuts = append(c.line.SoldOuts, line)
			}
			part := decimal.NewFromInt(c.uses[id]).DivRound(decimal.NewFromInt(ofShow[id]), 12)
			if ofShow[id] >= 10 && (c.line.Share == nil || part.GreaterThan(*c.line.Share)) {
				c.line.Share, c.line.Show, c.line.TooMuch = &part, &line, 10*c.uses[id] > 3*ofShow[id]
			}
		}
		lines[code] = codeLine(c.line)
	}
	return lines
}

// soldOut: every place that is not closed has a sold ticket.
func (s *sheet) soldOut(l *lab, show int64) bool {
	stock := s.stock[show]
	sold := s.line(l.world, s.shows[show], false).Sold
	return s.halls[show] && !l.seatsUnknown && sold >= int64(stock.Capacity-stock.Closed)
}

// checkEntries compares who came to a show, ticket by ticket.
func (l *lab) checkEntries(s *sheet, f figures.Filter) {
	l.Helper()
	got, err := l.store.Entries(l.Context(), f)
	if err != nil {
		l.Fatal(err)
	}
	if got.Came > 0 && got.ReadAt == nil {
		l.Errorf("nobody knows when the orders of event %d were read", f.Event)
	}
	got.Show, got.ReadAt = figures.ShowLine{}, nil
	same(l, fmt.Sprint("entries of ", f.Show), s.entriesOf(int64(f.Show)), got, nil)
}

// visitors are the sold tickets of a show.
func (s *sheet) visitors(show int64) (all []simulator.Entry, came []time.Time) {
	for _, e := range s.entries {
		if e.ShowID == show {
			all = append(all, e)
			if !e.CheckedAt.IsZero() {
				came = append(came, e.CheckedAt)
			}
		}
	}
	slices.SortFunc(came, time.Time.Compare)
	return all, came
}

// cameBefore a minute after the start.
func cameBefore(came []time.Time, start time.Time, minute int) (n int64) {
	for _, at := range came {
		if at.Truncate(time.Minute).Before(start.Add(time.Duration(minute) * time.Minute)) {
			n++
		}
	}
	return n
}

func (s *sheet) entriesOf(id int64) figures.Entries {
	show := s.shows[id]
	tickets, came := s.visitors(id)
	e := figures.Entries{Sold: int64(len(tickets)), Came: int64(len(came)),
		Channels: groups(tickets, func(t simulator.Entry) figures.EntryGroup { return figures.EntryGroup{Source: t.Source} }),
		Prices: groups(tickets, func(t simulator.Entry) figures.EntryGroup {
			from, to := priceRange(t.Price)
			return figures.EntryGroup{Currency: t.Currency, From: from, To: to}
		})}
	sort.Slice(e.Channels, func(i, j int) bool {
		a, b := e.Channels[i], e.Channels[j]
		return a.Sold > b.Sold || a.Sold == b.Sold && a.Source < b.Source
	})
	sort.Slice(e.Prices, func(i, j int) bool {
		a, b := e.Prices[i], e.Prices[j]
		return a.Currency < b.Currency || a.Currency == b.Currency && a.From.LessThan(b.From)
	})
	switch {
	case len(tickets) == 0:
		e.State = figures.EntryUnsold
	case len(came) == 0 && show.Start.After(s.asOf):
		e.State = figures.EntryToCome
	case len(came) == 0:
		e.State = figures.EntryUnscanned
	case show.Finish.Sub(show.Start) > 24*time.Hour:
		e.State = figures.EntryAnyTime
	default:
		e.State = figures.EntryInSteps
		s.measureEntries(&e, show, came)
	}
	return e
}

func (s *sheet) measureEntries(e *figures.Entries, show simulator.ShowFacts, came []time.Time) {
	half := came[(len(came)+1)/2-1].Truncate(time.Minute).Add(time.Minute)
	e.Half = &half
	var before []simulator.ShowFacts
	for _, other := range s.shows {
		if _, scanned := s.visitors(other.ShowID); other.EventID == show.EventID && !other.Cancelled && len(scanned) > 0 &&
			other.Finish.Sub(other.Start) <= 24*time.Hour && other.Start.Before(show.Start) {
			before = append(before, other)
		}
	}
	sort.Slice(before, func(i, j int) bool { return before[i].Start.Before(before[j].Start) })
	before = before[max(0, len(before)-5):]
	at := map[int][]decimal.Decimal{}
	var absent []decimal.Decimal
	for _, other := range before {
		all, scanned := s.visitors(other.ShowID)
		local := other.Start.In(zoneOf(other.Zone))
		one := figures.EarlierEntries{LocalDate: time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC),
			Sold: int64(len(all)), Came: int64(len(scanned))}
		for minute := -120; minute <= 60; minute += 5 {
			share := *part(cameBefore(scanned, other.Start, minute), one.Sold)
			one.Points = append(one.Points, share)
			at[minute] = append(at[minute], share)
		}
		e.Earlier, absent = append(e.Earlier, one), append(absent, *part(one.Sold-one.Came, one.Sold))
	}
	_, e.NoShows, _ = spread(absent)
	for minute := -120; minute <= 60; minute += 5 {
		p := figures.EntryPoint{Minute: minute, Came: cameBefore(came, show.Start, minute)}
		p.Within = p.Came - cameBefore(came, show.Start, minute-5)
		if _, usual, _ := spread(at[minute]); usual != nil {
			tickets := usual.Mul(decimal.NewFromInt(e.Sold))
			p.Usual = &tickets
		}
		e.Points = append(e.Points, p)
		if p.Within > 0 && (e.Peak == nil || p.Within > e.Peak.Within) {
			e.Peak = &p
		}
	}
}

func groups(tickets []simulator.Entry, key func(simulator.Entry) figures.EntryGroup) []figures.EntryGroup {
	var all []figures.EntryGroup
	for _, t := range tickets {
		k := key(t)
		at := slices.IndexFunc(all, func(g figures.EntryGroup) bool {
			return g.Source == k.Source && g.Currency == k.Currency && g.To.Equal(k.To)
		})
		if at < 0 {
			at = len(all)
			all = append(all, k)
		}
		all[at].Sold++
		if !t.CheckedAt.IsZero() {
			all[at].Came++
		}
	}
	for i := range all {
		all[i].NoShows = *part(all[i].Sold-all[i].Came, all[i].Sold)
	}
	return all
}

// priceRange is the step of 1, 2, 5, 10 ... roubles a price in kopecks lies in.
func priceRange(kopecks int64) (from, to decimal.Decimal) {
	for unit := int64(100); kopecks >= 100; unit *= 10 {
		for _, n := range [][2]int64{{1, 2}, {2, 5}, {5, 10}} {
			if kopecks >= n[0]*unit && kopecks < n[1]*unit {
				return rub(n[0] * unit), rub(n[1] * unit)
			}
		}
	}
	if kopecks > 0 {
		return decimal.Zero, decimal.NewFromInt(1)
	}
	return decimal.Zero, decimal.Zero
}
