package alert

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// The invented organiser: shows every so many days, on sale for 60 days, watched once 120 days have
// passed.
const (
	onSaleDays = 60
	watchFrom  = 120 // days
	lookEvery  = time.Hour
)

// watchedWeeks is how long: eight weeks, in a short run three.
func watchedWeeks() int { return testkit.Rounds(3, 8) }

var opening = time.Date(2030, 1, 7, 0, 0, 0, 0, moscow) // a Monday

// hourly is how much is bought in each hour of a day.
var hourly = [24]float64{1, .4, .2, .1, .1, .2, .4, 1, 2, 4, 6, 7, 8, 7, 7, 7, 7, 7, 7, 7, 7, 6, 4, 2}

var allHours = func() (sum float64) {
	for _, weight := range hourly {
		sum += weight
	}
	return sum
}()

// played is a show of the season, as it went.
type played struct {
	id, places, plan int64
	start            time.Time
	orders, lost     []time.Time // paid; those that a stop kept away
	sums             []int64     // tickets of the orders up to each
	full             bool
	refunds          []time.Time
	stopped          [2]time.Time // zero: never
	wave             time.Time    // zero: none
}

// organiser is a kind of box office.
type organiser struct {
	every   int     // days between shows
	places  []int64 // one of them
	worth   float64 // tickets that are wanted, as a share of the places
	outages bool    // now and then nothing at all is sold for hours
	faults  bool    // of the shows that are watched: a stop, a wave of refunds
}

type season struct {
	shows []*played
}

func invent(r *rand.Rand, o organiser) season {
	var s season
	days := watchFrom + 7*watchedWeeks() + onSaleDays
	mood := make([]float64, days)
	for d := range mood {
		weekday := []float64{0.9, 0.9, 1, 1, 1.3, 1.1, 0.8}[d%7]
		mood[d] = weekday * math.Exp(0.2*r.NormFloat64())
	}
	var outages [][2]time.Time
	for d := 0; o.outages && d < days; d += 10 + r.IntN(10) {
		from := opening.AddDate(0, 0, d).Add(time.Duration(9+r.IntN(10)) * time.Hour)
		outages = append(outages, [2]time.Time{from, from.Add(time.Duration(3+r.IntN(9)) * time.Hour)})
	}
	for showDay := 20; showDay < days; showDay += o.every {
		p := &played{id: int64(len(s.shows) + 1), places: o.places[r.IntN(len(o.places))]}
		p.start = opening.AddDate(0, 0, showDay).Add(19 * time.Hour)
		level := float64(p.places) * o.worth * math.Exp(0.45*r.NormFloat64())
		p.plan = int64(float64(p.places) * o.worth * math.Exp(0.2*r.NormFloat64()))
		if o.faults && r.IntN(3) == 0 {
			from := p.start.AddDate(0, 0, -5-r.IntN(10)).Add(time.Duration(r.IntN(24)) * time.Hour)
			p.stopped = [2]time.Time{from, from.Add(72 * time.Hour)}
		}
		late := 0.57 + 0.06*r.NormFloat64()
		step := 15 + r.IntN(20)
		var peak float64 // of the days after the beginning of the sale
		for d := range 10 {
			peak += math.Exp(-float64(d) / 3)
		}
		for left := min(onSaleDays, showDay); left >= 0; left-- {
			share := (1 - late) * 0.7 / (onSaleDays - 16)
			switch {
			case left < 7:
				share = late / 7
			case left > onSaleDays-10:
				share += (1 - late) * 0.3 / peak * math.Exp(-float64(onSaleDays-left)/3)
			}
			if left >= step && left < step+3 { // the old price ends
				share *= 3
			}
			p.sell(r, showDay-left, level/2*share*mood[showDay-left]*math.Exp(0.35*r.NormFloat64()), outages)
		}
		p.seats(r)
		p.refund(r, o.faults)
		s.shows = append(s.shows, p)
	}
	return s
}

// sell sells so many orders on a day, give or take, in its hours.
func (p *played) sell(r *rand.Rand, d int, orders float64, outages [][2]time.Time) {
	for h, weight := range hourly {
		for range poisson(r, orders*weight/allHours) {
			at := opening.AddDate(0, 0, d).Add(time.Duration(h*60+r.IntN(60)) * time.Minute)
			in := func(span [2]time.Time) bool { return !at.Before(span[0]) && at.Before(span[1]) }
			switch {
			case at.After(p.start.Add(-time.Hour)) || slices.ContainsFunc(outages, in):
			case in(p.stopped):
				p.lost = append(p.lost, at)
			default:
				p.orders = append(p.orders, at)
			}
		}
	}
}

// seats says how many tickets each order has, until the hall is full.
func (p *played) seats(r *rand.Rand) {
	slices.SortFunc(p.orders, time.Time.Compare)
	slices.SortFunc(p.lost, time.Time.Compare)
	left := p.places
	for i := range p.orders {
		n := min(left, 1+int64(r.IntN(3)))
		if n == 0 {
			p.orders, p.full = p.orders[:i], true
			break
		}
		left -= n
		p.sums = append(p.sums, p.places-left)
	}
	left = (p.places - p.sold(p.stopped[0])) / 2 // orders that there were seats for
	slices.SortFunc(p.lost, time.Time.Compare)
	p.lost = p.lost[:min(int64(len(p.lost)), left)]
}

func (p *played) refund(r *rand.Rand, faults bool) {
	for _, at := range p.orders {
		if r.IntN(25) == 0 {
			p.refunds = append(p.refunds, at.Add(time.Duration(r.Float64()*float64(p.start.Sub(at)))).Truncate(time.Minute))
		}
	}
	if faults && r.IntN(4) == 0 {
		p.wave = p.start.AddDate(0, 0, -2-r.IntN(5))
		for i, at := range p.orders {
			if at.Before(p.wave) && i%4 == 0 {
				p.refunds = append(p.refunds, p.wave.Add(time.Duration(r.IntN(300))*time.Minute))
			}
		}
	}
	slices.SortFunc(p.refunds, time.Time.Compare)
}

func poisson(r *rand.Rand, mean float64) int {
	n, limit := 0, math.Exp(-mean)
	for p := r.Float64(); p > limit; p *= r.Float64() {
		n++
	}
	return n
}

// sold are the tickets that stand at a moment; each refund returned two.
func (p *played) sold(at time.Time) int64 {
	n := within(p.orders, time.Time{}, at)
	if n == 0 {
		return 0
	}
	return max(0, p.sums[n-1]-int64(2*within(p.refunds, time.Time{}, at)))
}

func (p *played) curve(until time.Time) forecast.Show {
	f := forecast.Show{ID: fmt.Sprint(p.id), Date: p.start.Truncate(day), Capacity: p.places}
	for left := onSaleDays; left >= 0; left-- {
		end := p.start.AddDate(0, 0, -left).Add(5 * time.Hour) // midnight after
		if end.After(until) {
			break
		}
		f.Curve = append(f.Curve, forecast.Point{DaysLeft: left, Sold: p.sold(end)})
	}
	return f
}

// outlooks are those of the shows to come at the beginning of a day.
func (s season) outlooks(at time.Time) map[int64]*figures.Outlook {
	var finished []forecast.Show
	for _, p := range s.shows {
		if p.start.Before(at) {
			finished = append(finished, p.curve(p.start.Add(day)))
		}
	}
	past := forecast.Learn(finished)
	horizons := map[int]*forecast.Horizon{}
	all := map[int64]*figures.Outlook{}
	for _, p := range s.shows {
		left := int(p.start.Sub(at) / day)
		if p.start.Before(at) || left >= onSaleDays {
			continue
		}
		if horizons[left] == nil {
			horizons[left] = past.At(left)
		}
		o := &figures.Outlook{Forecast: horizons[left].Forecast(p.curve(at)), Plan: p.plan}
		o.Paces = past.Paces(&o.Forecast)
		o.State, o.Chance = o.Forecast.Judge(p.plan)
		all[p.id] = o
	}
	return all
}

// look is what the alerts see at a moment.
func (s season) look(at time.Time, outlooks map[int64]*figures.Outlook) figures.Watch {
	w := figures.Watch{AsOf: at}
	for _, p := range s.shows {
		if p.start.AddDate(0, 0, -onSaleDays).After(at) {
			break
		}
		if p.start.Before(at.AddDate(0, 0, -watchedDays)) {
			continue
		}
		sold, left, closed, start := p.sold(at), int64(0), int64(0), p.start
		days := max(0, int(p.start.Sub(at)/day))
		date := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
		if !p.full || at.Before(p.orders[len(p.orders)-1]) { // else what is refunded is not sold again
			left = max(0, p.places-sold)
		}
		l := figures.ShowLine{
			ShowID: uint64(p.id), Event: fmt.Sprintf("Show %d", p.id), Start: &start, LocalDate: &date, LocalTime: "19:00",
			Sold: sold, Capacity: &p.places, Closed: &closed, Left: &left, DaysLeft: &days, Outlook: outlooks[p.id],
			Over: !start.After(at),
		}
		if left == 0 {
			l.Reason, l.Outlook = figures.ShowSoldOut, nil
		}
		w.Shows = append(w.Shows, l)
		since := at.AddDate(0, 0, -watchedDays)
		for i := within(p.orders, time.Time{}, since); i < within(p.orders, time.Time{}, at); i++ {
			move := figures.Move{Show: uint64(p.id), At: p.orders[i], Sales: 1, Tickets: p.sums[i]}
			if i > 0 {
				move.Tickets -= p.sums[i-1]
			}
			w.Moves = append(w.Moves, move)
		}
		for _, refund := range p.refunds[within(p.refunds, time.Time{}, since):within(p.refunds, time.Time{}, at)] {
			w.Moves = append(w.Moves, figures.Move{Show: uint64(p.id), At: refund, Refunds: 1})
		}
	}
	slices.SortStableFunc(w.Moves, func(a, b figures.Move) int { return cmp.Or(a.At.Compare(b.At)) })
	return w
}

// tally counts the incidents of a rule.
type tally struct{ right, wrong, again int }

// TestShowAlertsOfSeasons watches invented organisers for eight weeks each: at most one false alarm a week, and every
// stop is counted: told, and after how many orders that it kept away.
func TestShowAlertsOfSeasons(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]organiser{
		"a theatre, a show every three days":  {every: 3, places: []int64{250, 400, 600}, worth: 0.62},
		"the same with outages of everything": {every: 3, places: []int64{250, 400, 600}, worth: 0.62, outages: true},
		"large halls, often sold out":         {every: 4, places: []int64{800, 1500}, worth: 0.9, outages: true},
		"small halls, a show a day":           {every: 1, places: []int64{60, 120}, worth: 0.6},
		"with stops and waves": {every: 3, places: []int64{400, 600, 1500}, worth: 0.7, outages: true,
			faults: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tallies := map[string]*tally{}
			for _, rule := range ShowRules {
				tallies[rule] = &tally{}
			}
			var missed, told []int
			seeds := uint64(testkit.Rounds(1, 3))
			for seed := range seeds {
				a, b := watchSeason(t, invent(rand.New(rand.NewPCG(seed, 3)), o), tallies)
				told, missed = append(told, a...), append(missed, b...)
			}
			weeks := float64(int(seeds) * watchedWeeks())
			wrong := 0
			for _, rule := range ShowRules {
				c := tallies[rule]
				wrong += c.wrong
				t.Logf("%-16s right %3d, wrong %2d (%.2f a week), again %d", rule, c.right, c.wrong, float64(c.wrong)/weeks,
					c.again)
				if c.again > 0 {
					t.Errorf("%s was told twice of a show", rule)
				}
			}
			slices.Sort(told)
			t.Logf("orders lost before a stop was told: %v; lost by stops that were not: %v", told, missed)
			if float64(wrong) > weeks {
				t.Errorf("%d false alarms in %.0f weeks", wrong, weeks)
			}
		})
	}
}

// watchSeason looks every hour. It returns how many orders each stop had cost when it was told, and each that was not.
func watchSeason(t *testing.T, s season, tallies map[string]*tally) (told, missed []int) {
	t.Helper()
	var state Incidents
	from := opening.AddDate(0, 0, watchFrom)
	until := from.AddDate(0, 0, 7*watchedWeeks())
	seen := map[string]*Incident{}
	var outlooks map[int64]*figures.Outlook
	for now := from; now.Before(until); now = now.Add(lookEvery) {
		if now.Hour() == 0 && now.Minute() == 0 {
			outlooks = s.outlooks(now)
		}
		state.applyShows(s.look(now, outlooks), now)
		for _, i := range state.List {
			if !i.Silent {
				seen[i.ID] = i
			}
		}
		state.List = state.open()
	}
	for _, i := range state.open() {
		for _, p := range s.shows {
			if subjectOf(uint64(p.id)) == i.Subject && p.start.Before(until.Add(-lookEvery)) {
				t.Errorf("%s of %s goes on after the show", i.Rule, i.Subject)
			}
		}
	}
	byShow := map[string]int{}
	caught := map[int64]bool{}
	for _, i := range seen {
		var p *played
		for _, one := range s.shows {
			if subjectOf(uint64(one.id)) == i.Subject {
				p = one
			}
		}
		c := tallies[i.Rule]
		right := true
		switch i.Rule {
		case RuleWillMiss:
			right = p.sold(p.start) < p.plan
		case RuleSaleStopped:
			right = !i.OpenedAt.Before(p.stopped[0]) && i.OpenedAt.Before(p.stopped[1])
			if right && !caught[p.id] {
				caught[p.id] = true
				told = append(told, within(p.lost, time.Time{}, i.OpenedAt))
			}
		case RuleRefundWave:
			right = !p.wave.IsZero() && i.OpenedAt.After(p.wave) && i.OpenedAt.Before(p.wave.Add(day))
		case RuleShowChanged:
			right = false
		}
		if right {
			c.right++
		} else {
			c.wrong++
		}
		told := fmt.Sprint(i.Rule, i.Subject, right) // a false alarm, then a stop, are two things
		if i.Rule == RuleSaleStopped && !right {
			told = i.ID // so are two silences, each of which counts as wrong
		}
		if byShow[told]++; byShow[told] > 1 {
			c.again++
		}
	}
	for _, p := range s.shows {
		if p.stopped[0].After(from) && p.stopped[1].Before(until) && !caught[p.id] {
			missed = append(missed, len(p.lost))
		}
	}
	return told, missed
}

// TestStopIsToldWithinThreeGaps: shows stop at any hour, and each stop is told within three of the gaps that are usual
// by what the show sold before. By the pace at which it would have gone on selling, which nobody knows, half of them
// are, give or take what chance does to the days before: of shows that sell at the same pace from day to day, and of
// those that stop within two days before or after their last week begins, in which they sell ten times as much.
func TestStopIsToldWithinThreeGaps(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	for _, c := range []struct {
		name        string
		least, most float64 // orders a day before the last week
		climb       float64
		half, nine  float64                     // usual gaps within which half of the stops are told, and nine of ten
		stop        func() (left time.Duration) // before the show
	}{
		{"steady", 10, 300, 1, 3, 4, func() time.Duration { return 10*day + time.Duration(r.IntN(24*60))*time.Minute }},
		{"before the last week", 1, 10, 10, 3.2, 5, func() time.Duration {
			return 5*day + time.Duration(r.IntN(4*24*60))*time.Minute
		}},
	} {
		var late []float64
		rounds := testkit.Rounds(50, 200)
		for range rounds {
			s := stopped{start: opening.AddDate(0, 0, 32).Add(19 * time.Hour), climb: c.climb,
				perDay: c.least * math.Pow(c.most/c.least, r.Float64())}
			s.stop = s.start.Add(-c.stop())
			usual, gaps, told := s.toldAfter(r)
			if !told || usual > 3 {
				t.Errorf("%s: %.0f a day, stopped at %s: told %v, after %.1f usual gaps", c.name, s.perDay, s.stop, told, usual)
			}
			late = append(late, gaps)
		}
		slices.Sort(late)
		half, most := late[rounds/2], late[rounds*9/10]
		t.Logf("%s: told after so many gaps of the pace it had: median %.1f, 9 of 10 within %.1f, the latest %.1f", c.name,
			half, most, late[rounds-1])
		if half > c.half || most > c.nine {
			t.Errorf("%s: that is too late", c.name)
		}
	}
}

// stopped is a show that sells at one pace from the opening on, at another one in its last week, until it stops.
type stopped struct {
	start, stop   time.Time
	perDay, climb float64 // orders; times as many in the last week
}

// pace is how many orders the show sells in the minute, if it were not stopped.
func (s stopped) pace(at time.Time) float64 {
	if s.start.Sub(at) < 7*day {
		return s.perDay * s.climb * shareOfMinute(at)
	}
	return s.perDay * shareOfMinute(at)
}

// shareOfMinute is what is bought in a minute of a day of a box office.
func shareOfMinute(at time.Time) float64 { return hourly[at.Hour()] / allHours / 60 }

// show is what was sold by midnight of the days before a moment, two tickets an order.
func (s stopped) show(sales []time.Time, until time.Time) forecast.Show {
	f := forecast.Show{Date: s.start.Truncate(day)}
	for left := onSaleDays; left >= 0; left-- {
		if end := s.start.AddDate(0, 0, -left).Add(5 * time.Hour); !end.After(until) {
			f.Curve = append(f.Curve, forecast.Point{DaysLeft: left, Sold: 2 * int64(within(sales, time.Time{}, end))})
		}
	}
	return f
}

// like are finished shows that sold as this one was to, each at its own level.
func (s stopped) like(r *rand.Rand) *forecast.Past {
	var past []forecast.Show
	for i := range 12 {
		level := math.Exp(0.4 * r.NormFloat64())
		var sales []time.Time
		for at := opening; at.Before(s.start); at = at.Add(time.Hour) {
			sales = repeat(sales, at, int64(poisson(r, 60*level*s.pace(at))))
		}
		show := s.show(sales, s.start.Add(day))
		show.ID, show.Date = fmt.Sprint(i), show.Date.AddDate(0, 0, -onSaleDays-i)
		past = append(past, show)
	}
	return forecast.Learn(past)
}

// toldAfter is after how many usual gaps since its last order the stop of a show is told, and after how many of four
// orders at its true pace.
func (s stopped) toldAfter(r *rand.Rand) (usual, gaps float64, told bool) {
	past := s.like(r)
	var own, every []time.Time
	for at := opening; at.Before(s.start); at = at.Add(time.Minute) {
		every = repeat(every, at, int64(poisson(r, 200*shareOfMinute(at))))
		if n := int64(poisson(r, s.pace(at))); at.Before(s.stop) {
			own, every = repeat(own, at, n), repeat(every, at, n)
		}
	}
	l := line(50, 50)
	date := time.Date(s.start.Year(), s.start.Month(), s.start.Day(), 0, 0, 0, 0, time.UTC)
	l.Start, l.LocalDate = &s.start, &date
	for at := own[len(own)-1]; at.Before(s.start) && !told; at = at.Add(5 * time.Minute) {
		if l.Outlook == nil || at.Hour() == 0 && at.Minute() < 5 {
			f := past.At(int(s.start.Sub(at) / day)).Forecast(s.show(own, at))
			l.Outlook = &figures.Outlook{Forecast: f, Paces: past.Paces(&f)}
		}
		show := of(l)
		show.sales = own
		all := &boxOffice{sales: every[:within(every, time.Time{}, at)], ordersPerTicket: 0.5}
		told = saleStopped(show, all, at).Verdict == Firing
		gaps += 5 * s.pace(at) / ordersOfGap
		orders, _ := show.expected(all, at)
		usual = orders / show.usualGap(all)
	}
	return usual, gaps, told
}
