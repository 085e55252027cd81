package simulator_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// seasonMoments are hours of Moscow's day at which a demonstration may begin: five past midnight, half past three,
// before noon, in the evening.
var seasonMoments = []time.Time{
	time.Date(2030, 4, 30, 21, 5, 0, 0, time.UTC), time.Date(2030, 5, 3, 0, 30, 0, 0, time.UTC),
	time.Date(2030, 9, 14, 8, 45, 0, 0, time.UTC), time.Date(2030, 12, 31, 16, 30, 0, 0, time.UTC),
}

func newSeason(seed int64, orders int, now time.Time) *simulator.World {
	return simulator.NewSeason(simulator.WorldOptions{Seed: seed, Orders: orders, Now: now,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
}

// seasonShares are parts of the tickets of a season, in per cent.
type seasonShares struct{ promo, showDay, lastWeek, night, refunded, unpaid float64 }

// sharesOf a season, and its tickets by day.
func sharesOf(w *simulator.World) (seasonShares, map[string]int) {
	s := seasonShares{unpaid: float64(w.Oracle().Totals.Cancelled)}
	days := map[string]int{}
	tickets := 0.0
	for _, m := range w.Movements() {
		if m.Refund {
			s.refunded++
			continue
		}
		tickets++
		at := m.At.In(moscowTime)
		days[at.Format(time.DateOnly)]++
		for share, counts := range map[*float64]bool{&s.promo: m.Promo != "", &s.showDay: m.DaysLeft == 0,
			&s.lastWeek: m.DaysLeft < 7, &s.night: at.Hour() < 8} {
			if counts {
				*share++
			}
		}
	}
	for _, n := range []*float64{&s.promo, &s.showDay, &s.lastWeek, &s.night, &s.refunded, &s.unpaid} {
		*n *= 100 / tickets
	}
	return s, days
}

// TestSeason: a season looks like that of a box office, whatever the seed and whenever it is looked at.
func TestSeason(t *testing.T) {
	t.Parallel()
	for seed := range int64(3) {
		for _, now := range seasonMoments {
			w := newSeason(seed, 4000, now)
			s, days := sharesOf(w)
			sizes := slices.Sorted(maps.Values(days))
			median, most := sizes[len(sizes)/2], sizes[len(sizes)-1]
			t.Logf("seed %d, %s: %.1f %%; %d days of %d tickets, at most %d", seed, now.Format(time.DateTime), s, len(days),
				median, most)
			for _, c := range []struct {
				what            string
				is, least, most float64
			}{
				{"with a promo code", s.promo, 10, 20},
				{"bought on the day of the show", s.showDay, 5, 25},
				{"bought in the week of the show", s.lastWeek, 50, 64},
				{"bought from 0 to 8", s.night, 0, 8},
				{"refunded", s.refunded, 1, 3},
				{"never paid", s.unpaid, 5, 20},
			} {
				if c.is < c.least || c.is > c.most {
					t.Errorf("%.1f %% of tickets are %s, want %.0f to %.0f", c.is, c.what, c.least, c.most)
				}
			}
			if len(days) < 300 || most > 4*median {
				t.Errorf("%d days, the best of %d tickets, the median of %d", len(days), most, median)
			}
			if n := w.Oracle().Totals.Orders; n != 4000 {
				t.Errorf("%d orders", n)
			}
			checkSeasonShows(t, w)
		}
	}
}

// checkSeasonShows: shows begin when people come, a hall is full, another nearly, and every production has been seen.
func checkSeasonShows(t *testing.T, w *simulator.World) {
	t.Helper()
	finished := map[int64]int{}
	full, nearly := 0, 0
	stock := w.Oracle().Inventory
	for _, f := range w.ShowFacts() {
		zone, err := time.LoadLocation(f.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if hour := f.Start.In(zone).Hour(); hour < 11 || hour > 20 {
			t.Errorf("a show begins at %s", f.Start.In(zone))
		}
		k := stock[f.ShowID]
		switch {
		case f.Finish.Before(w.Now()):
			finished[f.EventID]++
		case k.Sold == k.Capacity:
			full++
		case 20*k.Sold >= 19*k.Capacity:
			nearly++
		}
	}
	if full == 0 || nearly == 0 || len(finished) != 7 || slices.Min(slices.Collect(maps.Values(finished))) < 3 {
		t.Errorf("%d shows to come are sold out, %d nearly; finished ones by event: %v", full, nearly, finished)
	}
}

// TestSeasonIsLive: something is sold in the first minute of a season, but little in its first minutes and at night.
func TestSeasonIsLive(t *testing.T) {
	t.Parallel()
	for _, now := range seasonMoments {
		w := newSeason(1, 4000, now)
		sold := func() int { return w.Oracle().Totals.Sold }
		before := sold()
		w.Advance(time.Minute)
		first := sold() - before
		w.Advance(4 * time.Minute)
		early := sold() - before
		w.Advance(24*time.Hour - 5*time.Minute)
		day := sold() - before
		t.Logf("%s: %d tickets in a minute, %d in five, %d in a day", now.Format(time.DateTime), first, early, day)
		if first == 0 || early > 15 || now.In(moscowTime).Hour() < 8 && early > 6 || day < early || day > 100 {
			t.Error("that is not the pace of the hour")
		}
	}
}

// TestSeasonOracle: what the rows of a season add up to is what its oracle says, also a day later; the same seed makes
// the same season.
func TestSeasonOracle(t *testing.T) {
	t.Parallel()
	for _, orders := range []int{0, 1, 60, 600} {
		w := newSeason(3, orders, origin)
		compare(t, direct(t, w), w.Oracle())
		w.Advance(24 * time.Hour)
		compare(t, direct(t, w), w.Oracle())
		again := newSeason(3, orders, origin)
		again.Advance(24 * time.Hour)
		if !reflect.DeepEqual(w.Oracle(), again.Oracle()) {
			t.Errorf("two seasons of %d orders and one seed differ", orders)
		}
	}
	if reflect.DeepEqual(newSeason(3, 600, origin).Oracle(), newSeason(4, 600, origin).Oracle()) {
		t.Error("two seeds made one season")
	}
}
