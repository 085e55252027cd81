package cli_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestCheck follows a database from empty to loaded to damaged. Each damage is one that a mistake outside
// the loader can make.
func TestCheck(t *testing.T) {
	t.Parallel()
	world := smallWorld(8)
	sellAndRefund(t, world)
	s := newShell(t, world, testkit.Database(t))
	out := s.must(1, "check")
	wantLine(t, out.stdout, "✗ data is fresh", "no good load yet")
	wantLine(t, out.stdout, "✗ dashboard view holds data", "0 shows")

	s.must(0, "sync")
	out = s.must(0, "check")
	wantLine(t, out.stdout, "✓ facts equal the orders", "tickets")
	if strings.Contains(out.stdout, "✗") {
		t.Errorf("exit code 0 with a failed check:\n%s", out.stdout)
	}

	s.sql(`INSERT INTO store_sales_daily SELECT * REPLACE (tickets_sold + 1 AS tickets_sold, 0 AS gross_tickets)
		FROM store_sales_daily WHERE batch = (SELECT argMax(batch, seq) FROM publish) LIMIT 1`)
	out = s.must(1, "check")
	wantLine(t, out.stdout, "✗ facts equal the orders", "tickets")
	wantLine(t, out.stdout, "✗ dashboard equals the facts", "tickets")

	s.sql(`INSERT INTO store_refunds_daily SELECT * REPLACE (refunded_tickets + 1 AS refunded_tickets)
		FROM store_refunds_daily WHERE batch = (SELECT argMax(batch, seq) FROM publish) LIMIT 1`)
	wantLine(t, s.must(1, "check").stdout, "✗ refunds equal the sales", "by refund day")

	s.sql(`INSERT INTO state_job_runs SELECT * REPLACE (version + 1 AS version, orders_total + 5 AS orders_total)
		FROM state_job_runs FINAL WHERE orders_total > 0`)
	wantLine(t, s.must(1, "check").stdout, "! no order of QTickets is missing", "at the last complete load")

	s.must(0, "sync") // publishes anew from the state
	s.must(0, "check")

	s.sql("DROP VIEW v_qtickets_sales_dashboard")
	out = s.must(1, "check")
	wantLine(t, out.stdout, "✗ tables exist", "of")
	wantLine(t, out.stdout, "✗ check", "could not run")
	checkJSON(s)

	s.as(embedded.Admin).must(0, "migrate")
	s.must(0, "check")
}

// sellAndRefund sells an order and takes it back. A small world has refunds of its own on most days, not on all.
func sellAndRefund(t *testing.T, world *simulator.World) {
	t.Helper()
	id, err := world.CreateOrder(simulator.NewOrder{FullPrice: true})
	if err == nil {
		err = world.Pay(id)
	}
	if err == nil {
		err = world.Refund(id, nil, simulator.FullAmount)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// checkJSON: the verdicts for programs are the same, a check that cannot run has failed.
func checkJSON(s *shell) {
	s.Helper()
	var verdicts []warehouse.Verdict
	out := s.must(1, "check", "--json")
	if err := json.Unmarshal([]byte(out.stdout), &verdicts); err != nil {
		s.Fatalf("%v\n%s", err, out.stdout)
	}
	status := map[string]string{}
	couldNotRun := 0
	for _, v := range verdicts {
		status[v.Check] = v.Status
		if v.Status == "fail" && strings.HasPrefix(v.Found, "could not run") {
			couldNotRun++
		}
	}
	if couldNotRun != 2 || status["tables exist"] != "fail" || status["no duplicates in staging"] != "ok" {
		s.Errorf("verdicts: %+v", verdicts)
	}
}

// wantLine demands a line with both parts.
func wantLine(t *testing.T, text, start, part string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.Contains(line, start) && strings.Contains(line, part) {
			return
		}
	}
	t.Errorf("no line with %q and %q in:\n%s", start, part, text)
}

// TestMigrate: once, twice and over data; the rows stay.
func TestMigrate(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(9), testkit.EmptyDatabase(t))
	admin := s.as(embedded.Admin)
	for range 2 {
		out := admin.must(0, "migrate")
		if want := "The schema of database " + s.db.Database + " is up to date.\n"; out.stdout != want {
			t.Errorf("migrate says %q, want %q", out.stdout, want)
		}
	}
	s.must(0, "sync")
	before := s.contents()
	admin.must(0, "migrate")
	if diff := cmp.Diff(before, s.contents()); diff != "" {
		t.Errorf("a migration over data changed rows and checksums of tables (-before +after):\n%s", diff)
	}
	s.must(0, "check")
	if report := s.syncJSON(); report.RowsInserted != 0 {
		t.Errorf("the load after a repeated migration wrote %d rows again", report.RowsInserted)
	}
}

// TestMigratePrint: what the program would run is what the operator pipes by hand, to the byte.
func TestMigratePrint(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("../../../../infra/clickhouse/migrations/2025-qtickets-api-final.sql")
	if err != nil {
		t.Fatal(err)
	}
	out := bare(t, "migrate", "--print")
	if out.code != 0 || out.stdout != string(file) || out.stderr != "" {
		t.Errorf("migrate --print: exit code %d, %d bytes, the file has %d\n%s", out.code, len(out.stdout), len(file),
			out.stderr)
	}
}
