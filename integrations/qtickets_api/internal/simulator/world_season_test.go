package simulator_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// seasonMoments are moments of Moscow's day and week at which a demonstration may begin.
var seasonMoments = []time.Time{
	time.Date(2030, 4, 30, 21, 5, 0, 0, time.UTC), time.Date(2030, 5, 3, 0, 30, 0, 0, time.UTC),
	time.Date(2030, 9, 14, 8, 45, 0, 0, time.UTC), time.Date(2030, 12, 31, 16, 30, 0, 0, time.UTC),
}

func season(seed int64, orders int, now time.Time) *simulator.World {
	return simulator.NewSeason(simulator.WorldOptions{Seed: seed, Orders: orders, Now: now,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
}

// shares of a season, in per cent of its tickets.
type shares struct{ promo, showDay, lastWeek, night, refunds, unpaid float64 }

func sharesOf(w *simulator.World) (shares, map[string]int) {
	var s shares
	days := map[string]int{}
	tickets := 0.0
	for _, m := range w.Movements() {
		if m.Refund {
			s.refunds++
			continue
		}
		tickets++
		at := m.At.In(moscowTime)
		days[at.Format(time.DateOnly)]++
		if m.Promo != "" {
			s.promo++
		}
		if m.DaysLeft == 0 {
			s.showDay++
		}
		if m.DaysLeft < 7 {
			s.lastWeek++
		}
		if at.Hour() < 8 {
			s.night++
		}
	}
	s.unpaid = float64(w.Oracle().Totals.Cancelled)
	for _, n := range []*float64{&s.promo, &s.showDay, &s.lastWeek, &s.night, &s.refunds, &s.unpaid} {
		*n *= 100 / tickets
	}
	return s, days
}

// TestSeason: a season looks like that of a box office, whatever the seed and whenever it is looked at.
func TestSeason(t *testing.T) {
	t.Parallel()
	for seed := range int64(4) {
		for _, now := range seasonMoments {
			w := season(seed, 4000, now)
			s, days := sharesOf(w)
			sizes := slices.Sorted(maps.Values(days))
			median, most := sizes[len(sizes)/2], sizes[len(sizes)-1]
			t.Logf("seed %d, %s: %.1f, %d days, of %d tickets and at most %d", seed, now.Format(time.DateTime), s, len(days),
				median, most)
			facts := w.ShowFacts()
			cap, sold := 0, 0
			stock := w.Oracle().Inventory
			for _, f := range facts { if f.Finish.Before(now) { cap += stock[f.ShowID].Capacity; sold += stock[f.ShowID].Sold } }
			t.Logf("   %d shows, %d of %d, orders %d", len(facts), sold, cap, w.Oracle().Totals.Orders)
			for _, f := range facts { if f.Finish.After(now) { t.Log("      ", f.Start.In(moscowTime), f.Place, stock[f.ShowID]) } }
		}
	}
}
