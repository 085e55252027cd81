package cli_test

import (
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/turn"
)

// turnsIn are the lines of a log about the turn, in order: what was said, and the time.
func turnsIn(log string) (said, at []string) {
	line := regexp.MustCompile(`"time":"([^"]*)".*"msg":"(Turn [a-z ]*|Not waiting for the load[^"]*)"`)
	for _, found := range line.FindAllStringSubmatch(log, -1) {
		at, said = append(at, found[1]), append(said, found[2])
	}
	return said, at
}

// TestTurnOfALoad: a load gives its turn back while its QTickets does not answer, and has it again before it goes on.
func TestTurnOfALoad(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := newShell(t, smallWorld(8), testkit.Database(t)).with("QTICKETS_TURN", folder, "QTICKETS_RETRY_BUDGET", "1h")
	s.server.SetFault(simulator.Fault{Kind: simulator.Unavailable, Path: "events"})
	ended := make(chan outcome, 1)
	go func() { ended <- s.runWithin(t.Context(), "sync") }()
	wait(t, "the load asks in vain", func() bool { return s.server.Counters().Path("events") > 0 })
	other := turn.New(folder, time.Hour, slog.New(slog.DiscardHandler))
	other.Take(t.Context()) // which is never, if the load keeps it
	s.server.ClearFaults()
	answered := s.server.Counters().Path("events")
	wait(t, "QTickets answers again", func() bool { return s.server.Counters().Path("events") > answered })
	if got := s.sql("SELECT status FROM meta_job_runs"); got != "running" {
		t.Errorf("without its turn the load is %q", got)
	}
	given := time.Now()
	other.Give()
	out := <-ended
	said, at := turnsIn(out.stderr)
	if got := strings.Join(said, ", "); out.code != 0 ||
		got != "Turn taken, Turn given back, Turn taken, Turn given back" {
		t.Fatalf("exit code %d: %s\n%s", out.code, got, out.text())
	}
	if again, err := time.Parse(time.RFC3339Nano, at[2]); err != nil || again.Before(given) {
		t.Errorf("the load took its turn again at %s, while another had it until %s", at[2], given)
	}
	checkSold(s)
}

// TestTurnOfADeadAPI: the load of a QTickets that answers nothing has the turn to close its line, and no earlier.
func TestTurnOfADeadAPI(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(8), testkit.Database(t)).with("QTICKETS_TURN", t.TempDir())
	s.server.SetFault(simulator.Fault{Kind: simulator.Unavailable})
	out := s.must(1, "sync")
	said, _ := turnsIn(out.stderr)
	asked, taken := strings.LastIndex(out.stderr, `"msg":"qtickets request"`), strings.Index(out.stderr, `"msg":"Turn taken"`)
	if len(said) != 2 || asked < 0 || taken < asked {
		t.Errorf("turns: %v\n%s", said, out.stderr)
	}
}

// TestWhoTakesNoTurn: a dry run, and a load without the variable, wait for nobody.
func TestWhoTakesNoTurn(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	other := turn.New(folder, time.Hour, slog.New(slog.DiscardHandler))
	other.Take(t.Context())
	s := newShell(t, smallWorld(8), testkit.Database(t))
	for _, out := range []outcome{s.with("QTICKETS_TURN", folder).must(0, "sync", "--dry-run"), s.must(0, "sync")} {
		if said, _ := turnsIn(out.stderr); len(said) > 0 {
			t.Errorf("it says %v", said)
		}
	}
}
