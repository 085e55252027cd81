package replicas_test

import (
	"errors"
	"sync"
	"syscall"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestFactsOnEveryReplica: every kind of run through the list of hosts leaves the facts of the box office on all of
// them.
func TestFactsOnEveryReplica(t *testing.T) {
	l := newLab(t, 501)
	l.mustLoad(pipeline.ModeIncrement)
	l.checkFacts(0, 1, 2)
	for _, mode := range []pipeline.Mode{pipeline.ModeIncrement, pipeline.ModeReconcile} {
		l.live()
		l.mustLoad(mode)
		l.checkFacts(0, 1, 2)
	}
	db := l.open(0)
	report, err := pipeline.Rebuild(t.Context(), db, pipeline.RunInfo{Org: "test"}, quiet)
	if err != nil || len(report.Differences) > 0 {
		t.Errorf("rebuild: %+v, %v", report, err)
	}
	l.checkFacts(0, 1, 2)

	order, err := l.world.CreateOrder(simulator.NewOrder{Tickets: 2})
	if err == nil {
		err = l.world.Pay(order)
	}
	if err != nil {
		t.Fatal(err)
	}
	announced := []warehouse.Webhook{{ID: "of a sale", Type: "updated", OrderID: uint64(order), ReceivedAt: time.Now()}}
	if _, err := l.open(1).SaveWebhooks(t.Context(), announced); err != nil { // received on another host than the run's
		t.Fatal(err)
	}
	l.level(0)
	if report, err := pipeline.Webhooks(t.Context(), l.api, db, pipeline.RunInfo{Org: "test"}, quiet); err != nil ||
		report == nil || report.Batch == 0 {
		t.Fatalf("webhooks: %+v, %v", report, err)
	}
	l.checkFacts(0, 1, 2)
}

// TestTwoLoadersOnTwoHosts: where the ledger has not arrived both may load at the same time; the facts are right.
func TestTwoLoadersOnTwoHosts(t *testing.T) {
	testkit.Long(t)
	l := newLab(t, 502)
	l.mustLoad(pipeline.ModeIncrement)
	l.level(0, 1, 2)
	for round := range 3 {
		l.live()
		ledger := l.hosts[0].Database + ".state_job_runs"
		for _, n := range []int{0, 1} { // neither hears of the other's run
			l.cluster.Exec(t, n, "SYSTEM STOP FETCHES "+ledger)
		}
		var both sync.WaitGroup
		for _, n := range []int{0, 1} {
			both.Go(func() {
				if _, _, err := l.load(pipeline.ModeIncrement, l.hosts[n]); err != nil && !errors.Is(err, warehouse.ErrAudit) {
					t.Errorf("round %d, host %d: %v", round, n+1, err)
				}
			})
		}
		both.Wait()
		for _, n := range []int{0, 1} {
			l.cluster.Exec(t, n, "SYSTEM START FETCHES "+ledger)
		}
		l.level(0, 1, 2)
		l.mustLoad(pipeline.ModeIncrement)
		l.checkFacts(0, 1, 2)
	}
}

// moments of a run at which a replica is killed: its line is in the ledger, its orders are stored, its batch is built.
var moments = []string{
	"SELECT toInt64(count()) FROM meta_job_runs WHERE status = 'running'",
	"SELECT toInt64(count()) FROM state_orders WHERE run_id IN " +
		"(SELECT run_id FROM meta_job_runs WHERE status = 'running')",
	"SELECT toInt64(count()) FROM store_parts WHERE batch > (SELECT max(batch) FROM publish)",
}

// TestReplicaIsKilledDuringARun: the next run is on another host and right, or says that rows are still on the one that
// was killed; when that is back all have the same.
func TestReplicaIsKilledDuringARun(t *testing.T) {
	testkit.Long(t)
	testkit.Replicas(t).Own(t)
	l := newLab(t, 503)
	l.mustLoad(pipeline.ModeIncrement)
	l.level(0, 1, 2)
	for round := range len(moments) {
		l.live()
		db, ended, killed := l.open(0), make(chan struct{}), make(chan struct{})
		go func() {
			defer close(killed)
			for met := int64(0); met == 0; {
				err := db.Read(t.Context(), moments[round], nil, func(scan func(...any) error) error { return scan(&met) })
				if err != nil {
					t.Error(err)
					break
				}
				select {
				case <-ended:
					met = 1
				default:
				}
			}
			l.cluster.Signal(t, "replica1", syscall.SIGKILL)
		}()
		_, host, err := l.load(pipeline.ModeReconcile)
		close(ended)
		<-killed
		t.Logf("round %d: the run on port %d ended with %v", round, host.Port, err)
		_, host, err = l.load(pipeline.ModeIncrement)
		switch {
		case err == nil:
			if host.Port == l.hosts[0].Port {
				t.Error("the next run was on the host that was killed")
			}
			l.checkFacts(1, 2)
		case !errors.Is(err, warehouse.ErrCoordination):
			t.Errorf("the next run: %v", err)
		default:
			t.Logf("the next run waits for what only the killed host has: %v", err)
		}
		l.cluster.Restart(t, 0)
		l.level(0, 1, 2)
		l.mustLoad(pipeline.ModeIncrement)
		l.checkFacts(0, 1, 2)
	}
}

// TestFrozenCoordination: a run ends with an error that names Keeper, readers keep the numbers they had on every
// replica, and the next run is right.
func TestFrozenCoordination(t *testing.T) {
	testkit.Long(t)
	testkit.Long(t)
	testkit.Replicas(t).Own(t)
	l := newLab(t, 504)
	l.mustLoad(pipeline.ModeIncrement)
	l.checkFacts(0, 1, 2)
	before := testkit.Published(t, l.hosts[2])
	l.live()
	freeze := sync.OnceFunc(func() { l.cluster.Signal(t, "keeper", syscall.SIGSTOP) })
	db, began := l.open(0), time.Now()
	o := quiet
	o.Progress = func(string, int64, int64) { freeze() } // in the middle of the run
	_, err := pipeline.Run(t.Context(), l.api, db, pipeline.RunInfo{Org: "test"}, o)
	t.Logf("a run whose coordination freezes ends after %s: %v", time.Since(began).Round(time.Second), err)
	if !errors.Is(err, warehouse.ErrCoordination) {
		t.Errorf("the run: %v", err)
	}
	began = time.Now()
	_, _, err = l.load(pipeline.ModeIncrement)
	t.Logf("the next one after %s: %v", time.Since(began).Round(time.Second), err)
	if !errors.Is(err, warehouse.ErrCoordination) {
		t.Errorf("the next run: %v", err)
	}
	for n := range l.hosts {
		if now := testkit.Published(t, l.hosts[n]); len(now.SalesDaily) != len(before.SalesDaily) {
			t.Errorf("replica %d shows other numbers", n+1)
		}
	}
	l.cluster.Signal(t, "keeper", syscall.SIGCONT)
	for {
		if _, _, err = l.load(pipeline.ModeIncrement); err == nil || !errors.Is(err, warehouse.ErrCoordination) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	l.checkFacts(0, 1, 2)
}
