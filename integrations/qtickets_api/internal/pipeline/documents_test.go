package pipeline_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../../../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDataLensFormulas runs the SQL under every formula of docs/datalens.md as the user DataLens logs in as. That the
// answers are those of the page is a test of internal/figures.
func TestDataLensFormulas(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 300, Now: time.Now().Add(-time.Hour)}))
	l.mustSync()
	blocks := inBlock.FindAllStringSubmatch(document(t, "datalens.md"), -1)
	for _, b := range blocks {
		if got := l.asPrinted(embedded.Reader, b[1]); strings.Contains(got, "Exception") || strings.Contains(got, "nan") ||
			strings.Contains(got, "inf") {
			t.Errorf("%s answers %q", b[1], got)
		}
	}
	if len(blocks) < 6 {
		t.Errorf("only %d formulas", len(blocks))
	}
	share := l.asPrinted(embedded.Reader,
		"SELECT sum(refunded_revenue) / sum(gross_revenue) = sum(toFloat64(refunded_revenue)) / "+
			"sum(toFloat64(gross_revenue)) FROM zakaz.fact_qtickets_sales_daily")
	if share != "0" {
		t.Error("a quotient of Decimals is exact now: docs/datalens.md warns of it")
	}
}

// TestOperations follows docs/operations.md with the statements it prints: rolls a publication back and forgets a
// buyer.
func TestOperations(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 6, Orders: 300, Now: time.Now().Add(-time.Hour)})
	l := newLab(t, world)
	key := func(key string) func(*pipeline.Options) {
		return func(o *pipeline.Options) { o.BuyerKey = []byte(key) }
	}
	l.stopMerges()
	l.mustSync(key("one"))
	const published = "SELECT argMax(batch, seq) FROM zakaz.publish"
	first := l.asPrinted(embedded.Admin, published)
	world.Advance(30 * time.Minute)
	l.mustSync(key("one"))

	var statements []string
	for _, m := range inCommand.FindAllStringSubmatch(document(t, "operations.md"), -1) {
		statements = append(statements, m[2])
	}
	if n := strings.Count(document(t, "operations.md"), `-q "`); n != len(statements) {
		t.Fatalf("the document prints %d statements, %d were understood", n, len(statements))
	}
	run := func(part string, values ...string) string {
		t.Helper()
		for _, s := range statements {
			if strings.Contains(s, part) {
				got := l.asPrinted(embedded.Admin, strings.NewReplacer(values...).Replace(s))
				if strings.Contains(got, "Exception") {
					t.Errorf("%s: %s", s, got)
				}
				return got
			}
		}
		t.Fatalf("docs/operations.md prints nothing with %q", part)
		return ""
	}
	if got := run("meta_job_runs"); !strings.Contains(got, "\tok\t") {
		t.Error("last run: ", got)
	}
	run("'rollback'")
	if got := l.asPrinted(embedded.Admin, published); got != first {
		t.Errorf("published is %s, before the last run it was %s", got, first)
	}
	if got := run("ORDER BY seq DESC LIMIT 3"); !strings.Contains(strings.Split(got, "\n")[0], "rollback") {
		t.Error("publications: ", got)
	}
	if got := run("formatReadableSize"); !strings.Contains(got, "state_orders") {
		t.Error("sizes: ", got)
	}

	order := l.asPrinted(embedded.Admin, "SELECT max(order_id) FROM zakaz.state_orders WHERE buyer_hash != ''")
	buyer := run("SELECT buyer_hash", "<номер_заказа>", order)
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(buyer) {
		t.Fatalf("buyer of order %s: %q", order, buyer)
	}
	before := l.asPrinted(embedded.Admin, "SELECT sum(revenue), count() FROM zakaz.stg_qtickets_api_orders_raw")
	run("UPDATE buyer_hash", "<buyer_hash>", buyer)
	if got := run("SELECT count()", "<buyer_hash>", buyer); got != "0" {
		t.Errorf("%s rows still name the buyer", got)
	}
	l.mustSync(key("one"), func(o *pipeline.Options) { o.Mode = pipeline.ModeReconcile })
	if got := run("SELECT count()", "<buyer_hash>", buyer); got != "0" {
		t.Errorf("reading the unchanged orders again brings the buyer back in %s rows", got)
	}
	if after := l.asPrinted(embedded.Admin,
		"SELECT sum(revenue), count() FROM zakaz.stg_qtickets_api_orders_raw"); after != before {
		t.Errorf("forgetting a buyer changes the sales from %s to %s", before, after)
	}
	l.mustSync(func(o *pipeline.Options) { o.Mode = pipeline.ModeReconcile }) // without a key
	run("OPTIMIZE TABLE")
	if got := l.asPrinted(embedded.Admin, "SELECT countIf(buyer_hash != '') FROM zakaz.state_orders"); got != "0" {
		t.Errorf("%s rows still name a buyer after the key went and everything was read again", got)
	}
	run("DROP DATABASE")
}
