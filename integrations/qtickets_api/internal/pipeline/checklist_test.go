package pipeline_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestChecklistStatements runs every SQL statement of the deployment checklist word for word, as the
// user it names and over plain HTTP, after refunds and repeated loads. The box office says what is right.
func TestChecklistStatements(t *testing.T) {
	t.Parallel()
	l := newSoldLab(t)
	statements := checklist(t)
	checks := l.checklistChecks()
	for _, s := range statements {
		right, known := checks[s.step]
		if !known {
			t.Errorf("step %s: nobody says what is right", s.step)
			continue
		}
		delete(checks, s.step)
		if got := l.asPrinted(s.user, s.sql); !right(got) {
			t.Errorf("step %s: the statement answers\n%s", s.step, got)
		}
	}
	for step := range checks {
		t.Errorf("step %s: not in testdata/checklist.sql", step)
	}
	for i, check := range strings.Split(strings.TrimSpace(warehouse.SQL("smoke_checks")), ";") {
		if check = strings.TrimSpace(check); check == "" || strings.Contains(check, "\nSET\n") { // of the session
			continue
		}
		got := l.asPrinted(embedded.Admin, check)
		// The run made to fail is the last one: that line alone must say so.
		if status := strings.Split(got, "\t"); len(status) != 4 || status[1] != "ok" && status[0] != "last finished run" &&
			status[0] != "orders keep the rules of the source" {
			t.Errorf("step 9, smoke check %d: %s", i+1, got)
		}
	}
}

// newSoldLab is a warehouse after refunds, silent changes, repeated loads and a failed run.
func newSoldLab(t *testing.T) *lab {
	t.Helper()
	world := simulator.NewWorld(simulator.WorldOptions{
		Seed: 3, Orders: 800, Now: time.Now().Add(-time.Hour), SingleCurrency: true,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true},
	})
	l := newLab(t, world)
	l.stopMerges() // old versions stay beside the new ones: only FINAL keeps them apart
	l.mustSync()
	for _, id := range world.Oracle().OrderIDs[700:] {
		_ = world.Refund(id, nil, simulator.FullAmount) // refused for orders that are not paid
	}
	world.SilentUpdate()
	world.Advance(30 * time.Minute)
	l.mustSync()
	l.mustSync()
	l.failedRun("it fell over")
	checkFacts(l)
	return l
}

// checklistChecks check what a person sees, by step.
func (l *lab) checklistChecks() map[string]func(got string) bool {
	l.Helper()
	today := sales.Day(time.Now())
	cells, week := 0, map[string]int64{}
	from := sales.Day(time.Now().AddDate(0, 0, -7))
	for key, s := range l.world.Oracle().SalesDaily {
		if key.Day == today {
			cells++
		}
		if key.Day >= from {
			week[key.Day] += s.Revenue
		}
	}
	is := func(want any) func(string) bool { return func(got string) bool { return got == fmt.Sprint(want) } }
	holds := func(parts ...string) func(string) bool {
		return func(got string) bool {
			return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(got, p) })
		}
	}
	latest := l.text("SELECT toString(max(assumeNotNull(sale_ts))) FROM state_orders FINAL WHERE isNotNull(sale_ts)")
	rights := holds("GRANT SELECT, INSERT ON zakaz.state_* TO etl_writer",
		"GRANT SELECT, INSERT, ALTER DELETE ON zakaz.store_* TO etl_writer")
	return map[string]func(string) bool{
		"3 tables": holds("stg_qtickets_api_orders_raw", "stg_qtickets_api_inventory_raw", "fact_qtickets_sales_daily",
			"fact_qtickets_inventory_latest", "v_qtickets_sales_dashboard"),
		"3 rights": rights,
		"8 new orders": is(l.text("SELECT toString(countIf(assumeNotNull(sale_ts) > now() - 86400)) FROM state_orders " +
			"FINAL WHERE isNotNull(sale_ts)")),
		"8 freshness":  is(latest),
		"8 facts":      is(cells),
		"8 seats":      is(len(l.inventory())),
		"10 dashboard": is(len(l.world.Oracle().ShowIDs)), // one currency: a row per show
		"10 tables": holds("v_qtickets_pacing\nv_qtickets_plan\nv_qtickets_refunds_daily\nv_qtickets_runs\n",
			"v_qtickets_sales_dashboard"),
		"11 ledger": func(got string) bool {
			return strings.Count(got, "\n") == 3 && strings.Count(got, "qtickets_api\tok\t") == 3 && strings.Contains(got,
				"it fell over")
		},
		"troubleshooting, rights":     rights,
		"troubleshooting, connection": is(1),
		"daily 1 freshness":           is(fmt.Sprintf("%s\t%d", latest, daysBetween(latest[:10], today))),
		"daily 2 failed runs": func(got string) bool {
			return strings.Count(got, "\n") == 0 && strings.Contains(got,
				"it fell over")
		},
		"daily 3 volumes": func(got string) bool { return sameVolumes(got, week) },
	}
}

func daysBetween(from, to string) int {
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	return int(b.Sub(a).Hours() / 24)
}

// sameVolumes compares lines of day, orders and revenue with kopecks by day.
func sameVolumes(got string, want map[string]int64) bool {
	lines := strings.Split(got, "\n")
	for _, line := range lines {
		var day, orders, revenue string
		if n, _ := fmt.Sscan(line, &day, &orders, &revenue); n != 3 || orders == "0" {
			return false
		}
		if testkit.Kopecks(decimal.RequireFromString(revenue)) != want[day] {
			return false
		}
	}
	return len(lines) >= len(want)
}

// stopMerges keeps ClickHouse from tidying up the state tables in the background.
func (l *lab) stopMerges() {
	l.Helper()
	conn := testkit.Raw(l, testkit.As(l, l.config, embedded.Admin))
	for _, table := range []string{"state_orders", "state_events", "state_shows", "state_inventory",
		"state_inventory_seen", "state_job_runs"} {
		err := conn.Exec(l.Context(), "ALTER TABLE "+table+
			" MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1")
		if err != nil {
			l.Fatal(err)
		}
	}
}

func (l *lab) text(sql string) string {
	l.Helper()
	return l.rows(sql)[0][0].(string)
}

// failedRun leaves a failed run in the ledger.
func (l *lab) failedRun(message string) {
	l.Helper()
	now := time.Now()
	run := ledger.Run{ID: "failed", Status: ledger.Failed, StartedAt: now, FinishedAt: &now, Message: message}
	if err := ledger.New(l.db).Save(l.Context(), run); err != nil {
		l.Fatal(err)
	}
}

// asPrinted sends a statement as it stands, but for the name of the test's database, to the HTTP
// interface, and returns what a person would see.
func (l *lab) asPrinted(user, sql string) string {
	l.Helper()
	c := testkit.As(l, l.config, user)
	sql = strings.ReplaceAll(sql, "zakaz", c.Database)
	request, err := http.NewRequestWithContext(l.Context(), http.MethodPost,
		fmt.Sprintf("http://127.0.0.1:%d/", testkit.Engine(l).HTTPPort()), strings.NewReader(sql))
	if err != nil {
		l.Fatal(err)
	}
	request.SetBasicAuth(c.User, c.Password)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		l.Fatal(err)
	}
	return strings.ReplaceAll(strings.TrimSuffix(string(text), "\n"), c.Database, "zakaz")
}
