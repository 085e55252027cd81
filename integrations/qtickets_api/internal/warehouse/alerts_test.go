package warehouse_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// intoPublish begins a statement that publishes.
const intoPublish = "INSERT INTO publish (seq, batch, as_of, published_at, run_id) "

var alertLimits = warehouse.AlertLimits{NoData: 2 * time.Hour, FailedShare: 5, OrdersDrop: 50}

// alertRoom is a database in which tests put rows by hand, to see what the rules say of them.
type alertRoom struct {
	testing.TB
	config warehouse.Config
	db     *warehouse.DB
}

func newAlertRoom(t testing.TB) *alertRoom {
	t.Helper()
	c := testkit.Database(t)
	return &alertRoom{TB: t, config: c, db: testkit.Open(t, c)}
}

func (a *alertRoom) exec(statements ...string) {
	a.Helper()
	conn := raw(a, testkit.As(a, a.config, embedded.Admin))
	for _, s := range statements {
		if err := conn.Exec(a.Context(), s); err != nil {
			a.Fatalf("%s: %v", s, err)
		}
	}
}

// findings are those of a rule; several are told apart by their subjects.
func (a *alertRoom) findings(rule string) []warehouse.AlertFinding {
	a.Helper()
	var found []warehouse.AlertFinding
	for _, f := range a.db.AlertFindings(a.Context(), alertLimits) {
		if f.Rule == rule {
			if f.Err != nil {
				a.Fatalf("%s: %v", rule, f.Err)
			}
			found = append(found, f)
		}
	}
	return found
}

func (a *alertRoom) want(rule, verdict string, facts ...string) {
	a.Helper()
	found := a.findings(rule)
	if len(found) != 1 || found[0].Verdict != verdict {
		a.Errorf("%s: %+v, want %s", rule, found, verdict)
		return
	}
	for i := 0; i < len(facts); i += 2 {
		if got := found[0].Facts[facts[i]]; got != facts[i+1] {
			a.Errorf("%s: %s is %q, want %q", rule, facts[i], got, facts[i+1])
		}
	}
	if verdict == "firing" && found[0].Since == nil {
		a.Errorf("%s fires and does not say since when", rule)
	}
}

// TestAlertsOfAnEmptyDatabase: right after the schema was applied nothing is wrong yet.
func TestAlertsOfAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	for _, f := range a.db.AlertFindings(t.Context(), alertLimits) {
		if f.Err != nil || f.Verdict != "quiet" {
			t.Errorf("%+v", f)
		}
	}
	for _, rule := range warehouse.AlertRules {
		if len(a.findings(rule)) != 1 {
			t.Errorf("%s does not answer", rule)
		}
	}
}

// TestAlertThatCannotBeAsked: the other rules answer all the same.
func TestAlertThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	a.exec("DROP TABLE state_quarantine")
	for _, f := range a.db.AlertFindings(t.Context(), alertLimits) {
		if broken := f.Rule == "quarantine"; broken != (f.Err != nil) {
			t.Errorf("%s: %v", f.Rule, f.Err)
		}
	}
}

func published(hoursAgo string) string {
	return intoPublish + "SELECT toUnixTimestamp64Nano(now64(9)), 1, now64(3) - INTERVAL " + hoursAgo +
		", now64(3), 'r'"
}

func TestAlertNoData(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	a.exec(ledgerLine("r0", "running", "", "150 MINUTE", "1 SECOND"))
	a.want("no_data", "firing", "as_of", "-", "age", "2:30", "limit", "2:00") // a first load that does not end
	a.exec(published("119 MINUTE"))
	a.want("no_data", "quiet", "age", "1:59")
	a.exec(published("121 MINUTE")) // rolled back to an older publication
	a.want("no_data", "firing", "age", "2:01")
	a.exec(published("1 MINUTE"))
	a.want("no_data", "quiet")
}

// ledgerLine is a line of the run ledger that began and beat so long ago; finished lines end with the beat.
func ledgerLine(id, status, class, began, beat string) string {
	return strings.NewReplacer("ID", id, "STATUS", status, "CLASS", class, "BEGAN", began, "BEAT", beat).Replace(
		`INSERT INTO state_job_runs (job, run_id, version, status, mode, started_at, heartbeat_at, finished_at, host, error_class, message)
		SELECT 'qtickets_api', 'ID', 1, 'STATUS', if('CLASS' = 'rebuild', 'rebuild', 'increment'),
			now64(3) - INTERVAL BEGAN, now64(3) - INTERVAL BEAT,
		if('STATUS' = 'running', NULL, now64(3) - INTERVAL BEAT), 'example.test', 'CLASS', 'what ID says'`)
}

func TestAlertFailedRuns(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	a.exec(ledgerLine("old1", "failed", "other", "26 HOUR", "25 HOUR"), ledgerLine("old2", "failed", "other", "26 HOUR",
		"25 HOUR"))
	a.exec(ledgerLine("f1", "failed", "other", "5 HOUR", "5 HOUR"))
	a.want("failed_runs", "quiet", "failed", "1", "ended", "1")
	a.exec(ledgerLine("busy", "failed", "busy", "1 HOUR", "1 HOUR"), ledgerLine("again", "failed", "rebuild", "1 HOUR",
		"1 HOUR"))
	a.exec(ledgerLine("going", "running", "", "1 HOUR", "9 MINUTE"))
	a.want("failed_runs", "quiet", "failed", "1", "ended", "1")
	a.exec(ledgerLine("f2", "running", "", "3 HOUR", "11 MINUTE"))
	a.want("failed_runs", "firing", "failed", "2", "ended", "2", "share", "100", "limit", "5", "last",
		"run f2 fell silent")
	a.exec(`INSERT INTO state_job_runs (job, run_id, version, status, mode, started_at, heartbeat_at, finished_at)
		SELECT 'qtickets_api', concat('ok', toString(number)), 1, if(number % 2, 'ok', 'partial'), 'increment', now64(3), now64(3), now64(3) FROM numbers(37)`)
	a.want("failed_runs", "firing", "failed", "2", "ended", "39", "share", "5.1")
	a.exec(ledgerLine("ok38", "ok", "", "1 HOUR", "1 HOUR"))
	a.want("failed_runs", "quiet", "share", "5")
}

// TestFault5_AlertPartialRuns: loads that leave something out are told from the second in a row; a failed one between
// them changes nothing, a whole one ends it.
func TestFault5_AlertPartialRuns(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	a.exec(ledgerLine("old", "partial", "", "9 HOUR", "9 HOUR"), ledgerLine("whole", "ok", "", "8 HOUR", "8 HOUR"))
	a.exec(ledgerLine("p1", "partial", "", "3 HOUR", "3 HOUR"))
	a.exec(ledgerLine("busy", "failed", "busy", "150 MINUTE", "150 MINUTE"))
	a.want("partial_runs", "quiet", "partial", "1")
	a.exec(ledgerLine("again", "partial", "rebuild", "140 MINUTE", "140 MINUTE"))
	a.want("partial_runs", "quiet", "partial", "1")
	a.exec(ledgerLine("p2", "partial", "", "2 HOUR", "2 HOUR"))
	a.want("partial_runs", "firing", "partial", "2", "last", "what p2 says")
	a.exec(ledgerLine("f", "failed", "other", "1 HOUR", "1 HOUR"))
	a.want("partial_runs", "between", "partial", "2")
	a.exec(ledgerLine("p3", "partial", "", "30 MINUTE", "30 MINUTE"))
	a.exec(ledgerLine("going", "running", "", "9 MINUTE", "1 MINUTE"))
	a.want("partial_runs", "firing", "partial", "3")
	a.exec(ledgerLine("whole2", "ok", "", "1 MINUTE", "1 MINUTE"))
	a.want("partial_runs", "quiet")
}

func TestAlertDeadRun(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	a.exec(ledgerLine("going", "running", "", "5 HOUR", "9 MINUTE"))
	a.want("dead_run", "quiet", "dead", "0")
	a.exec(ledgerLine("silent", "running", "", "5 HOUR", "11 MINUTE"))
	a.want("dead_run", "firing", "dead", "1", "run", "silent", "host", "example.test")
	a.exec(ledgerLine("dead", "failed", "dead", "5 HOUR", "2 HOUR"), ledgerLine("silent", "ok", "", "5 HOUR", "11 MINUTE"))
	a.exec("ALTER TABLE state_job_runs DELETE WHERE run_id = 'silent' SETTINGS mutations_sync = 1")
	a.want("dead_run", "firing", "dead", "1", "run", "dead")
	a.exec(published("1 MINUTE")) // more than an hour later
	a.want("dead_run", "quiet", "dead", "1")
	a.exec(ledgerLine("late", "failed", "dead", "5 HOUR", "59 MINUTE"))
	a.want("dead_run", "firing", "dead", "2", "run", "late")
}

func TestAlertQuarantine(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	a.want("quarantine", "quiet", "rows", "0")
	a.exec("INSERT INTO state_quarantine SELECT 'orders', number, 1, 0, 'r', 'why', now64(3) FROM numbers(1)")
	a.want("quarantine", "firing", "rows", "1")
	a.exec("INSERT INTO state_quarantine SELECT if(number < 2, 'orders', 'events'), number, 2, 0, 'r', 'why', now64(3) " +
		"FROM numbers(3)")
	a.want("quarantine", "firing", "rows", "3", "feeds", "events: 1, orders: 2")
	if level := a.findings("quarantine")[0].Level; level != 3 {
		t.Errorf("level %d, want 3", level)
	}
	a.exec("INSERT INTO state_quarantine SELECT if(number < 2, 'orders', 'events'), number, 3, 1, 'r', 'why', now64(3) " +
		"FROM numbers(3)")
	a.want("quarantine", "quiet", "rows", "0")
}

// TestAlertProbeChange: an API that goes to and fro fires once for each change and not for each run.
func TestAlertProbeChange(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	a.exec(`INSERT INTO state_job_runs (job, run_id, version, status, started_at, probe_change)
		SELECT 'qtickets_api', toString(number), 1, 'ok', now64(3) - INTERVAL number HOUR, multiIf(number = 5, 'old', number % 2, 'away', 'back') FROM numbers(6)`)
	findings := a.findings("probe_change")
	subjects := map[string]bool{}
	for _, f := range findings {
		subjects[f.Subject] = f.Verdict == "firing"
	}
	if len(findings) != 2 || !subjects["away"] || !subjects["back"] {
		t.Errorf("%v, want each change of the last three hours once", findings)
	}
}

// TestAlertAssumption: what the first load of all found is no news; what turned out later fires until it is no longer
// so, and nobody is told of what nothing depends on.
func TestAlertAssumption(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	first := time.Now().Add(-time.Hour)
	save := func(at time.Time, rows ...warehouse.Assumption) {
		if err := a.db.SaveAssumptions(t.Context(), rows, at); err != nil {
			t.Fatal(err)
		}
	}
	row := func(id uint32, state string, alerts bool, since time.Time) warehouse.Assumption {
		return warehouse.Assumption{ID: id, Code: fmt.Sprint("a", id), Assumes: "что-то", AssumesEN: "something",
			State: state, For: 7, Against: 2, Alerts: alerts, Since: since}
	}
	save(first, row(1, "refuted", true, first), row(2, "confirmed", true, first), row(3, "not_seen", false, first))
	a.want("assumption", "quiet")
	now := time.Now()
	save(now, row(2, "refuted", true, now), row(3, "refuted", false, now))
	a.want("assumption", "firing", "assumes", "что-то", "assumes_en", "something", "confirming", "7", "refuting", "2")
	if found := a.findings("assumption"); found[0].Subject != "a2" {
		t.Errorf("%+v", found)
	}
	save(now.Add(time.Second), row(2, "confirmed", true, now))
	a.want("assumption", "quiet")
}

// TestAlertBackups: a backup that is late, a drill that failed or is late; where nobody makes backups nothing is said.
func TestAlertBackups(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	record := func(kind string, good int, ago string) {
		a.exec(fmt.Sprintf("INSERT INTO state_backups (kind, good, finished_at, copy_name) "+
			"SELECT '%s', %d, now64(3) - INTERVAL %s, 'zakaz-2026'", kind, good, ago))
	}
	a.want("backup", "quiet", "good", "-")
	record("backup", 0, "1 MINUTE")
	a.want("backup", "firing", "good", "-")
	record("backup", 1, "51 HOUR")
	a.want("backup", "firing")
	record("backup", 1, "49 HOUR")
	a.want("backup", "quiet")
	a.want("restore_drill", "quiet", "good", "-", "failed", "-")
	record("drill", 1, "14 DAY")
	a.want("restore_drill", "quiet", "failed", "-")
	record("drill", 0, "1 DAY")
	a.want("restore_drill", "firing")
	record("drill", 1, "1 HOUR")
	a.want("restore_drill", "quiet", "failed", "-")

	got, err := a.db.Backups(t.Context())
	if err != nil || len(got) != 2 || got[0].Copy != "zakaz-2026" || got[0].GoodAt == nil || got[0].FailedAt == nil ||
		got[1].GoodAt == nil || got[1].FailedAt != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAlertReconcile: what was touched since the last load is the next load's work and no difference.
func TestAlertReconcile(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	run := func(id, mode, layers, ago string) string {
		return strings.NewReplacer("ID", id, "MODE", mode, "LAYERS", layers, "AGO", ago).Replace(
			`INSERT INTO state_job_runs (job, run_id, version, status, mode, started_at, orders_complete, batch, layers)
			SELECT 'qtickets_api', 'ID', 1, 'ok', 'MODE', now64(3) - INTERVAL AGO, 1, 1, 'LAYERS'`)
	}
	order := func(id, by, created, updated string) string {
		return strings.NewReplacer("ID", id, "BY", by, "CREATED", created, "UPDATED", updated).Replace(
			`INSERT INTO state_orders (order_id, version, run_id, created_at, updated_at)
			SELECT ID, toUnixTimestamp64Nano(now64(9)), 'BY', now() - INTERVAL CREATED, UPDATED`)
	}
	a.exec(run("load", "increment", `[{"layer":"sweep","vanished":9}]`, "30 MINUTE"))
	a.exec(run("compare", "reconcile", `[{"layer":"reconcile","new":1,"changed":1}]`, "20 MINUTE"))
	a.exec(order("1", "compare", "10 DAY", "now() - INTERVAL 25 MINUTE"), order("2", "compare", "25 MINUTE", "NULL"),
		order("3", "load", "10 DAY", "NULL"))
	a.want("reconcile", "quiet", "changed", "0", "vanished", "0")
	a.exec(order("4", "compare", "10 DAY", "now() - INTERVAL 9 DAY"), order("5", "compare", "31 MINUTE", "NULL"))
	a.want("reconcile", "firing", "changed", "2", "vanished", "0", "run", "compare")
	a.exec(run("again", "reconcile", `[{"layer":"reconcile","vanished":3}]`, "10 MINUTE"))
	a.want("reconcile", "firing", "changed", "0", "vanished", "3", "run", "again")
	a.exec(run("last", "reconcile", `[{"layer":"reconcile"}]`, "5 MINUTE"))
	a.want("reconcile", "quiet")
}

// TestAlertOrdersDrop: as of shortly before midnight, or the moment would decide how many orders there are.
func TestAlertOrdersDrop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		today, yesterday int
		weeks            []int // 7, 14 … days ago
		verdict          string
	}{
		{"half is not more than 50 % below", 20, 40, nil, "between"},
		{"below half", 19, 40, nil, "firing"},
		{"a little more than half changes nothing", 23, 40, nil, "between"},
		{"near yesterday", 30, 40, nil, "quiet"},
		{"no sale at all", 0, 40, []int{40, 40, 40, 40}, "firing"},
		{"too few yesterday to tell", 0, 19, nil, "quiet"},
		{"enough yesterday", 0, 20, nil, "firing"},
		{"the day after an on-sale", 30, 400, []int{31, 29, 28, 33}, "quiet"},
		{"a bad day by both", 10, 400, []int{31, 29, 28, 33}, "firing"},
		{"an on-sale a week ago does not count for all weeks", 30, 40, []int{500, 29, 28, 33}, "quiet"},
		{"the shop is two weeks old", 10, 40, []int{15, 60}, "firing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newAlertRoom(t)
			a.exec(intoPublish + "SELECT 1, 1, toStartOfDay(now('Europe/Moscow')) + INTERVAL 1000 MILLISECOND, " +
				"now64(3), 'r'")
			sell(a, 0, c.today, "000")
			sell(a, 1, c.yesterday, "000")
			sell(a, 1, 50, "002") // later yesterday than it is today
			for i, n := range c.weeks {
				sell(a, 7*(i+1), n, "001")
			}
			a.want("orders_drop", c.verdict)
		})
	}
}

// TestAlertOrdersDropOfAnotherDay: stale data tells nothing about today.
func TestAlertOrdersDropOfAnotherDay(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	a.exec(intoPublish + "SELECT 1, 1, toStartOfDay(now('Europe/Moscow')) - INTERVAL 1 MINUTE, now64(3), 'r'")
	sell(a, 2, 400, "000")
	a.want("orders_drop", "between")
}

// sell puts orders into the first seconds of a Moscow day.
func sell(a *alertRoom, daysAgo, n int, second string) {
	a.Helper()
	a.exec(strings.NewReplacer("AGO", strconv.Itoa(daysAgo), "COUNT", strconv.Itoa(n), "SECOND", second).Replace(
		`INSERT INTO state_orders (order_id, version, created_at, sale_ts)
		SELECT cityHash64(AGO, SECOND, number), 1, now(), toStartOfDay(now('Europe/Moscow')) - INTERVAL AGO DAY + toIntervalSecond(SECOND) FROM numbers(COUNT)`))
}

// TestSaveAlerts: a later version of a line replaces the earlier one, for readers too.
func TestSaveAlerts(t *testing.T) {
	t.Parallel()
	a := newAlertRoom(t)
	opened := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	line := warehouse.Alert{ID: "1-no_data", Rule: "no_data", OpenedAt: opened, Level: 2, Text: "what was found"}
	if err := a.db.SaveAlerts(t.Context(),
		[]warehouse.Alert{line, {ID: "2", Rule: "dead_run", OpenedAt: opened}}); err != nil {
		t.Fatal(err)
	}
	ended := opened.Add(time.Minute)
	line.EndedAt, line.NotifiedAt = &ended, &opened
	if err := a.db.SaveAlerts(t.Context(), []warehouse.Alert{line}); err != nil {
		t.Fatal(err)
	}
	rows := testkit.Rows(t, a.config,
		"SELECT rule, assumeNotNull(ended_at), assumeNotNull(told_at), level, text FROM meta_alerts WHERE alert_id = "+
			"'1-no_data'")
	if len(rows) != 1 || !rows[0][1].(time.Time).Equal(ended) || !rows[0][2].(time.Time).Equal(opened) ||
		rows[0][4] != "what was found" {
		t.Errorf("%v", rows)
	}
	if n := len(testkit.Rows(t, a.config, "SELECT alert_id FROM meta_alerts")); n != 2 {
		t.Errorf("%d lines, want 2", n)
	}
	if err := a.db.SaveAlerts(t.Context(), nil); err != nil {
		t.Error("nothing to write is no error: ", err)
	}
}
