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

// TestServeSendsTheMorningMessage: with the figures, and not without recipients.
func TestServeSendsTheMorningMessage(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(65), testkit.Database(t)).live()
	if out := s.must(2, "serve", "--digest"); !strings.Contains(out.stderr, "DIGEST_URLS") {
		t.Errorf("printed %s", out.text())
	}
	s.must(0, "sync")
	telegram := testkit.ServeTelegram(t)
	l := s.with("DIGEST_URLS", telegram.URL("1"), "DIGEST_AT", "00:00", "ALERT_STATE_DIR", t.TempDir(),
		"ALERT_LANG", "en").
		serve("--digest", "--no-page")
	var heard []string
	wait(t, "the morning message comes", func() bool { heard = telegram.Texts(); return len(heard) > 0 })
	if !strings.Contains(heard[0], "The figures are complete until") {
		t.Errorf("heard %q", heard)
	}
	wait(t, "the log says so", func() bool { return strings.Contains(l.stderr.String(), "The morning message was sent") })
	if code := l.stop(); code != 0 {
		t.Errorf("exit code %d after a signal\n%s", code, l.stderr)
	}
}
