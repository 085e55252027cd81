package pipeline_test

import (
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestRowWithoutAnID waits in quarantine until a whole list was read that holds no such row.
func TestRowWithoutAnID(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 50}))
	l.mustSync()
	nameless := []warehouse.Quarantined{{Feed: "orders", Reason: "the row has no id", ReadAt: time.Now()}}
	if _, err := l.db.Insert(t.Context(), warehouse.Rows{Quarantined: nameless}, "test"); err != nil {
		t.Fatal(err)
	}
	if report := l.mustSync(); report.Status != ledger.Partial {
		t.Errorf("an increment cannot know that the row is gone: status %s, want partial", report.Status)
	}
	if report := l.mustSync(reconcile); report.Status != ledger.OK {
		t.Errorf("after a whole list without such a row: status %s (%s), want ok", report.Status, report.Message)
	}
	if rows := l.rows("SELECT id FROM meta_quarantine"); len(rows) != 0 {
		t.Errorf("quarantine still holds %v", rows)
	}
}

// TestQuarantine: an order nobody can read is set aside with its reason, the rest is published, and the
// order comes back when it can be read.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.FaultKind{simulator.BadPrice, simulator.NaiveTime} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 100}))
			first := l.world.Oracle().OrderIDs[0]
			l.server.SetFault(simulator.Fault{Kind: kind})
			report := l.mustSync()
			if report.Quarantined != 1 || report.Status != ledger.Partial {
				t.Errorf("%d rows in quarantine, status %s, want 1 and partial", report.Quarantined, report.Status)
			}
			rows := l.rows("SELECT id, reason FROM meta_quarantine")
			if len(rows) != 1 || rows[0][0].(uint64) != uint64(first) || rows[0][1].(string) == "" {
				t.Errorf("quarantine holds %v, want order %d", rows, first)
			}
			checkFacts(l, first)
			if again := l.mustSync(); again.Mode != "increment" || again.Status != ledger.Partial {
				t.Errorf("a later run is a %s with status %s, want an increment that says partial while the order is missing",
					again.Mode, again.Status)
			}
			checkFacts(l, first)
			l.server.ClearFaults()
			if healed := l.mustSync(); healed.Status != ledger.OK {
				t.Errorf("status %s (%s), want ok once the order can be read", healed.Status, healed.Message)
			}
			if rows := l.rows("SELECT id FROM meta_quarantine"); len(rows) != 0 {
				t.Errorf("quarantine still holds %v", rows)
			}
			checkFacts(l)
		})
	}
}
