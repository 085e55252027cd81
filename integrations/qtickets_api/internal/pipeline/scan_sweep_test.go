package pipeline_test

import (
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestSweepsFindSilentRefunds: without a comparison of everything, within the budget of each run and after a
// bounded number of runs.
func TestSweepsFindSilentRefunds(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	l := newLab(t, silent(400))
	l.mustSync()
	l.refundSome()
	before := l.server.Counters().Total
	for range 25 {
		report := l.mustSync(func(o *pipeline.Options) {
			o.Limits.SweepRequests, o.Limits.SweepRecent = 4,
				10*365*24*time.Hour
		})
		if swept := found(report, pipeline.ScanSweep); swept.Requests > 4 {
			t.Fatalf("a run sent %d requests to sweep, its budget is 4", swept.Requests)
		}
	}
	checkFacts(l)
	if n := l.server.Counters().Total - before; n > 25*40 {
		t.Errorf("%d requests in 25 runs", n)
	}
}

// TestOverdueSweepsIgnoreTheBudget: the age of what is published is bounded whatever it costs.
func TestOverdueSweepsIgnoreTheBudget(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(300))
	l.mustSync()
	l.refundSome()
	time.Sleep(2 * time.Millisecond)
	report := l.mustSync(func(o *pipeline.Options) {
		o.Limits = pipeline.Limits{SweepRequests: 1, SweepMaxAge: time.Millisecond, SweepRecent: 10 * 365 * 24 * time.Hour}
	})
	if found(report, pipeline.ScanSweep).Changed == 0 {
		t.Errorf("nothing was found: %+v", report.Scans)
	}
	checkFacts(l)
}

// TestScansOnShowDay: a scan moves nothing in the order; on the day of the show it is seen within the hour.
func TestScansOnShowDay(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 50, Now: now.Add(-8 * time.Hour)}))
	event, err := l.world.NewEvent(simulator.EventSpec{})
	if err != nil {
		t.Fatal(err)
	}
	show, err := l.world.NewShow(event, simulator.ShowSpec{Start: now.Add(2 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	order, err := l.world.CreateOrder(simulator.NewOrder{ShowID: show, Tickets: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.world.Pay(order); err != nil {
		t.Fatal(err)
	}
	l.world.Advance(8 * time.Hour) // the sale is beyond the window of changes
	l.mustSync()
	if err := l.world.Scan(l.world.Tickets(order)[0].ID); err != nil {
		t.Fatal(err)
	}
	l.exec("INSERT INTO state_sweeps SELECT event_id, now64(3) - INTERVAL 2 HOUR FROM (SELECT event_id FROM "+
		"state_events FINAL)",
		"ALTER TABLE state_sweeps DELETE WHERE 1 SETTINGS mutations_sync = 1")
	l.mustSync(func(o *pipeline.Options) { o.Limits.SweepRequests = 1 })
	if rows := l.rows("SELECT ticket_id FROM stg_qtickets_api_tickets_raw WHERE isNotNull(checked_at) AND show_id = " +
		text(show)); len(rows) != 1 {
		t.Errorf("%d scans of the show are known, want 1", len(rows))
	}
}
