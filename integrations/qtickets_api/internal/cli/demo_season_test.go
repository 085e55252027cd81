package cli_test

import (
	"cmp"
	"slices"
	"strconv"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestDemoHasEveryOutlook: of the shows to come in a demo, whenever it begins, one at least will miss its plan, one is
// sold out, others are on course, some have no plan, and few cannot be told; the month has plans.
func TestDemoHasEveryOutlook(t *testing.T) {
	t.Parallel()
	for seed := range int64(3) {
		for _, now := range []time.Time{
			time.Date(2030, 4, 30, 21, 5, 0, 0, time.UTC), time.Date(2030, 5, 3, 0, 30, 0, 0, time.UTC),
			time.Date(2030, 9, 14, 8, 45, 0, 0, time.UTC), time.Date(2030, 12, 31, 16, 30, 0, 0, time.UTC),
		} {
			w := simulator.NewSeason(simulator.WorldOptions{Seed: seed, Orders: 4000, Now: now})
			finished, coming := curves(t, w)
			past := forecast.Learn(finished)
			states := map[forecast.State]int{}
			plans, months := map[string]int64{}, 0
			for _, p := range w.Plans() {
				plans[strconv.FormatInt(p.ShowID, 10)] = p.Tickets
				if p.Month != 0 {
					months++
				}
			}
			planned, missed := 0, 0
			for _, s := range coming {
				left := int(s.Date.Sub(now.Add(3*time.Hour).Truncate(24*time.Hour)).Hours() / 24)
				f := past.At(left).Forecast(s)
				goal := f.Usual
				if plans[s.ID] > 0 {
					goal = plans[s.ID]
					planned++
				}
				state, _ := f.Judge(goal)
				if state == forecast.WillMiss && plans[s.ID] > 0 {
					missed++
				}
				if forecast.SoldAt(s.Curve, 0) == s.Capacity {
					state = "sold out"
				}
				states[state]++
			}
			t.Logf("seed %d, %s: %d finished shows; of %d to come %d planned, %d below plan: %v; %d plans of the month", seed,
				now.Format(time.DateTime), len(finished), len(coming), planned, missed, states, months)
			if missed == 0 || planned < 3 || planned == len(coming) || months == 0 ||
				states[forecast.OnCourse] == 0 || states["sold out"] == 0 ||
				4*(states[forecast.TooEarly]+states[forecast.Unknown]) > len(coming) {
				t.Error("one is missing")
			}
		}
	}
}

// curves are the finished shows of a world and those to come, as forecasts know them.
func curves(t *testing.T, w *simulator.World) (finished, coming []forecast.Show) {
	t.Helper()
	sold := map[int64]map[int]int64{}
	for _, m := range w.Movements() {
		if sold[m.ShowID] == nil {
			sold[m.ShowID] = map[int]int64{}
		}
		if m.Refund {
			sold[m.ShowID][m.DaysLeft]--
		} else {
			sold[m.ShowID][m.DaysLeft]++
		}
	}
	stock := w.Oracle().Inventory
	for _, f := range w.ShowFacts() {
		zone, err := time.LoadLocation(f.Zone)
		if err != nil {
			t.Fatal(err)
		}
		date := f.Start.In(zone)
		s := forecast.Show{ID: strconv.FormatInt(f.ShowID, 10), Event: strconv.FormatInt(f.EventID, 10), Place: f.Place,
			City: f.City, Date: time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, time.UTC)}
		for left, n := range sold[f.ShowID] {
			s.Curve = append(s.Curve, forecast.Point{DaysLeft: left, Sold: n})
		}
		slices.SortFunc(s.Curve, func(a, b forecast.Point) int { return cmp.Compare(b.DaysLeft, a.DaysLeft) })
		for i := 1; i < len(s.Curve); i++ {
			s.Curve[i].Sold += s.Curve[i-1].Sold
		}
		if f.Finish.Before(w.Now()) {
			finished = append(finished, s)
			continue
		}
		s.Capacity = int64(stock[f.ShowID].Capacity)
		coming = append(coming, s)
	}
	return finished, coming
}

// TestDemoFactsEqualTheOracle: what the loader publishes of a season is what its box office says.
func TestDemoFactsEqualTheOracle(t *testing.T) {
	world := simulator.NewSeason(simulator.WorldOptions{Seed: 5, Orders: 250,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	s := newShell(t, world, testkit.Database(t)).live()
	s.syncJSON()
	testkit.CheckFacts(t, s.db, world)
	world.Advance(3 * time.Minute)
	s.syncJSON()
	testkit.CheckFacts(t, s.db, world)
}
