package cli_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestSyncByChecklist loads with the variables of step 2 of the deployment checklist and nothing else,
// however they arrive, and at the speed that is kept without a setting.
func TestSyncByChecklist(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		port func(t *testing.T) int
		file bool
	}{
		{"environment, HTTP port", func(t *testing.T) int { return testkit.Engine(t).HTTPPort() }, false},
		{"environment, native port", func(t *testing.T) int { return testkit.Engine(t).TCPPort() }, false},
		{"env file", func(t *testing.T) int { return testkit.Engine(t).HTTPPort() }, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			world := simulator.NewWorld(simulator.WorldOptions{Seed: 2, Orders: 30, Events: 1})
			s := newShell(t, world, testkit.Database(t))
			s.env = checklist(s.server, s.db)
			s.env["CLICKHOUSE_PORT"] = strconv.Itoa(c.port(t))
			var arguments []string
			if c.file {
				arguments = []string{"--envfile", s.file("checklist.env", envLines(s.env)...)}
				s.env = map[string]string{}
			}
			checkLoads(s, arguments)
		})
	}
}

func checkLoads(s *shell, arguments []string) {
	s.Helper()
	first := s.syncJSON(arguments...)
	oracle := s.server.World().Oracle()
	got := []any{first.Mode, first.Events, first.Orders, first.SalesRows}
	want := []any{pipeline.ModeBackfill, len(oracle.EventIDs), len(oracle.OrderIDs), len(oracle.TicketIDs)}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("mode, events, orders and tickets of the first load (-want +got):\n%s", diff)
	}
	second := s.must(0, append([]string{"sync", "--json"}, arguments...)...)
	if !strings.Contains(second.stdout, `"rows_inserted":0,`) || !strings.Contains(second.stdout, `"mode":"increment"`) {
		s.Errorf("the second load is not an increment of nothing:\n%s", second.stdout)
	}
	ledger := s.sql("SELECT job, status, org_name, mode, rows_inserted > 0, batch > 0 FROM meta_job_runs ORDER BY " +
		"started_at")
	if want := "qtickets_api\tok\tzakaz\tbackfill\t1\t1\nqtickets_api\tok\tzakaz\tincrement\t0\t1"; ledger != want {
		s.Errorf("the run ledger:\n%s\nwant:\n%s", ledger, want)
	}
	rows := s.sql("SELECT count(), countDistinct(order_id) FROM stg_qtickets_api_orders_raw")
	if want := fmt.Sprintf("%[1]d\t%[1]d", len(oracle.OrderIDs)); rows != want {
		s.Errorf("rows and orders in the staging view: %q, want %q", rows, want)
	}
}

// envLines is the text of an env file.
func envLines(env map[string]string) []string {
	lines := []string{"# QTickets API", ""}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		lines = append(lines, name+"="+env[name])
	}
	return lines
}

// TestEnvironmentBeatsEnvFile: a wrong token in the file does no harm when the environment has the right one.
func TestEnvironmentBeatsEnvFile(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(3), testkit.Database(t))
	file := s.file("old.env", "QTICKETS_TOKEN="+wrongSecret, "ORG_NAME=from the file", "QTICKETS_SINCE_HOURS=48")
	s.with("ORG_NAME", "").must(0, "sync", "--envfile", file)
	if got := s.sql("SELECT status, org_name FROM meta_job_runs"); got != "ok\tfrom the file" {
		t.Errorf("the run ledger: %q", got)
	}
}

// TestPartial: what could not be read makes the run partial, exit code 3, and is named in the ledger.
func TestPartial(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(4), testkit.Database(t))
	order := s.server.World().Oracle().OrderIDs[0]
	s.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: order})
	s.must(3, "sync")
	got := s.sql("SELECT status, quarantined, position(message, 'quarantine') > 0 FROM meta_job_runs")
	if got != "partial\t1\t1" {
		t.Errorf("the run ledger: %q", got)
	}
	s.server.ClearFaults()
	s.must(0, "sync", "--full")
	if rows := s.sql("SELECT count() FROM meta_quarantine"); rows != "0" {
		t.Errorf("%s rows stay in quarantine after they were read well", rows)
	}
}

// TestQuarantineRetry: rows that can be read again leave the quarantine and are published at once.
func TestQuarantineRetry(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(4), testkit.Database(t))
	order := s.server.World().Oracle().OrderIDs[0]
	s.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: order})
	s.must(3, "sync")
	if out := s.must(3, "quarantine", "retry"); !strings.Contains(out.stdout, "partial: ") {
		t.Errorf("a retry in vain says %q", out.stdout)
	}
	if out := s.must(0, "quarantine", "list"); !strings.Contains(out.stdout, strconv.FormatInt(order, 10)) {
		t.Errorf("the quarantine does not hold order %d:\n%s", order, out.stdout)
	}
	s.server.ClearFaults()
	if out := s.must(0, "quarantine", "retry"); !strings.Contains(out.stdout, "ok: ") {
		t.Errorf("a retry says %q", out.stdout)
	}
	if out := s.must(0, "quarantine"); out.stdout != "Quarantine is empty\n" {
		t.Errorf("after the retry: %s", out.stdout)
	}
	checkSold(s)
}

// checkSold compares the number of sold tickets with the box office.
func checkSold(s *shell) {
	s.Helper()
	sold := 0
	for _, day := range s.server.World().Oracle().SalesDaily {
		sold += day.TicketsSold
	}
	if got := s.sql("SELECT sum(tickets_sold) FROM fact_qtickets_sales_daily"); got != strconv.Itoa(sold) {
		s.Errorf("the facts hold %s sold tickets, the box office %d", got, sold)
	}
}

// TestBackfillReconcileRebuild: each prints what it did, and they change nothing that is right.
func TestBackfillReconcileRebuild(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(4), testkit.Database(t))
	if out := s.run("rebuild"); out.code != 1 || !strings.Contains(lastMessage(out.stderr),
		"the history is not loaded yet") {
		t.Errorf("rebuild of nothing: %d\n%s", out.code, out.text())
	}
	s.must(0, "backfill")
	if out := s.must(0, "reconcile"); !strings.Contains(out.stdout, "60 orders listed, 60 stored") ||
		!strings.Contains(out.stdout, "0 new, 0 changed, 0 vanished") {
		t.Errorf("reconcile says\n%s", out.stdout)
	}
	if out := s.must(0, "rebuild"); out.stdout != "Rebuilt from 60 stored orders: 0 rows changed, no published number "+
		"changed\n" {
		t.Errorf("rebuild says %q", out.stdout)
	}
	if err := s.server.World().Vanish(s.server.World().Oracle().OrderIDs[7]); err != nil {
		t.Fatal(err)
	}
	if out := s.must(0, "reconcile"); !strings.Contains(out.stdout, "1 vanished") {
		t.Errorf("reconcile says\n%s", out.stdout)
	}
	checkSold(s)
	const modes = "SELECT arrayStringConcat(arraySort(groupUniqArray(mode)), ' ') FROM meta_job_runs WHERE mode != ''"
	if got := s.sql(modes); got != "backfill rebuild reconcile" {
		t.Errorf("modes in the ledger: %s", got)
	}
}
