package crash_test

import (
	"bytes"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// lab is a box office that keeps selling, a warehouse, and the guard between them and the loader.
type lab struct {
	testing.TB
	world      *simulator.World
	server     *simulator.Server
	db         warehouse.Config // straight to ClickHouse, as the loader
	guard      *guard
	admin      clickhouse.Conn // opened at first use
	rng        *rand.Rand
	event      int64 // one that gets new shows
	unreadable int64 // an order that the loader cannot read until repair
}

// Sizes of a box office, in orders.
const (
	few  = 60   // every kind of row
	many = 2100 // more than go into one insert
)

func newLab(t testing.TB, seed int64, orders int, db warehouse.Config) *lab {
	t.Helper()
	world := simulator.NewWorld(simulator.WorldOptions{
		Seed: seed, Orders: orders, Events: 3, Refunds: simulator.RefundRules{MovesUpdatedAt: true},
	})
	l := &lab{TB: t, world: world, server: testkit.Serve(t, world), db: db, rng: rand.New(rand.NewPCG(uint64(seed), 1))}
	// several pages of few orders
	l.server.SetFault(simulator.Fault{Kind: simulator.PerPageCapped, N: int64(max(25, orders/30))})
	l.guard = newGuard(t, l.server, db)
	l.event = world.Oracle().EventIDs[1]
	refunded := l.sell()
	if err := world.Refund(refunded, nil, simulator.FullAmount); err != nil {
		t.Fatal(err)
	}
	return l
}

// live lets a few minutes pass in which everything changes that can: an event, its shows, orders, seats.
// One of the orders cannot be read at first.
func (l *lab) live() {
	l.Helper()
	l.makeUnreadable(l.sell())
	for range 5 {
		l.world.Step(l.rng)
	}
	ids := l.world.Oracle().OrderIDs
	if err := l.world.Vanish(ids[l.rng.IntN(len(ids)/2)]); err != nil {
		l.Fatal(err)
	}
	l.world.Advance(5 * time.Minute)
}

// sell sells a ticket of a new show.
func (l *lab) sell() int64 {
	l.Helper()
	show, err := l.world.NewShow(l.event, simulator.ShowSpec{Hall: "small"})
	if err != nil {
		l.Fatal(err)
	}
	order, err := l.world.CreateOrder(simulator.NewOrder{EventID: l.event, ShowID: show, FullPrice: true})
	if err != nil {
		l.Fatal(err)
	}
	if err := l.world.Pay(order); err != nil {
		l.Fatal(err)
	}
	return order
}

// makeUnreadable gives an order a price that the loader cannot read until repair.
func (l *lab) makeUnreadable(order int64) {
	l.unreadable = order
	l.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: order})
}

// empty deletes everything from the database.
func (l *lab) empty() {
	l.Helper()
	l.makeUnreadable(l.world.Oracle().OrderIDs[0])
	if l.admin == nil {
		l.admin = testkit.Raw(l, testkit.As(l, l.db, embedded.Admin))
	}
	for _, table := range l.tables() {
		if err := l.admin.Exec(l.Context(), "ALTER TABLE "+table+" DROP PARTITION ALL"); err != nil {
			l.Fatal(err)
		}
	}
}

// age lets everything have been published for so long that nobody reads it any more but the last.
func (l *lab) age() {
	l.Helper()
	admin := testkit.Raw(l, testkit.As(l, l.db, embedded.Admin))
	if err := admin.Exec(l.Context(), "ALTER TABLE publish UPDATE published_at = published_at - INTERVAL 31 MINUTE "+
		"WHERE 1 SETTINGS mutations_sync = 1"); err != nil {
		l.Fatal(err)
	}
}

// tables are the tables with data, without the views.
func (l *lab) tables() (names []string) {
	l.Helper()
	for _, r := range testkit.Rows(l, l.db,
		"SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'") {
		names = append(names, r[0].(string))
	}
	return names
}

// start starts the loader behind the guard.
func (l *lab) start() *loader {
	l.Helper()
	return startLoader(l, l.guard.api, l.server.Token(), l.guard.db, "sync")
}

// repair is the next run, undisturbed.
func (l *lab) repair() *pipeline.Report {
	l.Helper()
	l.server.ClearFaults(simulator.BadPrice)
	db, err := warehouse.Open(l.Context(), l.db)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var log bytes.Buffer
	report, err := pipeline.Run(l.Context(), testkit.Client(l, l.server), db, pipeline.RunInfo{Org: "crash"},
		pipeline.Options{InFlight: 2, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		l.Fatal(err)
	}
	if strings.Contains(log.String(), "Waiting for another run") {
		l.Errorf("the repairing run waited for a process that is gone:\n%s", log.String())
	}
	if report.Status != ledger.OK {
		l.Errorf("the repairing run is %s: %s", report.Status, report.Message)
	}
	return report
}

// check requires that the facts are those of the box office, nothing is stored twice, and no run is left
// running.
func (l *lab) check() {
	l.Helper()
	testkit.CheckFacts(l, l.db, l.world)
	testkit.CheckSeats(l, l.db, l.world, 1)
	l.checkOnce("stg_qtickets_api_orders_raw", "order_id", len(l.world.Oracle().OrderIDs))
	l.checkOnce("stg_qtickets_api_tickets_raw", "ticket_id", len(l.world.Oracle().TicketIDs))
	l.checkOnce("dim_events", "event_id", len(l.world.Oracle().EventIDs))
	l.checkOnce("dim_shows", "show_id", len(l.world.Oracle().ShowIDs))
	for _, r := range testkit.Rows(l, l.db, "SELECT run_id, message FROM meta_job_runs WHERE status = 'running'") {
		l.Errorf("run %s is left running", r[0])
	}
}

func (l *lab) checkOnce(view, key string, want int) {
	l.Helper()
	r := testkit.Rows(l, l.db, "SELECT count(), uniqExact("+key+") FROM "+view)[0]
	if r[0].(uint64) != uint64(want) || r[1].(uint64) != uint64(want) {
		l.Errorf("%s holds %d rows with %d keys, QTickets has %d", view, r[0], r[1], want)
	}
}

// checkComplete requires that readers see the publication before the ended run, or its own once it was made.
func (l *lab) checkComplete(old testkit.Facts, run story) {
	l.Helper()
	seen, own := testkit.Published(l, l.db), testkit.Sold(l.world, l.unreadable)
	want := old
	if run.published || (run.perhaps && cmp.Equal(seen, own)) {
		want = own
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		l.Errorf("between the end of a run and the next (published: %t) readers see (-right +seen):\n%s", run.published, diff)
	}
}
