package warehouse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// listed is what datalens_reader finds in a list of tables: the views for BI and the names of the checklist.
var listed = []string{
	"fact_qtickets_inventory_latest", "fact_qtickets_sales_daily", "meta_job_runs", "v_qtickets_entries",
	"v_qtickets_inventory_latest",
	"v_qtickets_movements", "v_qtickets_pacing", "v_qtickets_plan", "v_qtickets_refunds_daily", "v_qtickets_runs",
	"v_qtickets_sales_daily", "v_qtickets_sales_dashboard", "v_qtickets_sales_utm_daily", "v_qtickets_zones_latest",
}

// forBI are the views for BI.
func forBI() []string {
	return slices.DeleteFunc(slices.Clone(listed), func(name string) bool { return !strings.HasPrefix(name, "v_") })
}

// TestShortList: every way of listing tables shows the reader the short list, and the rights are those they were.
func TestShortList(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	reader := testkit.As(t, c, embedded.Reader)
	for _, statement := range []string{
		"SHOW TABLES", "SHOW TABLES FROM " + c.Database,
		"SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name",
	} {
		if text, code := post(t, reader, statement+" FORMAT TSV", introspection); code != "" ||
			strings.TrimSpace(text) != strings.Join(listed, "\n") {
			t.Errorf("%s: %s%s", statement, code, text)
		}
	}
	// The engine of the tests takes its users from a file, so what a person pipes is only read here.
	statements := strings.Split(warehouse.SQL("grants"), ";\n")
	_, policy, _ := strings.Cut(statements[len(statements)-2], "CREATE ROW")
	if text, code := post(t, reader, "SELECT formatQuerySingleLine($$CREATE ROW"+policy+"$$)", nil); code != "" ||
		!strings.HasPrefix(text, "CREATE ROW POLICY OR REPLACE") || !strings.HasSuffix(text, " TO datalens_reader") {
		t.Errorf("the row policy is read as %s", text)
	}
	for _, unlisted := range []string{"batch_movements", "fact_qtickets_movements", "dim_events", "meta_alerts"} {
		if text, code := post(t, reader, "SELECT count() FROM "+unlisted, data); code != "" {
			t.Errorf("the page cannot read %s: %s", unlisted, text)
		}
	}
	for _, other := range []string{embedded.Admin, embedded.Loader} {
		if text, _ := post(t, testkit.As(t, c, other), "SHOW TABLES", nil); !strings.Contains(text, "batch_movements") ||
			!strings.Contains(text, "state_orders") {
			t.Errorf("%s is shown %s", other, text)
		}
	}
}

// TestViewsForBI: no column of a view for BI has a type that BI divides wrongly, none has a day or a time that is 1970
// where there is none, and the first sentence of its comment is a title: short, and alone in its view.
func TestViewsForBI(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	titles := map[string]string{}
	for _, row := range testkit.Rows(t, testkit.As(t, c, embedded.Admin), `SELECT table, name, type, comment FROM system.columns
		WHERE database = currentDatabase() AND startsWith(table, 'v_qtickets_') ORDER BY table, position`) {
		view, column, kind := row[0].(string), row[1].(string), row[2].(string)
		title, _, _ := strings.Cut(row[3].(string), ". ")
		if strings.Contains(kind, "Decimal") || strings.HasPrefix(kind, "Date") {
			t.Errorf("%s.%s is %s", view, column, kind)
		}
		if n := len([]rune(title)); n == 0 || n > 26 || strings.HasSuffix(title, ".") {
			t.Errorf("%s.%s has the title %q", view, column, title)
		}
		if other := titles[view+"."+title]; other != "" {
			t.Errorf("%s: %s and %s are both called %q", view, other, column, title)
		}
		titles[view+"."+title] = column
	}
	if len(titles) < 150 {
		t.Errorf("only %d columns", len(titles))
	}
}

// TestViewsForBIOfNothing: before the first publication every view answers what DataLens asks, of nothing: the preview,
// a quotient and the last moment. A plan is there before anything was sold.
func TestViewsForBIOfNothing(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	if text, code := post(t, testkit.As(t, c, embedded.Loader), "INSERT INTO plan_targets (event_id, month, currency_id, "+
		"version, tickets) VALUES (1, toYYYYMM(now('Europe/Moscow')), 'RUB', 1, 10)", nil); code != "" {
		t.Fatal(text)
	}
	reader := testkit.As(t, c, embedded.Reader)
	for _, view := range forBI() {
		rows := 0
		if view == "v_qtickets_plan" {
			rows = 1
		}
		text, code := post(t, reader, "SELECT * FROM "+c.Database+"."+view+" AS t1 LIMIT 1000", data)
		if code != "" || !strings.Contains(text, fmt.Sprintf(`"rows": %d,`, rows)) {
			t.Errorf("%s: %s", view, text)
		}
	}
	const quotient = "sum(refunded_revenue) / sum(gross_revenue)"
	for statement, want := range map[string]string{
		"max(as_of), max(months_ago) FROM v_qtickets_plan":                  "[null, 0]",
		"max(as_of), " + quotient + " FROM v_qtickets_sales_dashboard":      "[null, null]",
		"max(at), max(day), " + quotient + " FROM v_qtickets_movements":     "[null, null, null]",
		"max(snapshot_ts) FROM v_qtickets_zones_latest":                     "[null]",
		"max(snapshot_ts) FROM v_qtickets_inventory_latest":                 "[null]",
		"max(started_at), max(finished_at) FROM v_qtickets_runs":            "[null, null]",
		"max(sales_date), " + quotient + " FROM v_qtickets_sales_daily":     "[null, null]",
		"max(refund_date), " + quotient + " FROM v_qtickets_refunds_daily":  "[null, null]",
		"max(sales_date), " + quotient + " FROM v_qtickets_sales_utm_daily": "[null, null]",
		"max(show_date) FROM v_qtickets_pacing":                             "[null]",
	} {
		if text, code := post(t, reader, "SELECT "+statement, data); code != "" || !strings.Contains(text, want) {
			t.Errorf("%s: want %s: %s", statement, want, text)
		}
	}
}
