package crash_test

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// ownEngine is a ClickHouse that one test may kill.
type ownEngine struct {
	testing.TB
	dir string
	*embedded.Engine
}

func startEngine(t testing.TB, dir string) *ownEngine {
	t.Helper()
	e := &ownEngine{TB: t, dir: dir}
	e.start(0)
	t.Cleanup(func() { _ = e.Close() })
	if err := warehouse.Migrate(t.Context(), e.As(embedded.Admin)); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *ownEngine) start(port int) {
	e.Helper()
	var err error
	e.Engine, err = embedded.Start(context.Background(), embedded.Options{
		Library: os.Getenv("CHDB_LIB"), Dir: e.dir, HTTPPort: port, HTTPOnly: true,
		Databases: []string{warehouse.DefaultDatabase},
	})
	if err != nil {
		e.Fatal(err)
	}
}

// kill ends the engine as a power cut would; restart brings it back at the same address.
func (e *ownEngine) kill() {
	_ = syscall.Kill(e.Pid(), syscall.SIGKILL)
	<-e.Done()
}

func (e *ownEngine) restart() {
	e.Helper()
	e.start(e.HTTPPort())
}

// TestEngineKilled kills ClickHouse at ten moments of a run. When it is back at once the run may survive by
// trying again; when it stays away the run fails with the next step to take. The next run repairs.
func TestEngineKilled(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	e := startEngine(t, testkit.TempDir(t))
	l := newLab(t, 51, few, e.As(embedded.Loader))
	l.repair()
	for _, c := range []struct {
		at   boundary
		back bool // at once
	}{
		{boundary{within, "INSERT INTO state_orders"}, false},
		{boundary{after, "INSERT INTO state_orders"}, true},
		{boundary{after, "INSERT INTO store_sales_daily"}, true},
		{boundary{before, "INSERT INTO publish"}, true},
		{boundary{after, "INSERT INTO publish"}, true},
		{boundary{after, "INSERT INTO publish"}, false},
		{boundary{after, "INSERT INTO state_job_runs (close)"}, true},
	} {
		l.live()
		old := testkit.Published(l, l.db)
		l.guard.arm(c.at, func() bool {
			e.kill()
			if c.back {
				e.restart()
			}
			return true
		})
		code, said := l.runUntilItEnds(l.guard.db, l.guard.api)
		if !c.back {
			e.restart()
		}
		run := l.guard.story()
		if !run.reached {
			t.Errorf("the run did not come to %s %q", c.at.moment, c.at.step)
		}
		l.checkComplete(old, run)
		l.checkAfterwards(code, said, c.back)
		if t.Failed() {
			t.Fatalf("above: ClickHouse killed %s %q", c.at.moment, c.at.step)
		}
	}
	for _, at := range []boundary{ // ClickHouse without the guard, so that the loader meets a closed port
		{after, "GET events"}, {after, "GET orders again"}, {before, "GET color-themes"},
	} {
		l.live()
		l.guard.arm(at, func() bool { e.kill(); return false })
		code, said := l.runUntilItEnds(l.db, l.guard.api)
		e.restart()
		l.checkAfterwards(code, said, false)
		if t.Failed() {
			t.Fatalf("above: ClickHouse killed %s %q", at.moment, at.step)
		}
	}
}

func (l *lab) runUntilItEnds(db warehouse.Config, api string) (code int, said string) {
	l.Helper()
	loader := startLoader(l, api, l.server.Token(), db, "sync")
	return loader.wait(), loader.text()
}

// checkAfterwards judges the end of a run that lost its ClickHouse, and lets the next one repair.
func (l *lab) checkAfterwards(code int, said string, mayEndWell bool) {
	l.Helper()
	clear := code == failed && strings.Contains(said, warehouse.ErrUnavailable.Error()) && strings.Contains(said,
		"check that it runs")
	survived := mayEndWell && code == partial
	if !clear && !survived {
		l.Errorf("exit code %d, want a clear failure (or a run that survived: %t)\n%s", code, mayEndWell, said)
	}
	l.repair()
	l.check()
}
