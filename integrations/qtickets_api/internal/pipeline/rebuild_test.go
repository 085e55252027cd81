package pipeline_test

import (
	"errors"
	"log/slog"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestRebuildChangesNothing, and repairs what somebody changed in the tables.
func TestRebuildChangesNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 9, Orders: 2500,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true, SetsDeletedAt: true}}))
	rebuild := func() *pipeline.Report {
		t.Helper()
		report, err := pipeline.Rebuild(t.Context(), l.db, pipeline.RunInfo{},
			pipeline.Options{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	if _, err := pipeline.Rebuild(t.Context(), l.db, pipeline.RunInfo{},
		pipeline.Options{Logger: slog.New(slog.DiscardHandler)}); !errors.Is(err, pipeline.ErrNothingLoaded) {
		t.Errorf("without a history: %v", err)
	}
	l.mustSync(func(o *pipeline.Options) { o.BuyerKey = []byte("key") })
	if report := rebuild(); report.RowsInserted != 0 || len(report.Differences) != 0 || report.Orders != 2500 ||
		report.Batch == 0 {
		t.Errorf("%d of %d orders changed, marts %v, batch %d", report.RowsInserted, report.Orders, report.Differences,
			report.Batch)
	}
	checkFacts(l)
	l.exec(`INSERT INTO state_orders SELECT * REPLACE (version + 1 AS version, arrayMap(x -> x + 1, tickets.revenue) AS "tickets.revenue",
		arrayMap(x -> x + 1, tickets.gross_revenue) AS "tickets.gross_revenue") FROM state_orders FINAL WHERE has(tickets.state, 'sold') LIMIT 3`)
	if report := rebuild(); report.RowsInserted != 3 || len(report.Differences) != 0 {
		t.Errorf("%d orders repaired, marts %v, want 3 and nothing else", report.RowsInserted, report.Differences)
	}
	checkFacts(l)
}
