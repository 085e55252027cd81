package forecast

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// tally adds records of several organisers up, by horizon.
type tally struct {
	own, best, ratio float64 // WAPE in per cent
	held, banded     int
}

func (y tally) coverage() float64 { return 100 * float64(y.held) / float64(max(y.banded, 1)) }

// tallyOf organisers logs their records and adds them up, by horizon, and of 30, 14, 7, 3 and 1 days left together.
func tallyOf(t *testing.T, organisers ...[]Show) (all map[int]tally, near tally) {
	t.Helper()
	all = map[int]tally{}
	n := float64(len(organisers))
	for _, shows := range organisers {
		trials := Backtest(shows)
		for _, d := range Horizons {
			r, y := RecordOf(d, trials), all[d]
			t.Logf("D-%-2d n %2d  WAPE %5.1f %%, bias %+5.1f %%; level %5.1f %%, ratio %5.1f %%; in the band %d of %d, %.0f %%",
				d, r.Shows, 100**r.WAPE, 100**r.Bias, 100**r.LevelWAPE, 100**r.RatioWAPE, r.Held, r.Banded, 100**r.Coverage())
			y.own += 100 * *r.OwnWAPE / n
			y.best += 100 * min(*r.LevelWAPE, *r.RatioWAPE) / n
			y.ratio += 100 * *r.RatioWAPE / n
			y.held, y.banded = y.held+r.Held, y.banded+r.Banded
			all[d] = y
			if d <= 30 && d != 21 {
				near.held, near.banded = near.held+r.Held, near.banded+r.Banded
			}
		}
	}
	t.Logf("with 30, 14, 7, 3, 1 days left %d of %d were in the band: %.1f %%", near.held, near.banded, near.coverage())
	return all, near
}

// TestResortWeeks: real curves, which are not part of the repository; QTICKETS_CURVES names their folder.
func TestResortWeeks(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("QTICKETS_CURVES")
	if dir == "" {
		t.Skip("QTICKETS_CURVES names no folder with real booking curves")
	}
	text, err := os.ReadFile(filepath.Join(dir, "resort_weeks.csv"))
	if err != nil {
		t.Fatal(err)
	}
	curves, err := ParseCurves(text)
	if err != nil {
		t.Fatal(err)
	}
	all, near := tallyOf(t, curves.Shows)
	for _, d := range Horizons {
		allowed := 2.0
		if d > 30 {
			allowed = 4
		}
		if y := all[d]; y.own > y.best+allowed || y.coverage() < 65 {
			t.Errorf("with %d days left: WAPE %.1f %%, the better simple rule %.1f %%; coverage %.0f %%", d, y.own, y.best,
				y.coverage())
		}
	}
	if near.coverage() < 74 || near.coverage() > 88 {
		t.Errorf("coverage %.1f %%", near.coverage())
	}
}

func TestOrganisers(t *testing.T) {
	t.Parallel()
	for name, o := range organisers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, near := tallyOf(t, o.invent(1), o.invent(2), o.invent(3), o.invent(4))
			for _, d := range Horizons {
				y := all[d]
				t.Logf("with %d days left: WAPE %.1f %%, ratio %.1f %%, the better simple rule %.1f %%, coverage %.0f %%", d, y.own,
					y.ratio, y.best, y.coverage())
				if y.coverage() < 65 {
					t.Errorf("with %d days left: coverage %.0f %%", d, y.coverage())
				}
				if name == "steady shape" && y.own > y.ratio+1 {
					t.Errorf("with %d days left: WAPE %.1f %%, the ratio rule %.1f %%", d, y.own, y.ratio)
				}
				if y.own > y.best+4 {
					t.Errorf("with %d days left: WAPE %.1f %%, the better simple rule %.1f %%", d, y.own, y.best)
				}
			}
			most := 90.0
			if o.places > 0 {
				most = 100 // a hall that is sold out is forecast to the seat
			}
			if near.coverage() < 74 || near.coverage() > most {
				t.Errorf("coverage %.1f %%", near.coverage())
			}
		})
	}
}

// TestOnlyFinishedShows: a forecast knows no show that was not over by then, and of its own show nothing later.
func TestOnlyFinishedShows(t *testing.T) {
	t.Parallel()
	shows := organisers["last minute"].invent(7)
	before := Backtest(shows)
	for at := 20; at < len(shows); at += 13 {
		for _, daysLeft := range Horizons {
			changed := make([]Show, len(shows))
			for i, s := range shows {
				if s.Date.After(shows[at].Date.AddDate(0, 0, -daysLeft)) {
					keep := 0
					if i == at {
						keep = daysLeft
					}
					s.Curve = append([]Point{}, s.Curve...)
					for k := range s.Curve {
						if i != at || s.Curve[k].DaysLeft < keep {
							s.Curve[k].Sold += 1000
						}
					}
				}
				changed[i] = s
			}
			want, got := of(before, at, daysLeft), of(Backtest(changed), at, daysLeft)
			if !reflect.DeepEqual(want.Forecast, got.Forecast) {
				t.Errorf("show %d with %d days left: %+v, after a change of what was not known yet %+v", at, daysLeft,
					want.Forecast, got.Forecast)
			}
		}
	}
}

func of(trials []Trial, show, daysLeft int) Trial {
	for _, t := range trials[show*len(Horizons):] {
		if t.DaysLeft == daysLeft {
			return t
		}
	}
	panic("no such horizon")
}

// night is a show that sold so many with 30, 10 and 0 days left.
func night(id string, day int, capacity int64, sold ...int64) Show {
	s := Show{ID: id, Date: time.Date(2030, 1, day, 0, 0, 0, 0, time.UTC), Capacity: capacity}
	for i, n := range sold {
		s.Curve = append(s.Curve, Point{[]int{30, 10, 0}[i], n})
	}
	return s
}

// doubles are shows that sell half of their tickets in the last ten days.
func doubles(n int) []Show {
	var shows []Show
	for i := range n {
		sold := int64(40 + 20*(i%4))
		shows = append(shows, night(string(rune('a'+i)), 1+i, 0, sold/2, sold, 2*sold))
	}
	return shows
}

func TestForecast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		past     []Show
		show     Show
		why      Refusal
		basis    Basis
		expected int64
		band     bool
	}{
		{"twice what is sold", doubles(30), night("x", 60, 0, 25, 50), Offered, FromComparables, 100, true},
		{"no more than there is", doubles(30), night("x", 60, 80, 25, 50), Offered, FromComparables, 80, true},
		{"more was sold than there is", doubles(30), night("x", 60, 40, 25, 50), Offered, FromComparables, 50, true},
		{"too few for a band", doubles(9), night("x", 60, 0, 25, 50), Offered, FromComparables, 100, false},
		{"three are enough", doubles(3), night("x", 60, 0, 25, 50), Offered, FromComparables, 100, false},
		{"two are not", doubles(2), night("x", 60, 0, 25, 50), FewShows, "", 0, false},
		{"none", nil, night("x", 60, 0, 25, 50), FewShows, "", 0, false},
	} {
		h := Learn(c.past).At(10)
		f := h.Forecast(c.show)
		if f.Why != c.why || f.Basis != c.basis || f.Expected != c.expected || (f.Band != nil) != c.band {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

// TestRefundsToCome: what is sold is no lower bound.
func TestRefundsToCome(t *testing.T) {
	t.Parallel()
	var shows []Show
	for i := range 30 {
		shows = append(shows, night(string(rune('a'+i)), 1+i, 0, 100, 90, 70))
	}
	if f := Learn(shows).At(10).Forecast(night("x", 60, 0, 100, 90)); f.Expected != 70 || f.Band.High >= 90 {
		t.Errorf("%+v %+v", f, f.Band)
	}
}

// TestUnlikeShows: without comparables the usual shape of the organiser is all there is, and wide.
func TestUnlikeShows(t *testing.T) {
	t.Parallel()
	past := doubles(12)
	for i := range past {
		past[i].Event = "another"
		past[i].Curve[1].Sold += int64(i - 6)
	}
	show := night("x", 60, 0, 25, 50)
	show.Event, show.Date = "mine", show.Date.AddDate(0, 0, 3) // no weekend, as some of the others
	for i := range past {
		past[i].Date = time.Date(2030, 1, 4+7*(i/3)+i%3, 0, 0, 0, 0, time.UTC) // Friday to Sunday
	}
	show.Date = time.Date(2030, 3, 6, 0, 0, 0, 0, time.UTC) // a Wednesday
	h := Learn(past).At(10)
	f := h.Forecast(show)
	if f.Basis != FromShape || f.Expected < 90 || f.Expected > 110 || f.Band == nil || f.Band.High-f.Band.Low < 5 {
		t.Errorf("%+v %+v", f, f.Band)
	}
	show.Curve = nil
	if f := h.Forecast(show); f.Why != NothingSold {
		t.Errorf("%+v", f)
	}
}

// TestSoldOutIsNotDemand: halls that were sold out say that more wanted to come.
func TestSoldOutIsNotDemand(t *testing.T) {
	t.Parallel()
	shows := doubles(12)
	for i := range 6 { // sold out with ten days left, when others have sold half
		shows = append(shows, night(string(rune('A'+i)), 20+i, 60, 40, 60, 60))
	}
	f := Learn(shows).At(30).Forecast(night("x", 90, 0, 40))
	if f.Expected < 75 {
		t.Errorf("forecast %d for a large hall: the small ones would have sold 120", f.Expected)
	}
}

func TestChanceBelow(t *testing.T) {
	t.Parallel()
	shows := organisers["last minute"].invent(3)
	last := shows[len(shows)-1]
	f := Learn(shows[:len(shows)-1]).At(14).Forecast(last)
	before := -1.0
	for plan := int64(0); plan < 3*f.Expected; plan++ {
		chance, ok := f.ChanceBelow(plan)
		if !ok || chance < before || chance < 0 || chance > 1 {
			t.Fatalf("plan %d: %v after %v", plan, chance, before)
		}
		before = chance
	}
	low, _ := f.ChanceBelow(f.Band.Low)
	middle, _ := f.ChanceBelow(f.Expected)
	high, _ := f.ChanceBelow(f.Band.High)
	if math.Abs(low-0.1) > 0.05 || math.Abs(middle-0.5) > 0.05 || math.Abs(high-0.9) > 0.05 {
		t.Errorf("at the ends and in the middle of the band: %.2f %.2f %.2f", low, middle, high)
	}
	last.Capacity = f.Expected + 5
	f = Learn(shows[:len(shows)-1]).At(14).Forecast(last)
	if chance, ok := f.ChanceBelow(last.Capacity + 1); !ok || chance != 1 {
		t.Errorf("a plan above the places: %v", chance)
	}
	f = Learn(shows[:5]).At(14).Forecast(last)
	if _, ok := f.ChanceBelow(100); ok {
		t.Error("a chance from next to nothing")
	}
}

// TestChancesHold: of all that had a chance of 30–50 %, so many did end below; and so on.
func TestChancesHold(t *testing.T) {
	t.Parallel()
	var told, came [5]float64
	for seed := range uint64(4) {
		for _, name := range []string{"last minute", "strong seasons"} {
			for _, trial := range Backtest(organisers[name].invent(seed)) {
				for _, part := range []float64{0.6, 0.8, 0.9, 1, 1.1, 1.25, 1.6} {
					plan := int64(part * float64(trial.Expected))
					chance, ok := trial.ChanceBelow(plan)
					if !ok {
						continue
					}
					k := min(int(chance*5), 4)
					told[k]++
					if trial.Show.Final() < plan {
						came[k]++
					}
				}
			}
		}
	}
	for k := range told {
		if got, want := came[k]/told[k], float64(k)/5+0.1; math.Abs(got-want) > 0.12 {
			t.Errorf("chances around %.1f: came true %.2f of %.0f", want, got, told[k])
		}
	}
}

// TestAbsurdCurves: what no box office sells gives numbers all the same.
func TestAbsurdCurves(t *testing.T) {
	t.Parallel()
	for name, sold := range map[string][]int64{
		"huge": {1, 2, 1e13}, "below zero": {-50, -20, 5}, "all given back": {100, 100, 0}, "nothing, then one": {0, 0, 1},
	} {
		var shows []Show
		for i := range 25 {
			shows = append(shows, night(string(rune('a'+i)), 1+i, int64(i%3)*10, sold...))
		}
		for _, trial := range Backtest(shows) {
			chance, _ := trial.ChanceBelow(10)
			if math.IsNaN(chance) || trial.Expected < 0 || (trial.Band != nil && trial.Band.Low > trial.Band.High) {
				t.Errorf("%s: %+v", name, trial)
			}
		}
	}
}

func TestLikest(t *testing.T) {
	t.Parallel()
	at := func(month, day int) time.Time { return time.Date(2030, time.Month(month), day, 0, 0, 0, 0, time.UTC) }
	curve := []Point{{90, 1}, {0, 9}}
	show := Show{ID: "1", Event: "1", City: "Тула", Place: "ДК", Date: at(6, 8), Capacity: 100, Curve: []Point{{60, 5}}}
	p := Learn([]Show{
		{ID: "2", Event: "1", City: "Тула", Place: "ДК", Date: at(5, 3), Capacity: 100, Curve: curve},
		{ID: "3", Event: "1", City: "Омск", Place: "ДК", Date: at(4, 1), Curve: curve},
		{ID: "4", Event: "2", City: "Тула", Place: "ДК", Date: at(3, 1), Capacity: 130, Curve: curve},
		{ID: "5", Event: "2", City: "Тула", Place: "ДК", Date: at(3, 2), Capacity: 131, Curve: curve},
		// nothing in common
		{ID: "6", Event: "2", City: "Омск", Date: at(3, 4), Curve: curve},
		// not over by then
		{ID: "7", Event: "1", City: "Тула", Place: "ДК", Date: at(5, 20), Curve: curve},
		// on sale later
		{ID: "8", Event: "1", City: "Тула", Place: "ДК", Date: at(5, 4), Curve: []Point{{59, 1}, {0, 9}}},
		// all given back
		{ID: "9", Event: "1", City: "Тула", Place: "ДК", Date: at(5, 4), Curve: []Point{{90, 1}, {2, 0}}},
		{ID: "10", Event: "3", City: "Тула", Place: "Клуб", Date: at(5, 6), Capacity: 10, Curve: curve[:2:2]}, // a city alone
	})
	var got []string
	for _, i := range p.likest(&show, 30) {
		got = append(got, p.shows[i].ID, fmt.Sprint(Alike(show, p.shows[i])))
	}
	want := "2 [event hall city capacity weekday] 4 [hall city capacity weekday] 3 [event] 5 [hall city weekday] 10 [city]"
	if strings.Join(got, " ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, " "), want)
	}
}

func TestWeekend(t *testing.T) {
	t.Parallel()
	for i := range 30 {
		s := Show{Date: time.Date(1969, 12, 20+i, 0, 0, 0, 0, time.UTC)}
		d := s.Date.Weekday()
		if want := d == time.Friday || d == time.Saturday || d == time.Sunday; s.weekend() != want {
			t.Errorf("%s: %v", s.Date.Format("Mon 2006-01-02"), s.weekend())
		}
	}
}

// TestPaces: the mean share of the demand by days left; a show that is sold out says nothing of the days after, and a
// wave of refunds of one show takes nothing away from what the others sold that day.
func TestPaces(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2030, 1, n, 0, 0, 0, 0, time.UTC) }
	past := Learn([]Show{
		{ID: "a", Date: day(1), Curve: []Point{{4, 20}, {2, 40}, {1, 30}, {0, 100}}},
		{ID: "b", Date: day(2), Curve: []Point{{4, 10}, {3, 20}, {2, 40}, {1, 60}, {0, 100}}},
		{ID: "c", Date: day(3), Capacity: 50, Curve: []Point{{4, 25}, {2, 50}}},
	})
	got := past.Paces(&Forecast{Shows: []int{0, 1, 2}})
	want := Paces{0.55, 0.1, 0.2, 0.1 / 3, 0.8 / 3}
	for i := range want {
		if len(got) != len(want) || math.Abs(got[i]-want[i]) > 1e-9 {
			t.Fatalf("%v, want %v", got, want)
		}
	}
	if got := past.Paces(&Forecast{Why: FewShows}); got != nil {
		t.Errorf("of no shows: %v", got)
	}
}
