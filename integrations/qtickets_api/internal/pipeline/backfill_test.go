package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestBackfillGoesOn: a backfill that was cut off goes on where it stopped, and what changed meanwhile in the
// part already read is found.
func TestBackfillGoesOn(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	for _, fault := range []simulator.Fault{{}, {Kind: simulator.PerPageCapped, N: 40}, {Kind: simulator.RangeRefused}} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 3600,
				Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
			if fault.Kind != "" {
				l.server.SetFault(fault)
			}
			ctx, cancel := context.WithCancel(t.Context())
			o := pipeline.Options{InFlight: 2, Logger: slog.New(slog.DiscardHandler),
				Progress: func(feed string, done, _ int64) {
					if feed == "orders" && done > 2500 {
						cancel()
					}
				}}
			if report, err := pipeline.Run(ctx, l.api, l.db, pipeline.RunInfo{}, o); err == nil || report.OrdersComplete ||
				report.Batch != 0 {
				t.Fatalf("the cut run: %v, %+v", err, report)
			}
			stored := l.rows("SELECT count() FROM stg_qtickets_api_orders_raw")[0][0].(uint64)
			if stored < 2000 || stored >= 3600 {
				t.Fatalf("%d orders are stored of the cut run", stored)
			}
			ids := l.world.Oracle().OrderIDs
			for _, id := range ids[:200] {
				_ = l.world.Refund(id, nil, simulator.FullAmount) // refused for orders that are not paid
			}
			l.world.Step(newRand(1))
			report := l.mustSync()
			if !report.Resumed || report.Mode != pipeline.ModeBackfill ||
				found(report, pipeline.ScanHistory).Orders > 3700-int(stored)+200 {
				t.Errorf("resumed %v, mode %s, read %+v, want only what was missing of %d orders with %d stored", report.Resumed,
					report.Mode, report.Scans, len(ids), stored)
			}
			if fault.Kind == simulator.RangeRefused { // nothing tells what changed: the next runs look
				l.mustSync(reconcile)
			}
			checkFacts(l)
			if again := l.mustSync(); again.Mode != pipeline.ModeIncrement {
				t.Errorf("the next run is a %s", again.Mode)
			}
		})
	}
}

// TestBackfillDoesNotGoOnInAnotherList: when the stored beginning is not that of the list, it is read anew.
func TestBackfillDoesNotGoOnInAnotherList(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 900}))
	l.server.SetFault(simulator.Fault{Kind: simulator.EmptyPage, N: 6, Path: "orders"})
	if _, err := l.sync(); !errors.Is(err, qtickets.ErrIncomplete) {
		t.Fatal(err)
	}
	l.server.ClearFaults()
	for _, id := range l.world.Oracle().OrderIDs[:9] {
		if err := l.world.Vanish(id); err != nil {
			t.Fatal(err)
		}
	}
	l.mustSync()
	checkFacts(l)
	if n := l.rows("SELECT count() FROM stg_qtickets_api_orders_raw")[0][0].(uint64); n != 891 {
		t.Errorf("%d orders are stored, want 891", n)
	}
}

// TestIncompleteHistoryIsNotPublished: a first load that cannot account for every row of the source
// publishes nothing at all.
func TestIncompleteHistoryIsNotPublished(t *testing.T) {
	t.Parallel()
	for _, fault := range []simulator.Fault{
		{Kind: simulator.EmptyPage}, {Kind: simulator.PageIgnored}, {Kind: simulator.SkippedRow}, {Kind: simulator.TotalLies},
		{Kind: simulator.StaleCache, Text: "any-url"},
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 300}))
			fault.Path = "orders"
			l.server.SetFault(fault)
			report, err := l.sync()
			if report.Status != ledger.Failed || report.OrdersComplete || report.Batch != 0 {
				t.Errorf("the run is %s, published batch %d: %v", report.Status, report.Batch, err)
			}
			if n := len(l.salesDaily()); n != 0 {
				t.Errorf("%d facts were published", n)
			}
			l.server.ClearFaults()
			if again := l.mustSync(); again.Mode != "backfill" {
				t.Errorf("the next run is a %s, want the backfill again", again.Mode)
			}
			checkFacts(l)
		})
	}
}
