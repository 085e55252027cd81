package crash_test

import (
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestClockJumpsBack: the loader's clock was an hour ahead while it loaded, published and was killed in a
// run, and is right now. What it left in the future neither hides later changes nor keeps a dead run alive.
func TestClockJumpsBack(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	l := newLab(t, 81, few, testkit.Database(t))
	l.repair()
	l.live()
	l.killOneAt(boundary{after, "INSERT INTO state_orders"})
	l.moveAhead()
	for range 3 {
		l.live()
		l.refundOne()
		l.repair()
		l.check()
	}
	for _, r := range testkit.Rows(t, l.db, "SELECT run_id, duration_ms FROM meta_job_runs WHERE duration_ms > 3600000") {
		t.Errorf("run %s took %d ms", r[0], r[1])
	}
}

// moveAhead makes everything in the database look as if it had been written by a clock an hour ahead.
func (l *lab) moveAhead() {
	l.Helper()
	admin := testkit.Raw(l, testkit.As(l, l.db, embedded.Admin))
	for _, table := range l.tables() {
		changes := "version + 3600000000000 AS version"
		switch {
		case table == "state_inventory_seen":
			changes = "observed_at + INTERVAL 1 HOUR AS observed_at"
		case table == "state_job_runs":
			changes += ", started_at + INTERVAL 1 HOUR AS started_at, heartbeat_at + INTERVAL 1 HOUR AS heartbeat_at, " +
				"finished_at + INTERVAL 1 HOUR AS finished_at"
		case table == "publish":
			changes = "seq + 3600000000000 AS seq, batch + 3600000000000 AS batch, as_of + INTERVAL 1 HOUR AS as_of, " +
				"published_at + INTERVAL 1 HOUR AS published_at"
		case table == "store_parts":
			changes = "batch + 3600000000000 AS batch, built + 3600000000000 AS built"
		case strings.HasPrefix(table, "store_"):
			changes = "batch + 3600000000000 AS batch"
		}
		if err := admin.Exec(l.Context(), "INSERT INTO "+table+" SELECT * REPLACE ("+changes+") FROM "+table); err != nil {
			l.Fatalf("%s: %v", table, err)
		}
	}
}

// refundOne refunds the oldest order that can be.
func (l *lab) refundOne() {
	l.Helper()
	for _, id := range l.world.Oracle().OrderIDs {
		if l.world.Refund(id, nil, simulator.FullAmount) == nil {
			return
		}
	}
	l.Fatal("no order to refund")
}
