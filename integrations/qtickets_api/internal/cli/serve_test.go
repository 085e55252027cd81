package cli_test

import (
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestWebhookIsPublished: a sale, its webhook, and the facts; then a stop by a signal. How long that takes is a
// benchmark's business; that it does not wait for the next poll is tested where time is the test's own (package
// webhook).
func TestWebhookIsPublished(t *testing.T) {
	t.Parallel()
	world := smallWorld(31)
	s := newShell(t, world, testkit.Database(t)).live()
	s.syncJSON()
	l := s.serve()
	hooks := l.webhooks(simulator.WebhookOptions{})
	id, err := world.CreateOrder(simulator.NewOrder{})
	if err != nil {
		t.Fatal(err)
	}
	if err := world.Pay(id); err != nil {
		t.Fatal(err)
	}
	world.Advance(10 * time.Second)
	report := hooks.Deliver(t.Context())
	if report.Delivered < 2 || report.Pending > 0 {
		t.Fatalf("%+v\n%s", report, l.stderr)
	}
	wait(t, "the webhooks are handled", func() bool { return l.pending() == "0" })
	testkit.CheckFacts(t, s.db, world)
	if code := l.stop(); code != 0 {
		t.Errorf("exit code %d after a signal\n%s", code, l.stderr)
	}
}

// TestServeCheck: the probe of a container says whether serve answers.
func TestServeCheck(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(64), testkit.Database(t)).live()
	l := s.serve("--no-page")
	listen := strings.TrimSuffix(strings.TrimPrefix(l.url, "http://"), "/")
	s.must(0, "serve", "--check", "--listen", listen)
	l.stop()
	if out := s.must(1, "serve", "--check", "--listen", listen); !strings.Contains(out.stderr, "does not answer") {
		t.Errorf("printed %s", out.text())
	}
}
