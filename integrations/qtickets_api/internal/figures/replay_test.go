package figures_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// recorded is a request of DataLens (control-api and data-api 0.2745) as it came on 27 November 2026 for a
// connection, 9 datasets and the 18 charts of the guide of that time: settings and SQL. It holds nobody's data, so it
// lies here.
type recorded struct {
	Params map[string]string
	SQL    string
}

const recordedRequests, recordedCharts = 56, 18

// before the end of the sales are the days asked for, whole ones that have sales.
const before = 3

// forBI are the names that changed on purpose: when it was recorded datasets were made of the facts, whose money is
// Decimal, and now they are made of the views for BI. The facts answer these requests too: that is what is compared.
var forBI = strings.NewReplacer("fact_qtickets_", "v_qtickets_", "meta_job_runs", "v_qtickets_runs")

// exact are the two views that had been for BI then, without the views.
var exact = strings.NewReplacer(
	"zakaz.v_qtickets_sales_dashboard", `(
		SELECT * FROM zakaz.batch_sales_dashboard WHERE batch = (SELECT batch FROM zakaz.batch_published))`,
	"zakaz.v_qtickets_pacing", `(
		SELECT show_id, days_left, sum(sum(n)) OVER (PARTITION BY show_id ORDER BY days_left DESC) AS sold
		FROM
		(
			SELECT show_id, days_left, tickets - refunded_tickets AS n FROM zakaz.fact_qtickets_movements
			UNION ALL
			SELECT DISTINCT show_id, greatest(0, show_date - toDate(as_of)), 0
			FROM zakaz.fact_qtickets_movements CROSS JOIN zakaz.batch_published
		)
		WHERE isNotNull(days_left)
		GROUP BY show_id, days_left)`,
	// a quotient of Decimals has two digits
	"sumIf(t1.sold_revenue, NOT isNull(t1.possible_revenue)) / max(t1.possible_revenue)",
	"toFloat64(sumIf(t1.sold_revenue, NOT isNull(t1.possible_revenue))) / toFloat64(max(t1.possible_revenue))")

// relative are the filters that the guide says instead of those by a relative date, whose days DataLens takes in UTC.
var relative = strings.NewReplacer(
	"t1.day BETWEEN toDate32('2026-10-03') AND toDate32('2026-11-27')", "t1.days_ago BETWEEN 0 AND 55",
	"t1.day BETWEEN toDate32('2026-10-31') AND toDate32('2026-11-27')", "t1.days_ago BETWEEN 0 AND 27",
	"t1.day = toDate32('2026-11-27')", "t1.is_today = 1",
	"t1.started_at > toDateTime('2026-11-26T04:17:25')", "t1.hours_ago < 24",
	"t1.cancelled = 0 AND t1.finish_at > toDateTime('2026-11-27T04:17:25')", "t1.is_coming = 1")

// on says the recorded filters for another moment, in the days of Moscow, and what is coming as the page does.
func on(moment, asOf time.Time, sql string) string {
	day := func(ago int) string { return sales.Day(moment.AddDate(0, 0, -ago)) }
	return strings.NewReplacer("2026-10-03", day(55), "2026-10-31", day(27), "2026-11-27')", day(0)+"')",
		"t1.started_at > toDateTime('2026-11-26T04:17:25')",
		fmt.Sprintf("t1.started_at > fromUnixTimestamp(%d)", moment.Add(-24*time.Hour).Unix()),
		"t1.finish_at > toDateTime('2026-11-27T04:17:25')",
		fmt.Sprintf("ifNull(ifNull(t1.finish_at, t1.start_at) > fromUnixTimestamp64Milli(%d), 1)", asOf.UnixMilli()),
	).Replace(sql)
}

func recordings(t *testing.T) (requests []recorded) {
	t.Helper()
	text, err := os.ReadFile("testdata/datalens_requests.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var r recorded
		if err := decoder.Decode(&r); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		requests = append(requests, r)
	}
	if len(requests) != recordedRequests {
		t.Fatalf("%d requests were recorded, not %d", len(requests), recordedRequests)
	}
	return requests
}

// answer is what DataLens gets, the rows as sorted text and each column as "name type".
type answer struct{ rows, columns []string }

// ask sends SQL with the settings of a request, as DataLens does: a POST as its user.
func (l *lab) ask(r recorded, sql string) answer {
	l.Helper()
	c := testkit.As(l, l.config, embedded.Reader)
	parameters := url.Values{}
	for name, value := range r.Params {
		parameters.Set(name, strings.ReplaceAll(value, "zakaz", c.Database))
	}
	request, err := http.NewRequestWithContext(l.Context(), http.MethodPost,
		fmt.Sprintf("http://%s:%d/?%s", c.Host, c.Port, parameters.Encode()),
		strings.NewReader(strings.ReplaceAll(sql, "zakaz.", c.Database+".")))
	l.must(err)
	request.SetBasicAuth(c.User, c.Password)
	response, err := http.DefaultClient.Do(request)
	l.must(err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	l.must(err)
	if response.StatusCode != http.StatusOK {
		l.Fatalf("%s\n%s", sql, body)
	}
	var got struct {
		Meta []struct{ Name, Type string }
		Data [][]any
	}
	l.must(json.Unmarshal(body, &got))
	var a answer
	for _, row := range got.Data {
		texts := make([]string, len(row))
		for i, value := range row {
			texts[i] = "—"
			if value != nil {
				texts[i] = cells(value)
			}
		}
		a.rows = append(a.rows, strings.Join(texts, " | "))
	}
	slices.Sort(a.rows)
	for _, column := range got.Meta {
		a.columns = append(a.columns, column.Name+" "+column.Type)
	}
	return a
}

// setClock says what time it is for the views for BI.
func (l *lab) setClock(now time.Time) {
	l.Helper()
	conn := testkit.Raw(l, testkit.As(l, l.config, embedded.Admin))
	l.must(conn.Exec(l.Context(), fmt.Sprintf("CREATE OR REPLACE VIEW batch_now SQL SECURITY DEFINER AS "+
		"SELECT toDateTime(%d, 'Europe/Moscow') AS now, toDate(now) AS today", now.Unix())))
}

// TestReplayOfDataLens sends what DataLens sent, word for word, and then with the names of today's datasets: the same
// rows, which are those of the exact facts.
func TestReplayOfDataLens(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 4, Orders: 1500, Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	testkit.CheckFacts(t, testkit.As(t, l.config, embedded.Reader), l.world)
	now := time.Now().AddDate(0, 0, -before)
	asOf := l.filter().Version.AsOf
	charts := 0
	for _, r := range recordings(t) {
		switch renamed := forBI.Replace(r.SQL); {
		case strings.Contains(r.SQL, "select 1 "), strings.Contains(r.SQL, "EXISTS TABLE"):
			l.same(r.SQL, []string{"1.0000"}, l.ask(r, r.SQL).rows)
			l.same(renamed, []string{"1.0000"}, l.ask(r, renamed).rows)
		case strings.Contains(r.SQL, "timezone()"):
			l.same(r.SQL, []string{"Europe/Moscow"}, l.ask(r, r.SQL).rows)
		case strings.Contains(r.SQL, "version()"), strings.Contains(r.SQL, "`tables`"):
			if len(l.ask(r, r.SQL).rows) == 0 {
				t.Errorf("%s: nothing", r.SQL)
			}
		case strings.Contains(r.SQL, "DESCRIBE TABLE"):
			l.describes(r, r.SQL, renamed)
		default:
			charts++
			sql := on(now, asOf, r.SQL)
			want := l.ask(r, exact.Replace(sql)).rows
			if len(want) == 0 {
				t.Errorf("nothing to compare with: %s", sql)
			}
			l.same(sql, want, l.ask(r, sql).rows)
			l.same(forBI.Replace(sql), want, l.ask(r, forBI.Replace(sql)).rows)
		}
	}
	if charts != recordedCharts {
		t.Errorf("%d charts, want %d", charts, recordedCharts)
	}
	l.previews(recordings(t)[recordedRequests-1])
}

// previews: all of what DataLens finds listed can be looked at, with the settings of a request of rows.
func (l *lab) previews(r recorded) {
	l.Helper()
	views := testkit.Rows(l, testkit.As(l, l.config, embedded.Reader), "SHOW TABLES")
	for _, row := range views {
		if len(l.ask(r, fmt.Sprintf("SELECT * FROM zakaz.%s AS t1 LIMIT 1000", row[0])).rows) == 0 {
			l.Errorf("nothing in %s", row[0])
		}
	}
	if len(views) != 14 {
		l.Errorf("%d tables are listed: %v", len(views), views)
	}
}

func (l *lab) same(sql string, want, got []string) {
	l.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		l.Errorf("%s (-facts +DataLens):\n%s", sql, diff)
	}
}

// describes: a view for BI has the columns that its fact has, of those DataLens read, and none of a type that it
// divides wrongly.
func (l *lab) describes(r recorded, fact, view string) {
	l.Helper()
	columns := func(sql string) (names []string) {
		for _, row := range l.ask(r, sql).rows {
			name, rest, _ := strings.Cut(row, " | ")
			names = append(names, name)
			if sql == view && strings.Contains(rest, "Decimal") {
				l.Errorf("%s: %s", sql, row)
			}
		}
		return names
	}
	has := columns(view)
	for _, name := range columns(fact) {
		// The view of the runs leaves out what no chart shows.
		if !slices.Contains(has, name) && !strings.Contains(view, "v_qtickets_runs") {
			l.Errorf("%s lacks %s", view, name)
		}
	}
}

// TestReplayAroundMidnight: with the filters of the guide the recorded charts show the days of Moscow at any moment,
// also while the day in UTC is another one.
func TestReplayAroundMidnight(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 4, Orders: 1500, Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	asOf := l.filter().Version.AsOf
	year, month, day := time.Now().UTC().AddDate(0, 0, -before).Date()
	runs, at := ledger.New(testkit.Open(t, l.config)), func(hour, minute, second int) time.Time {
		return time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	}
	for i := range 100 { // every half an hour
		started := at(-30, 29+30*i, 59)
		l.must(runs.Save(t.Context(), ledger.Run{ID: fmt.Sprint("of old ", i), Status: ledger.OK, Mode: "increment",
			StartedAt: started, FinishedAt: &started, OrdersRead: uint64(i)}))
	}
	todays := map[string]bool{}
	for _, moment := range []time.Time{
		at(20, 59, 0), at(20, 59, 59), at(21, 0, 0), at(21, 0, 1), at(23, 59, 59), at(24, 1, 0),
	} {
		l.setClock(moment)
		for _, r := range recordings(t) {
			if sql := relative.Replace(r.SQL); sql != r.SQL {
				want := l.ask(r, exact.Replace(on(moment, asOf, r.SQL))).rows
				if strings.Contains(sql, "t1.hour") && strings.Contains(sql, "is_today") {
					todays[fmt.Sprint(want)] = true
				}
				l.same(fmt.Sprintln(moment, forBI.Replace(sql)), want, l.ask(r, forBI.Replace(sql)).rows)
			}
		}
	}
	if len(todays) != 2 { // of the day before midnight and of the day after it
		t.Errorf("hours of the day at six moments: %v", todays)
	}
}

// TestDivisionByNothing: the quotient of two sums of money where one of the groups has 0 is NULL to DataLens in that
// group, and not the end of the chart, as it was with the facts.
func TestDivisionByNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 4, Orders: 300, Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	requests := recordings(t)
	r := requests[len(requests)-1]
	quotient := func(a, b string) string {
		return "SELECT t1.day AS res_0, sum(t1." + a + ") / sum(t1." + b + ") AS res_1, sum(t1." + b +
			") = 0 AS res_2 FROM zakaz.v_qtickets_movements AS t1 GROUP BY res_0 LIMIT 1000001"
	}
	for _, sql := range []string{
		quotient("gross_revenue", "refunded_revenue"), quotient("refunded_revenue", "refunded_revenue"),
		quotient("tickets", "refunded_tickets"), quotient("gross_revenue", "tickets_free"),
	} {
		nothing := 0
		for _, row := range l.ask(r, sql).rows {
			parts := strings.Split(row, " | ")
			if (parts[1] == "—") != (parts[2] == "1.0000") {
				t.Errorf("%s: %s", sql, row)
			}
			if parts[1] == "—" {
				nothing++
			}
		}
		if nothing == 0 {
			t.Errorf("no group of 0: %s", sql)
		}
	}
	c := testkit.As(t, l.config, embedded.Reader)
	exact := strings.NewReplacer("zakaz.", c.Database+".", "v_qtickets", "fact_qtickets")
	err := testkit.Raw(t, c).Exec(t.Context(), exact.Replace(quotient("gross_revenue", "refunded_revenue")))
	if err == nil {
		t.Error("facts can be divided too: docs/datalens.md warns of it")
	}
}
