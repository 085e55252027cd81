package replicas_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// lab is a box office and three replicas. Tests share the replicas and kill some of them: none runs in parallel.
type lab struct {
	testing.TB
	cluster *testkit.Cluster
	world   *simulator.World
	api     *qtickets.Client
	hosts   []warehouse.Config // as the loader
	rng     *rand.Rand
}

func newLab(t testing.TB, seed int64) *lab {
	t.Helper()
	cluster := testkit.Replicas(t)
	world := simulator.NewWorld(simulator.WorldOptions{Seed: seed, Orders: 150, Events: 3,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	return &lab{TB: t, cluster: cluster, world: world, api: testkit.Client(t, testkit.Serve(t, world)),
		hosts: cluster.Database(t), rng: rand.New(rand.NewPCG(uint64(seed), 1))}
}

// live lets an hour of sales, refunds and changes pass.
func (l *lab) live() {
	for range 20 {
		l.world.Step(l.rng)
	}
	l.world.Advance(time.Hour)
}

var quiet = pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)}

// load does one run on the first of the hosts that can be loaded into, as sync does.
func (l *lab) load(mode pipeline.Mode, hosts ...warehouse.Config) (*pipeline.Report, warehouse.Config, error) {
	l.Helper()
	if len(hosts) == 0 {
		hosts = l.hosts
	}
	loadable := func(ctx context.Context, db *warehouse.DB) error { return db.Loadable(ctx) }
	list := warehouse.NewHosts(hosts, nil)
	defer list.Close()
	db, err := list.Choose(l.Context(), loadable)
	if err != nil {
		return nil, warehouse.Config{}, err
	}
	o := quiet
	o.Mode = mode
	report, err := pipeline.Run(l.Context(), l.api, db, pipeline.RunInfo{Org: "test"}, o)
	return report, db.Config(), err
}

func (l *lab) mustLoad(mode pipeline.Mode, hosts ...warehouse.Config) *pipeline.Report {
	l.Helper()
	report, _, err := l.load(mode, hosts...)
	if err != nil || report.Status != "ok" {
		l.Fatalf("%s: %+v, %v", mode, report, err)
	}
	return report
}

// level waits until replicas have all that the others have.
func (l *lab) level(replicas ...int) {
	l.Helper()
	for _, n := range replicas {
		var wait []string
		for _, r := range testkit.Rows(l, l.hosts[n], "SELECT name FROM system.tables WHERE database = currentDatabase() "+
			"AND startsWith(engine, 'Replicated')") {
			wait = append(wait, fmt.Sprintf("SYSTEM SYNC REPLICA %s.%s", l.hosts[n].Database, r[0]))
		}
		l.cluster.Exec(l, n, wait...)
	}
}

// checkFacts compares the facts on replicas with what was sold, when all of them show the same publication.
func (l *lab) checkFacts(replicas ...int) {
	l.Helper()
	newest := uint64(0)
	for _, n := range replicas {
		newest = max(newest, l.shown(n))
	}
	for _, n := range replicas {
		waitFor(l, func() bool { return l.shown(n) == newest })
		testkit.CheckFacts(l, l.hosts[n], l.world)
	}
}

// shown is the batch that readers of a replica see.
func (l *lab) shown(n int) uint64 {
	l.Helper()
	return testkit.Rows(l, l.hosts[n], "SELECT batch FROM batch_published")[0][0].(uint64)
}

func (l *lab) open(n int) *warehouse.DB {
	l.Helper()
	return testkit.Open(l, l.hosts[n])
}
