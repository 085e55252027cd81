package pipeline_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestSeatsOfChangedShows: where something was sold the seats are read at once, whatever the budget.
func TestSeatsOfChangedShows(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 50}))
	event, err := l.world.NewEvent(simulator.EventSpec{})
	if err != nil {
		t.Fatal(err)
	}
	var shows []int64
	for i := range 4 {
		show, err := l.world.NewShow(event, simulator.ShowSpec{Start: l.world.Now().Add(time.Duration(i+1) * 24 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		shows = append(shows, show)
	}
	l.mustSync()
	for _, show := range shows {
		order, err := l.world.CreateOrder(simulator.NewOrder{ShowID: show, Tickets: 2})
		if err == nil {
			err = l.world.Pay(order)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	l.mustSync(func(o *pipeline.Options) { o.Limits.SeatsRequests, o.Limits.SeatsMaxAge = 1, 1000*time.Hour })
	checkSeats(l)
}

// TestSeatsAreGivenUp: when the seats of a few shows cannot be had, the others are not asked for.
func TestSeatsAreGivenUp(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 50}))
	l.server.SetFault(simulator.Fault{Kind: simulator.ServerError, Path: "shows"})
	var log strings.Builder
	report := l.mustSync(func(o *pipeline.Options) {
		o.InFlight, o.Logger = 1, slog.New(slog.NewTextHandler(&log, nil))
	})
	asked := report.InventoryFailed - strings.Count(log.String(), "not asked for after the failures before it")
	if report.InventoryFailed < 10 || asked != 3 {
		t.Errorf("%d shows failed after %d were asked for, want all of them after 3", report.InventoryFailed, asked)
	}
}
