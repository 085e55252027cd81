package figures_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// line is what the box office says of a show.
type line struct {
	Event, Show                 int64
	City, Zone, Place           string
	Start                       time.Time
	LocalDate                   time.Time
	LocalTime                   string
	Sold, Free, Refunded        int64
	Gross, Refunds              map[string]string
	Capacity, Closed            int64 // -1: unknown, as all below
	Left                        int64
	Fill, Share, GrossPotential string
	DaysLeft                    int
	SalesPace                   int64
	Over                        bool
	Reason                      figures.ShowReason
}

// judged stands for the reasons that come from a forecast, whose sums the box office does not do.
const judged figures.ShowReason = "judged"

func lineOf(l figures.ShowLine) line {
	got := line{
		Event: int64(l.EventID), Show: int64(l.ShowID), City: l.City, Zone: l.Zone, Place: l.Place, Start: *l.Start,
		LocalDate: *l.LocalDate,
		LocalTime: l.LocalTime, Sold: l.Sold, Free: l.Free, Refunded: l.Refunded, Gross: map[string]string{},
		Refunds:  map[string]string{},
		Capacity: -1, Closed: -1, Left: -1, Fill: known(l.Fill, 4), Share: known(l.Share, 4),
		GrossPotential: known(l.GrossPotential, 2), DaysLeft: *l.DaysLeft,
		SalesPace: l.SalesPace, Over: l.Over, Reason: l.Reason,
	}
	if l.Outlook != nil {
		got.Reason = judged
	}
	for _, a := range l.Money {
		got.Gross[a.Currency], got.Refunds[a.Currency] = a.Gross.StringFixed(2), a.Refunds.StringFixed(2)
	}
	if l.Capacity != nil {
		got.Capacity, got.Closed, got.Left = *l.Capacity, *l.Closed, *l.Left
	}
	return got
}

func known(d *decimal.Decimal, places int32) string {
	if d == nil {
		return "—"
	}
	return d.StringFixed(places)
}

// line of a show; seats are known of those whose halls were read.
func (s *sheet) line(world *simulator.World, show simulator.ShowFacts, seats bool) line {
	local := show.Start.In(zoneOf(show.Zone))
	l := line{
		Event: show.EventID, Show: show.ShowID, City: show.City, Zone: show.Zone, Place: show.Place, Start: show.Start,
		LocalDate: time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC),
		LocalTime: local.Format("15:04"),
		Gross:     map[string]string{}, Refunds: map[string]string{}, Capacity: -1, Closed: -1, Left: -1, Fill: "—",
		Share:          "—",
		GrossPotential: "—",
		Over:           !show.Finish.After(s.asOf),
	}
	moscowDay := time.Date(s.asOf.Year(), s.asOf.Month(), s.asOf.Day(), 0, 0, 0, 0, time.UTC)
	l.DaysLeft = max(0, int(l.LocalDate.Sub(moscowDay).Hours()/24))
	var soldMoney int64
	for _, m := range s.moves {
		if m.ShowID != show.ShowID {
			continue
		}
		at := minuteOf(m.At)
		switch {
		case m.Refund:
			l.Sold--
			l.Refunded++
			soldMoney -= m.Price
			if m.Price == 0 {
				l.Free--
			}
			continue
		case m.Price == 0:
			l.Free++
		}
		l.Sold++
		soldMoney += m.Price
		if at.After(s.asOf.AddDate(0, 0, -7)) {
			l.SalesPace++
		}
	}
	only := s.only(figures.Filter{Show: uint64(show.ShowID)})
	for _, a := range only.figures(only.moves).Money {
		l.Gross[a.Currency], l.Refunds[a.Currency] = a.Gross.StringFixed(2), a.Refunds.StringFixed(2)
	}
	if seats {
		l.seats(world, show, s.stock[show.ShowID], soldMoney)
	}
	l.Reason = l.why(show, s.asOf)
	return l
}

func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func (l *line) seats(world *simulator.World, show simulator.ShowFacts, stock simulator.Stock, soldMoney int64) {
	l.Capacity, l.Closed, l.Left = int64(stock.Capacity), int64(stock.Closed), int64(stock.Free)
	l.Fill = decimal.NewFromInt(l.Sold).Div(decimal.NewFromInt(l.Capacity - l.Closed)).StringFixed(4)
	var potential int64
	for _, z := range world.Zones(show.ShowID) {
		potential += z.GrossPotential
	}
	l.GrossPotential = rub(potential).StringFixed(2)
	l.Share = rub(soldMoney).Div(rub(potential)).StringFixed(4)
}

func (l *line) why(show simulator.ShowFacts, asOf time.Time) figures.ShowReason {
	switch {
	case show.Cancelled:
		return figures.ShowCancelled
	case l.Over:
		return figures.ShowFinished
	case l.Capacity >= 0 && l.Left == 0:
		return figures.ShowSoldOut
	case show.Start.Before(asOf) && show.Finish.Sub(show.Start) > 36*time.Hour:
		return figures.ShowRunning
	}
	return judged
}

// hallsRead are the shows whose zones are published.
func (l *lab) hallsRead(f figures.Filter) map[int64]bool {
	read := map[int64]bool{}
	for id, show := range l.showFacts() {
		f.Event, f.Show = uint64(show.EventID), uint64(id)
		zones, err := l.store.Zones(l.Context(), f)
		if err != nil {
			l.Fatal(err)
		}
		if zones.SeenAt == nil {
			continue
		}
		read[id] = true
		got := map[string]simulator.ZoneStock{}
		for _, z := range zones.Zones {
			got[z.Name] = simulator.ZoneStock{
				Stock: simulator.Stock{Capacity: int(*z.Capacity), Free: int(*z.Free), Sold: int(*z.Sold), Held: int(*z.Held),
					Closed: int(*z.Closed)},
				MinPrice: z.MinPrice.Shift(2).IntPart(), MaxPrice: z.MaxPrice.Shift(2).IntPart(),
				GrossPotential: z.GrossPotential.Shift(2).IntPart(),
			}
			want := decimal.NewFromInt(*z.Sold).DivRound(decimal.NewFromInt(*z.Capacity-*z.Closed), 12)
			if z.Currency != show.Currency || !z.Fill.Equal(want) {
				l.Errorf("zone %+v: want currency %s, fill %s", z, show.Currency, want)
			}
		}
		same(l, "zones", l.world.Zones(id), got, nil)
		l.checkHall(f)
	}
	return read
}

// checkHall compares the places of Filter.Show one by one; which are lonely is found from the numbers anew.
func (l *lab) checkHall(f figures.Filter) {
	type seat struct {
		simulator.SeatFact
		DaysLeft string
		Lonely   bool
	}
	hall, err := l.store.Hall(l.Context(), f)
	var got, want []seat
	for _, z := range hall.Zones {
		for _, r := range z.Rows {
			for _, s := range r.Seats {
				one := seat{simulator.SeatFact{Zone: z.Name, Row: r.Name, Place: s.Place, State: string(s.State),
					Price: s.Price.Shift(2).IntPart()}, "", s.Lonely}
				if s.DaysLeft != nil {
					one.DaysLeft = fmt.Sprint(*s.DaysLeft)
				}
				got = append(got, one)
			}
		}
	}
	show := l.showFacts()[int64(f.Show)]
	local := show.Start.In(zoneOf(show.Zone))
	date := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	free, stands := map[string]bool{}, map[string]bool{}
	at := func(s simulator.SeatFact, step int) string {
		place, _ := strconv.Atoi(s.Place)
		return fmt.Sprint(s.Zone, "|", s.Row, "|", place+step)
	}
	for _, s := range l.world.Seats(int64(f.Show)) {
		stands[at(s, 0)], free[at(s, 0)] = true, s.State == "free"
	}
	for _, s := range l.world.Seats(int64(f.Show)) {
		one := seat{SeatFact: s}
		one.Lonely = s.State == "free" && (stands[at(s, -1)] || stands[at(s, 1)]) && !free[at(s, -1)] && !free[at(s, 1)]
		if s.State == "sold" {
			y, m, d := s.SoldAt.In(sales.Moscow).Date()
			one.DaysLeft = fmt.Sprint(max(0, int(date.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)).Hours()/24)))
		}
		one.SoldAt = time.Time{}
		want = append(want, one)
	}
	order := func(a, b seat) int { return cmp.Compare(at(a.SeatFact, 0), at(b.SeatFact, 0)) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	same(l, "hall", want, got, err)
}

func (l *lab) showFacts() map[int64]simulator.ShowFacts {
	shows := map[int64]simulator.ShowFacts{}
	for _, s := range l.world.ShowFacts() {
		shows[s.ShowID] = s
	}
	return shows
}

// checkShows compares the list of shows to come, line by line, and the halls behind it.
func (l *lab) checkShows(s *sheet, f figures.Filter) {
	l.Helper()
	read := l.hallsRead(f)
	if l.seatsUnknown != (len(read) == 0) || (!l.seatsUnknown && len(read) < 5) {
		l.Errorf("%d halls were read", len(read))
	}
	shows, err := l.store.Shows(l.Context(), f)
	if err != nil {
		l.Fatal(err)
	}
	want, got := map[int64]line{}, map[int64]line{}
	var next *simulator.ShowFacts
	for id, show := range s.shows {
		if show.Cancelled || !show.Finish.After(s.asOf) {
			continue
		}
		want[id] = s.line(l.world, show, read[id])
		if show.Start.After(s.asOf) && (next == nil || show.Start.Before(next.Start)) {
			next = &show
		}
	}
	for _, one := range shows.Shows {
		got[int64(one.ShowID)] = lineOf(one)
	}
	same(l, "shows to come", want, got, nil)
	l.checkOrder(shows.Shows)
	cards, err := l.store.Cards(l.Context(), f)
	if err != nil || next == nil || cards.Next == nil || !cards.Next.Start.Equal(next.Start) {
		l.Errorf("next show: %+v, want %+v (%v)", cards.Next, next, err)
	}
	choices, err := l.store.Choices(l.Context(), f)
	upcoming, days := map[uint64]int{}, map[uint64]time.Time{}
	for id, show := range want {
		event := uint64(s.shows[id].EventID)
		if first, known := days[event]; !known || show.LocalDate.Before(first) {
			days[event] = show.LocalDate
		}
		upcoming[event]++
	}
	for _, e := range choices.Events {
		if e.Upcoming != upcoming[e.EventID] {
			l.Errorf("event %d: %d shows to come, want %d", e.EventID, e.Upcoming, upcoming[e.EventID])
		}
		if day, known := days[e.EventID]; known != (e.Next != nil) || known && !day.Equal(*e.Next) {
			l.Errorf("event %d: the next show is on %v, want %v", e.EventID, e.Next, day)
		}
		delete(upcoming, e.EventID)
	}
	if err != nil || len(upcoming) > 0 || !slices.Equal(choices.Currencies, s.currencies) {
		l.Errorf("choices: lacks the events %v, currencies %v, want %v (%v)", slices.Collect(maps.Keys(upcoming)),
			choices.Currencies, s.currencies, err)
	}
}

// checkOrder: first the shows that are likeliest to end below their plan, sold out ones last. What is said of one
// follows from its forecast, which starts from what is sold.
func (l *lab) checkOrder(shows []figures.ShowLine) {
	l.Helper()
	rank := map[figures.ShowReason]int{"will_miss": 0, "may_miss": 1, "on_course": 2, "too_early": 3, "running": 4,
		"unknown": 5, "sold_out": 6}
	for i, b := range shows {
		if o := b.Outlook; o != nil {
			l.checkOutlook(b, *o)
		}
		if i == 0 {
			continue
		}
		a := shows[i-1]
		if rank[a.Reason] > rank[b.Reason] ||
			(a.Reason == b.Reason && a.Outlook != nil && b.Outlook != nil && a.Outlook.Chance < b.Outlook.Chance) {
			l.Errorf("%s (%s) stands before %s (%s)", a.Event, a.Reason, b.Event, b.Reason)
		}
	}
}

func (l *lab) checkOutlook(s figures.ShowLine, o figures.Outlook) {
	l.Helper()
	need := "—"
	if o.Plan > 0 {
		need = decimal.NewFromInt(max(0, o.Plan-s.Sold)).Div(decimal.NewFromInt(int64(max(*s.DaysLeft, 1)))).StringFixed(2)
	}
	reason := figures.ShowTooEarly
	switch {
	case o.Chance > 0.7:
		reason = figures.ShowWillMiss
	case o.Chance >= 0.3:
		reason = figures.ShowMayMiss
	case o.Plan > 0 && o.Forecast.Band != nil:
		reason = figures.ShowOnCourse
	}
	if o.Forecast.Sold != s.Sold || known(s.RequiredPace, 2) != need || s.Reason != reason {
		l.Errorf("%d sold, %s a day needed, %s; the outlook says %+v", s.Sold, known(s.RequiredPace, 2), s.Reason, o)
	}
}

// checkEvents compares the head of every event, its days and the pacing of every show.
func (l *lab) checkEvents(s *sheet, f figures.Filter) {
	l.Helper()
	read := l.hallsRead(f)
	events := map[int64][]simulator.ShowFacts{}
	for _, show := range s.shows {
		events[show.EventID] = append(events[show.EventID], show)
	}
	for id, shows := range events {
		f.Event, f.Show = uint64(id), 0
		l.checkEvent(s, f, shows, read)
	}
	f.Event, f.Show = 1, 0
	if _, err := l.store.Event(l.Context(), f); !errors.Is(err, figures.ErrNoEvent) {
		l.Errorf("an event that is not: %v", err)
	}
}

func (l *lab) checkEvent(s *sheet, f figures.Filter, shows []simulator.ShowFacts, read map[int64]bool) {
	l.Helper()
	want, got := map[int64]line{}, map[int64]line{}
	sold := int64(0)
	for _, show := range shows {
		one := s.line(l.world, show, read[show.ShowID])
		if show.Cancelled && one.Sold+one.Refunded == 0 && len(one.Gross) == 0 {
			continue // a deleted show nobody paid for is not published
		}
		want[show.ShowID] = one
		sold += one.Sold
	}
	event, err := l.store.Event(l.Context(), f)
	if len(want) == 0 && errors.Is(err, figures.ErrNoEvent) {
		return
	}
	if err != nil {
		l.Fatal(err)
	}
	for _, one := range event.Shows {
		got[int64(one.ShowID)] = lineOf(one)
	}
	same(l, "shows of an event", want, got, nil)
	if event.Total.Sold != sold {
		l.Errorf("event %d: %d sold, want %d", f.Event, event.Total.Sold, sold)
	}
	only := s.only(f)
	days, err := l.store.EventDays(l.Context(), f)
	var wantDays figures.Days
	if first := only.first(); !first.IsZero() {
		wantDays = only.days(first, midnight(s.asOf))
	}
	same(l, "days of an event", wantDays, days, err)
	for _, show := range shows {
		if _, published := want[show.ShowID]; !published {
			continue
		}
		f.Show = uint64(show.ShowID)
		l.checkEntries(s, f)
		pacing, err := l.store.Pacing(l.Context(), f)
		same(l, "pacing", flat(s.pacing(show.ShowID), want[show.ShowID].DaysLeft), pacing.Points, err)
		for _, c := range pacing.Comparables {
			same(l, "pacing of a comparable", s.pacing(int64(c.ShowID)), c.Points, nil)
			other := s.shows[int64(c.ShowID)]
			if other.Cancelled || other.Finish.After(s.asOf) || c.Final != s.line(l.world, other, false).Sold {
				l.Errorf("comparable %+v of %+v", c, other)
			}
		}
	}
}

// pacing is what was sold by days left.
func (s *sheet) pacing(show int64) []figures.PacePoint {
	moved := map[int]int64{}
	for _, m := range s.moves {
		if m.ShowID == show && m.Refund {
			moved[m.DaysLeft]--
		} else if m.ShowID == show {
			moved[m.DaysLeft]++
		}
	}
	days := slices.Sorted(maps.Keys(moved))
	slices.Reverse(days)
	var points []figures.PacePoint
	sold := int64(0)
	for _, d := range days {
		sold += moved[d]
		points = append(points, figures.PacePoint{DaysLeft: d, Sold: sold})
	}
	return points
}

// flat ends a curve today.
func flat(points []figures.PacePoint, today int) []figures.PacePoint {
	if n := len(points); n > 0 && points[n-1].DaysLeft > today {
		points = append(points, figures.PacePoint{DaysLeft: today, Sold: points[n-1].Sold})
	}
	return points
}
