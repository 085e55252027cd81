package alert

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// line is a show ten days ahead with 100 places, of which so many are sold and left.
func line(sold, left int64) figures.ShowLine {
	places, closed, days := int64(100), int64(0), 10
	start := noon.AddDate(0, 0, days)
	date := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
	return figures.ShowLine{ShowID: 7, Event: "Гамлет", Start: &start, LocalDate: &date, LocalTime: "19:00", Sold: sold,
		Capacity: &places, Closed: &closed, Left: &left, DaysLeft: &days, Reason: figures.ShowTooEarly}
}

func of(l figures.ShowLine) *show { return &show{ShowLine: &l} }

func TestWillMiss(t *testing.T) {
	t.Parallel()
	said := func(state forecast.State, chance float64, days int, reason figures.ShowReason) Verdict {
		l := line(40, 60)
		l.Outlook = &figures.Outlook{Plan: 90, State: state, Chance: chance,
			Forecast: forecast.Forecast{Band: &forecast.Range{Low: 50, High: 70}}}
		l.DaysLeft, l.Reason = &days, reason
		return willMiss(of(l)).Verdict
	}
	for _, c := range []struct {
		state  forecast.State
		chance float64
		days   int
		reason figures.ShowReason
		want   Verdict
	}{
		{forecast.WillMiss, 0.8, 10, figures.ShowWillMiss, Firing},
		{forecast.WillMiss, 0.79, 10, figures.ShowWillMiss, Between},
		{forecast.WillMiss, 0.8, 21, figures.ShowWillMiss, Firing},
		{forecast.WillMiss, 0.8, 22, figures.ShowWillMiss, Between},
		{forecast.MayMiss, 0.5, 10, figures.ShowMayMiss, Between},
		{forecast.TooEarly, 0, 10, figures.ShowTooEarly, Between},
		{forecast.OnCourse, 0.2, 10, figures.ShowOnCourse, Clear},
		{forecast.WillMiss, 0.8, 10, figures.ShowSoldOut, Clear},
	} {
		if got := said(c.state, c.chance, c.days, c.reason); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if got := willMiss(of(line(40, 60))).Verdict; got != Between {
		t.Errorf("without an outlook: %s", got)
	}
}

func TestFullHall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sold, left   int64
		nearly, full Verdict
	}{
		{89, 11, Clear, Clear}, {90, 10, Between, Clear}, {94, 6, Between, Clear}, {95, 5, Firing, Between},
		{99, 1, Firing, Between}, {100, 0, Between, Firing}, {60, 0, Clear, Firing}, {94, 5, Between, Between},
	} {
		s := of(line(c.sold, c.left))
		if nearly, full := nearlySoldOut(s).Verdict, soldOut(s).Verdict; nearly != c.nearly || full != c.full {
			t.Errorf("%d sold, %d left: %s and %s, want %s and %s", c.sold, c.left, nearly, full, c.nearly, c.full)
		}
	}
	unknown := line(100, 0)
	unknown.Left = nil
	closed := line(0, 0)
	*closed.Closed = 100
	for _, l := range []figures.ShowLine{unknown, closed} {
		if a, b := nearlySoldOut(of(l)).Verdict, soldOut(of(l)).Verdict; a != Between || b != Between {
			t.Errorf("seats are unknown or closed: %s and %s", a, b)
		}
	}
}

// hourlySales are n orders in every hour from 9 to 21 of the days before noon, the last one so many hours before noon.
func hourlySales(n, days, silentHours int) []time.Time {
	var sales []time.Time
	last := noon.Add(-time.Duration(silentHours) * time.Hour)
	for at := noon.AddDate(0, 0, -days); !at.After(last); at = at.Add(time.Hour) {
		if h := at.Hour(); h >= 9 && h <= 21 {
			sales = repeat(sales, at, int64(n))
		}
	}
	return sales
}

// uneven are hourly sales of which five in a row are left out, the last of them so many sales ago.
func uneven(silentHours, back int) []time.Time {
	sales := hourlySales(1, 19, silentHours)
	at := len(sales) - back
	return slices.Delete(sales, at, at+5)
}

// everyThird of hourly sales.
func everyThird(silentHours int) (sales []time.Time) {
	for i, at := range hourlySales(1, 19, silentHours) {
		if i%3 == 0 {
			sales = append(sales, at)
		}
	}
	return sales
}

// TestSaleStopped: a show that sells an order an hour by day is told after 3 of them, when others sell, and where its
// gaps are uneven after 10; nights do not count.
func TestSaleStopped(t *testing.T) {
	t.Parallel()
	others := hourlySales(3, watchedDays, 0)
	for _, c := range []struct {
		name        string
		own, others []time.Time
		at          time.Time
		left        int64
		want        Verdict
	}{
		{"sells", hourlySales(1, 19, 0), others, noon, 50, Clear},
		{"for 2 hours", hourlySales(1, 19, 2), others, noon, 50, Between},
		{"for 3 hours", hourlySales(1, 19, 3), others, noon, 50, Firing},
		{"uneven, for 9 sales and a night", uneven(20, 40), others, noon, 50, Between},
		{"uneven, for 11 sales of two days", uneven(23, 40), others, noon, 50, Firing},
		{"even for a week, for 3 hours", uneven(3, 120), others, noon, 50, Firing},
		{"few, for 3 sales", everyThird(21), others, noon, 50, Between},
		{"few, for 10 sales", everyThird(60), others, noon, 50, Firing},
		{"fast, for 3 hours", hourlySales(4, 19, 3), others, noon, 50, Firing},
		{"never sold", nil, others, noon, 50, Between},
		{"fast, since nine in the evening, at five", hourlySales(4, 19, 15), others, noon.Add(-7 * time.Hour), 50, Clear},
		{"nobody sells", hourlySales(4, 19, 3), hourlySales(3, watchedDays, 3), noon, 50, Clear},
		{"others sell a little", hourlySales(4, 19, 3), append(hourlySales(3, watchedDays, 3), noon.Add(-time.Hour)), noon,
			50,
			Between},
		{"there are no others", hourlySales(4, 19, 3), nil, noon, 50, Clear},
		{"new", hourlySales(4, 9, 3), others, noon, 50, Between},
		{"for four days", hourlySales(4, 19, 96), others, noon, 50, Firing},
		{"for six days", hourlySales(4, 19, 144), others, noon, 50, Firing},
		{"nothing to sell", hourlySales(4, 19, 3), others, noon, 0, Between},
		{"five places left", hourlySales(4, 19, 3), others, noon, 5, Between},
		{"six places left", hourlySales(4, 19, 3), others, noon, 6, Firing},
	} {
		s := of(line(100-c.left, c.left))
		s.sales = c.own
		all := slices.Concat(c.own, c.others)
		slices.SortFunc(all, time.Time.Compare)
		f := saleStopped(s, &boxOffice{sales: all}, c.at)
		if f.Verdict != c.want {
			orders, known := s.expected(&boxOffice{sales: all}, c.at)
			t.Errorf("%s: %s, want %s; expected %.1f %v", c.name, f.Verdict, c.want, orders, known)
		}
		if f.Verdict == Firing && (f.Since == nil || !f.Since.Equal(c.own[len(c.own)-1])) {
			t.Errorf("%s: since %v", c.name, f.Since)
		}
	}
	s := of(line(50, 50))
	s.sales = hourlySales(4, 19, 3)
	all := slices.Concat(s.sales, others)
	slices.SortFunc(all, time.Time.Compare)
	for _, c := range []struct {
		hours  int
		reason figures.ShowReason
		want   Verdict
	}{{4, figures.ShowTooEarly, Firing}, {2, figures.ShowTooEarly, Between}, {-50, figures.ShowRunning, Firing}} {
		start := noon.Add(time.Duration(c.hours) * time.Hour)
		s.Start, s.Reason = &start, c.reason
		if got := saleStopped(s, &boxOffice{sales: all}, noon).Verdict; got != c.want {
			t.Errorf("begins in %d hours: %s, want %s", c.hours, got, c.want)
		}
	}
}

// TestExpectedByStretches: what a silence of a day and a half kept away is told by stretches as long, one after another
// in the days before it: the evening between them counts for nothing.
func TestExpectedByStretches(t *testing.T) {
	t.Parallel()
	s := of(line(50, 50))
	others := hourlySales(3, watchedDays, 0)
	expected := func(sales []time.Time) float64 {
		s.sales = sales
		all := slices.Concat(sales, others)
		slices.SortFunc(all, time.Time.Compare)
		orders, known := s.expected(&boxOffice{sales: all}, noon)
		if !known {
			t.Error("unknown")
		}
		return orders
	}
	sales := hourlySales(4, 19, 36)
	evening := repeat(slices.Clone(sales), noon.AddDate(0, 0, -4).Add(6*time.Hour), 100)
	slices.SortFunc(evening, time.Time.Compare)
	if got, want := expected(evening), expected(sales); got != want || got == 0 {
		t.Errorf("%g orders expected, and %g without the evening", got, want)
	}
}

func TestRefundWave(t *testing.T) {
	t.Parallel()
	// refunded is so many orders a day before the last one, and so many in it.
	refunded := func(before, last int) Verdict {
		s := of(line(50, 50))
		for d := usualDays; d >= 1; d-- {
			s.refunds = repeat(s.refunds, noon.AddDate(0, 0, -d).Add(-time.Hour), int64(before))
		}
		s.refunds = repeat(s.refunds, noon.Add(-time.Hour), int64(last))
		return refundWave(s, noon).Verdict
	}
	for _, c := range []struct {
		before, last int
		want         Verdict
	}{
		{0, 0, Clear}, {0, 4, Clear}, {0, 5, Between}, {0, 9, Between}, {0, 10, Firing}, {3, 10, Firing}, {4, 11, Between},
		{4, 12, Firing}, {4, 5, Clear},
	} {
		if got := refunded(c.before, c.last); got != c.want {
			t.Errorf("%d a day, then %d: %s, want %s", c.before, c.last, got, c.want)
		}
	}
	s := of(line(50, 50))
	s.refunds = repeat(repeat(nil, noon.AddDate(0, 0, -13), 10), noon, 20)
	if got := refundWave(s, noon).Verdict; got != Between {
		t.Errorf("20 after the 10 of one day two weeks ago: %s", got)
	}
}

func watch(lines ...figures.ShowLine) figures.Watch { return figures.Watch{AsOf: noon, Shows: lines} }

// TestShowsFromBeginningToEnd: what was so at the first look is not told, what becomes so is told once, and its end;
// what happens is told once and has no end; nothing is told of a show that is over.
func TestShowsFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	look := func(want string, lines ...figures.ShowLine) {
		t.Helper()
		for range 2 {
			s.now = s.now.Add(5 * time.Minute)
			s.applyShows(watch(lines...), s.now)
			organiser := s.radio.channels()[:1]
			organiser[0].Audience = Organiser
			operator := s.radio.channels()[1]
			s.Deliver(t.Context(), Delivery{Channels: append(organiser, operator), Lang: "en", Now: s.now,
				Save: func() error { return nil }})
			got := strings.Join(s.radio.said, "|")
			if s.radio.said = nil; got != want {
				t.Errorf("heard %q, want %q", got, want)
			}
			want = ""
		}
		for _, i := range s.List {
			i.Stored = i.Version()
		}
		s.Forget([]Channel{{Key: "a", Audience: Organiser}, {Key: "b"}}, s.now)
	}
	other := line(100, 0)
	other.ShowID, other.Event = 8, "Full since ever"
	look("", line(50, 50), other)
	look("a QTickets: nearly sold out: Гамлет, 20.05 19:00", line(96, 4), other)
	look("a QTickets: no seats left: Гамлет, 20.05 19:00", line(100, 0), other)
	look("", line(98, 2), other)
	look("a QTickets: no longer: no seats left: Гамлет, 20.05 19:00", line(92, 8), other)
	moved := line(92, 8)
	later := moved.LocalDate.AddDate(0, 0, 3)
	moved.LocalDate = &later
	look("a QTickets: show changed: Гамлет", moved, other)
	hour := moved
	hour.LocalTime = "20:00"
	look("a QTickets: show changed: Гамлет", hour, other)
	cancelled := hour
	cancelled.Cancelled = true
	look("a QTickets: show changed: Гамлет", cancelled, other)
	over := other
	over.Over = true
	look("", cancelled, over)
	if len(s.open()) != 0 {
		t.Errorf("goes on: %s", state(&s.Incidents))
	}
	look("", over) // it is gone from the list
	if len(s.List) != 0 {
		t.Errorf("kept: %s", state(&s.Incidents))
	}
}

// firingShow is a finding about a show that is told with texts of a name.
func firingShow(t *testing.T, name string) Finding {
	t.Helper()
	full, nearly, miss, sells := line(100, 0), line(96, 4), line(40, 60), line(50, 50)
	miss.Outlook = &figures.Outlook{Plan: 90, State: forecast.WillMiss, Chance: 0.8,
		Forecast: forecast.Forecast{Band: &forecast.Range{Low: 50, High: 70}}}
	full.ShowID, nearly.ShowID, miss.ShowID, sells.ShowID = 1, 2, 3, 4
	planned, goal := miss, *miss.Outlook
	goal.Planned = true
	planned.ShowID, planned.Outlook = 5, &goal
	w := watch(full, nearly, miss, sells, planned)
	for _, at := range hourlySales(4, 19, 3) {
		w.Moves = append(w.Moves, figures.Move{Show: 4, At: at, Sales: 1})
	}
	for _, at := range hourlySales(3, 19, 0) {
		w.Moves = append(w.Moves, figures.Move{Show: 9, At: at, Sales: 1})
	}
	slices.SortStableFunc(w.Moves, func(a, b figures.Move) int { return a.At.Compare(b.At) })
	w.Moves = append(w.Moves, figures.Move{Show: 4, At: noon, Refunds: leastWave})
	before := see(w.Shows)
	before[1] = seenShow{Date: "01.01.2030 19:00"}
	for _, f := range showFindings(w, before) {
		if textName(f.Rule, f.Facts) == name && (f.Verdict == Firing || f.Verdict == Once) {
			return f
		}
	}
	t.Fatalf("%s does not fire", name)
	return Finding{}
}

// TestNamesAreInert: an event's name cannot make a link or a line of its own, and is short.
func TestNamesAreInert(t *testing.T) {
	t.Parallel()
	l := line(100, 0)
	l.Event = "[x](http://evil)\n@all " + strings.Repeat("long ", 30)
	name := nameOf(&l)
	if strings.ContainsAny(name, "[]@\n") || len([]rune(name)) > nameRunes+len("…, 20.05 19:00") {
		t.Errorf("%q", name)
	}
}

// TestBrief: a line for every rule, whether or not anything was found.
func TestBrief(t *testing.T) {
	t.Parallel()
	var s Incidents
	s.applyShows(watch(line(100, 0)), noon)
	var said []string
	for _, f := range s.applyShows(watch(line(100, 0)), noon) {
		said = append(said, f.Rule+" "+string(f.Verdict))
	}
	want := "will_miss quiet|nearly_sold_out quiet|sold_out firing|sale_stopped quiet|refund_wave quiet|show_changed quiet"
	if got := strings.Join(said, "|"); got != want {
		t.Errorf("%s", got)
	}
}
