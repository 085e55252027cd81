package cli_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestCancelled interrupts a load as SIGTERM does (main turns the signal into the end of the context),
// while it waits for orders and while it writes, and lets the next one repair.
func TestCancelled(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		fault simulator.Fault
		ready func(s *shell) bool
		next  string // mode of the next run: orders that were all stored are not read again
	}{
		{"while QTickets is slow", simulator.Fault{Kind: simulator.Slow, Delay: time.Minute, Path: "orders"},
			func(s *shell) bool {
				return s.server.Counters().InFlight > 0
			}, "backfill"},
		{"when orders are stored and seats are asked for", simulator.Fault{Kind: simulator.Slow, Delay: time.Minute,
			Path: "shows"}, func(s *shell) bool {
			// orders come one page at a time
			return s.sql("SELECT count() FROM state_orders") != "0" && s.server.Counters().InFlight > 1
		}, "increment"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShell(t, smallWorld(5), testkit.Database(t))
			s.server.SetFault(c.fault)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan outcome, 1)
			go func() { ended <- s.runWithin(ctx, "sync") }()
			wait(t, "the run has come so far", func() bool { return c.ready(s) })
			if got := s.sql("SELECT status FROM meta_job_runs"); got != "running" {
				t.Errorf("the ledger says %q of a run under way", got)
			}
			cancel()
			if out := <-ended; out.code != 1 ||
				!strings.Contains(out.stderr, "qtickets_api: interrupted: the next run reads what is missing") {
				t.Errorf("exit code %d, want 1 and the reason\n%s", out.code, out.text())
			}
			if got := s.sql("SELECT status, error_class, isNotNull(finished_at), batch, startsWith(message, 'interrupted') " +
				"FROM meta_job_runs"); got != "failed\tcanceled\t1\t0\t1" {
				t.Errorf("the ledger says %q of a cancelled run", got)
			}
			checkRepaired(s, c.next)
		})
	}
}

// checkRepaired runs the next load and compares the facts with the box office.
func checkRepaired(s *shell, mode string) {
	s.Helper()
	s.server.ClearFaults()
	if report := s.syncJSON(); string(report.Mode) != mode {
		s.Errorf("after a cancelled first run: %s, want %s", report.Mode, mode)
	}
	checkSold(s)
	s.must(0, "check")
}

// TestTimeBudget: a run that may not last as long as it needs fails and says so.
func TestTimeBudget(t *testing.T) {
	t.Parallel()
	// enough to open the ledger on a busy machine
	s := newShell(t, smallWorld(6), testkit.Database(t)).with("QTICKETS_RUN_TIMEOUT", "5s")
	s.server.SetFault(simulator.Fault{Kind: simulator.Slow, Delay: time.Minute, Path: "orders"})
	if out := s.must(1, "sync"); !strings.Contains(lastMessage(out.stderr), "raise QTICKETS_RUN_TIMEOUT") {
		t.Errorf("the message does not name the variable to change:\n%s", out.stderr)
	}
	if got := s.sql("SELECT status, error_class FROM meta_job_runs"); got != "failed\tcanceled" {
		t.Errorf("the ledger says %q of a run out of time", got)
	}
}

// TestTwoRunsAtOnce: two loads of one database take turns, and both succeed.
func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(7), testkit.Database(t))
	ended := make(chan outcome, 2)
	for range 2 {
		go func() { ended <- s.runWithin(t.Context(), "sync", "--json") }()
	}
	inserted := 0
	for range 2 {
		out := <-ended
		if out.code != 0 {
			t.Fatalf("exit code %d\n%s", out.code, out.text())
		}
		var report struct {
			Inserted int    `json:"rows_inserted"`
			Mode     string `json:"mode"`
		}
		if err := json.Unmarshal([]byte(out.stdout), &report); err != nil {
			t.Fatal(err)
		}
		if report.Mode == "increment" {
			inserted += report.Inserted
		}
	}
	if inserted != 0 {
		t.Errorf("the second of two runs wrote %d rows again", inserted)
	}
}
