package cli_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// ownEngine is a ClickHouse of one test, which may stop it and start it again at the same place.
type ownEngine struct {
	testing.TB
	options embedded.Options
	*embedded.Engine
}

func newOwnEngine(t testing.TB) *ownEngine {
	t.Helper()
	e := &ownEngine{TB: t, options: embedded.Options{Library: os.Getenv("CHDB_LIB"), Dir: testkit.TempDir(t),
		HTTPOnly: true, Databases: []string{warehouse.DefaultDatabase}}}
	e.start()
	e.options.HTTPPort = e.HTTPPort()
	t.Cleanup(func() { _ = e.Close() })
	if err := warehouse.Migrate(t.Context(), e.As(embedded.Admin)); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *ownEngine) start() {
	e.Helper()
	var err error
	if e.Engine, err = embedded.Start(context.Background(), e.options); err != nil {
		e.Fatal(err)
	}
}

func (e *ownEngine) stop() {
	e.Helper()
	if err := e.Close(); err != nil {
		e.Fatal(err)
	}
}

// shellOn is a shell with a ClickHouse of its own, ready to serve.
func shellOn(e *ownEngine, world *simulator.World) *shell {
	s := newShell(e, world, e.As(embedded.Loader))
	return s.with("CLICKHOUSE_READER_PASSWORD", e.As(embedded.Reader).Password, "QTICKETS_WEBHOOK_SECRET", webhookSecret)
}

// waiting is how many webhooks are pending.
func (e *ownEngine) waiting() uint64 {
	e.Helper()
	return testkit.Rows(e, e.As(embedded.Loader),
		"SELECT count() FROM meta_webhooks WHERE isNull(handled_at)")[0][0].(uint64)
}

// TestClickHouseAway: while ClickHouse is away no webhook is answered with 200; the schedule of QTickets brings them
// again, and then nothing is missing. The process lives on and says meanwhile what is wrong.
func TestClickHouseAway(t *testing.T) {
	t.Parallel()
	e := newOwnEngine(t)
	world := smallWorld(51)
	s := shellOn(e, world)
	l := s.serve("--every", "1h")
	wait(t, "the first load has ended", func() bool { return strings.Contains(l.stderr.String(), `"Finished"`) })
	hooks := l.webhooks(simulator.WebhookOptions{DuplicateEvery: 4})
	e.stop()
	rng := newRand(51)
	for range 30 {
		world.Step(rng)
	}
	world.Advance(time.Second)
	report := hooks.Deliver(t.Context())
	if report.Delivered != 0 || report.Attempts < 10 || report.Pending != report.Attempts {
		t.Fatalf("with ClickHouse away: %+v", report)
	}
	if status, body := l.get("/readyz"); status != http.StatusServiceUnavailable ||
		!strings.Contains(body, `"clickhouse","ok":false`) {
		t.Errorf("/readyz: %d %s", status, body)
	}
	if status, body := l.get("/metrics"); status != http.StatusOK ||
		!strings.Contains(body, "\nqtickets_clickhouse_up 0") && !strings.HasPrefix(body, "qtickets_clickhouse_up 0") {
		t.Errorf("/metrics: %d, does not say that ClickHouse is away", status)
	}
	if status, _ := l.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz: %d", status)
	}
	e.start()
	for deadline := time.Now().Add(time.Minute); report.Pending > 0 && time.Now().Before(deadline); {
		world.Advance(8 * time.Second) // the second attempt is due after eight
		report = hooks.Deliver(t.Context())
	}
	if report.Lost > 0 || report.Pending > 0 {
		t.Fatalf("after ClickHouse came back: %+v\n%s", report, l.stderr)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(l.stderr)
		}
	})
	wait(t, "all of them are handled", func() bool { return e.waiting() == 0 })
	testkit.CheckFacts(t, s.db, world)
	if code := l.stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, l.stderr)
	}
}

// TestServeKeepsItsEngine: without CLICKHOUSE_HOST serve runs the embedded engine, with readers' rights for the page.
func TestServeKeepsItsEngine(t *testing.T) {
	t.Parallel()
	world := smallWorld(52)
	s := newShell(t, world, testkit.Database(t))
	for _, name := range []string{"CLICKHOUSE_HOST", "CLICKHOUSE_PORT", "CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD",
		"CLICKHOUSE_DATABASE"} {
		s = s.with(name, "")
	}
	s = s.with("CLICKHOUSE_DATA", t.TempDir(), "CHDB_LIB", os.Getenv("CHDB_LIB"), "QTICKETS_WEBHOOK_SECRET", webhookSecret)
	l := s.serve("--every", "1h")
	wait(t, "the first load is published", func() bool { status, _ := l.get("/readyz"); return status == http.StatusOK })
	// 503 while it is slow
	wait(t, "the page is shown", func() bool { status, _ := l.get("/"); return status == http.StatusOK })
	if code := l.stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, l.stderr)
	}
}

// TestRestartLosesNothing: webhooks answered with 200 and not yet handled are handled by the next process.
func TestRestartLosesNothing(t *testing.T) {
	t.Parallel()
	world := smallWorld(53)
	s := newShell(t, world, testkit.Database(t)).live()
	s.syncJSON()
	first := s.serve()
	hooks := first.webhooks(simulator.WebhookOptions{})
	s.server.SetFault(simulator.Fault{Kind: simulator.Unavailable, N: 100_000})
	rng := newRand(53)
	for range 20 {
		world.Step(rng)
	}
	world.Advance(time.Second)
	if report := hooks.Deliver(t.Context()); report.Delivered == 0 || report.Pending > 0 {
		t.Fatalf("%+v", report)
	}
	if first.pending() == "0" {
		t.Fatal("nothing is pending")
	}
	if code := first.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	s.server.ClearFaults()
	second := s.serve()
	wait(t, "all of them are handled", func() bool { return second.pending() == "0" })
	testkit.CheckFacts(t, s.db, world)
}
