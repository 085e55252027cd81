package dashboard

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens/publish"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens/standin"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestPublishedChartsEqualTheCSV: every chart that "datalens publish" makes shows what the CSV of its block says, also
// with a city or an event chosen, on the season of the demo and on random worlds. (That charts equal the blocks
// themselves is in internal/figures.)
func TestPublishedChartsEqualTheCSV(t *testing.T) {
	rules := simulator.RefundRules{MovesUpdatedAt: true}
	worlds := map[string]*simulator.World{
		"the season of the demo": simulator.NewSeason(simulator.WorldOptions{Seed: 5, Orders: 1500, Refunds: rules}),
	}
	for seed := range testkit.Rounds(1, 3) {
		worlds[fmt.Sprint("random world ", seed)] = simulator.NewWorld(simulator.WorldOptions{Seed: 21 + int64(seed),
			Orders: 1000, Refunds: rules})
	}
	for name, world := range worlds {
		t.Run(name, func(t *testing.T) {
			l := newLens(t, world)
			for _, c := range datalens.Charts {
				l.compare(c.Name.EN, "", nil)
			}
			l.filtered()
		})
	}
}

// lens is a page and a DataLens with its dashboard, of one world at one moment, both in English.
type lens struct {
	*testing.T
	page   string
	site   *Server
	server *standin.Server
	db     *warehouse.DB
	shows  [][]any // event, show and city
	city   string  // that sold most lately, and the event, which is alone in its name
	event  uint64
	called string
	began  time.Time
	tables map[string]table // by the address of the CSV
}

func newLens(t *testing.T, world *simulator.World) *lens {
	t.Helper()
	config := testkit.Database(t)
	api, db := testkit.Client(t, testkit.Serve(t, world)), testkit.Open(t, config)
	if _, err := pipeline.Run(t.Context(), api, db, pipeline.RunInfo{Org: "test"},
		pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	reader := testkit.As(t, config, embedded.Reader)
	l := &lens{T: t, db: testkit.Open(t, reader), began: time.Now(), tables: map[string]table{}}
	l.plan(db, reader)
	version, err := figures.NewStore(l.db).Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := version.AsOf // both agree on what today is, also at midnight
	if err := testkit.Raw(t, testkit.As(t, config, embedded.Admin)).Exec(t.Context(), fmt.Sprintf(
		"CREATE OR REPLACE VIEW batch_now SQL SECURITY DEFINER AS SELECT toDateTime(%d, 'Europe/Moscow') AS now, "+
			"toDate(now) AS today", now.Unix())); err != nil {
		t.Fatal(err)
	}
	page, err := New(Options{Open: func(context.Context) (*warehouse.DB, error) { return l.db, nil }, Build: "test",
		Org: "demo", Now: func() time.Time { return now }, limits: limits{question: time.Minute, page: time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(seenBy(page, access.Viewer{Role: access.Admin}))
	t.Cleanup(func() { _ = page.Close(); server.Close() })
	l.page, l.site = server.URL, page
	l.publish(reader)
	return l
}

// plan plans for every show to come, so that there is something to show.
func (l *lens) plan(db *warehouse.DB, reader warehouse.Config) {
	l.Helper()
	l.shows = testkit.Rows(l, reader,
		"SELECT DISTINCT event_id, show_id, city FROM v_qtickets_sales_dashboard ORDER BY show_id")
	var targets []warehouse.PlanTarget
	for i, show := range l.shows {
		targets = append(targets, warehouse.PlanTarget{PlanKey: warehouse.PlanKey{Event: show[0].(uint64),
			Show: show[1].(uint64), Currency: "RUB"}, Tickets: new(int64(50 + i))})
	}
	if err := db.WritePlanTargets(l.Context(), targets, warehouse.PlanChange{At: time.Now()}); err != nil {
		l.Fatal(err)
	}
	most := testkit.Rows(l, reader, `SELECT city, event_id, any(event_name) FROM v_qtickets_movements WHERE city != ''
		AND event_name NOT IN (SELECT event_name FROM v_qtickets_movements GROUP BY event_name HAVING uniqExact(event_id) > 1)
		GROUP BY city, event_id ORDER BY sum(if(days_ago < 28, tickets, 0)) DESC, event_id LIMIT 1`)[0]
	l.city, l.event, l.called = most[0].(string), most[1].(uint64), most[2].(string)
}

func (l *lens) publish(reader warehouse.Config) {
	l.Helper()
	l.server = standin.New(standin.Options{Org: "org", Token: "token"})
	l.Cleanup(l.server.Close)
	client, err := publish.New(publish.Options{API: l.server.URL, Org: "org", Tokens: publish.FixedToken("token")})
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(client.Close)
	if _, err := publish.Publish(l.Context(), publish.Job{Client: client, Workbook: publish.NewWorkbook,
		Wording: datalens.Wording{Lang: "en", Comments: warehouse.Comments()},
		ClickHouse: datalens.ClickHouse{Host: reader.Host, Port: testkit.Engine(l).HTTPPort(), User: reader.User,
			Password: reader.Password, Database: reader.Database},
		Say: func(publish.Step) {}}); err != nil {
		l.Fatal(err, l.server.Refused())
	}
}

// table is what a CSV says: rows by their columns, in order.
type table struct {
	columns []string
	rows    []map[string]string
}

// csv is a block as a file; nothing where the page has no such table.
func (l *lens) csv(block, query string) table {
	l.Helper()
	address := "/csv/" + block + "?lang=en" + query
	if t, known := l.tables[address]; known {
		return t
	}
	status, body := fetch(l.T, l.page+address)
	for ; status == http.StatusServiceUnavailable; status, body = fetch(l.T, l.page+address) {
		l.site.publication.expire() // it was slow to answer, and the clock stands: what is known would stay
		if time.Since(l.began) > 10*time.Minute {
			l.Fatalf("%s: %s", address, body)
		}
		time.Sleep(100 * time.Millisecond)
	}
	var t table
	switch status {
	case http.StatusOK:
		t = tableIn(l.T, body)
	case http.StatusNotFound:
	default:
		l.Fatalf("%s: %d", address, status)
	}
	l.tables[address] = t
	return t
}

func tableIn(t *testing.T, body string) (read table) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) == 0 { // nothing to show
		return read
	}
	read.columns = lines[0]
	for _, cells := range lines[1:] {
		row := map[string]string{}
		for i, cell := range cells {
			row[read.columns[i]] = cell
		}
		read.rows = append(read.rows, row)
	}
	return read
}

// currencies are those of columns such as "Paid, RUB".
func (t table) currencies() (all []string) {
	for _, c := range t.columns {
		if currency, is := strings.CutPrefix(c, "Paid, "); is {
			all = append(all, currency)
		}
	}
	return all
}

// said are lines of values, to be compared with others.
type said []string

func (s *said) add(values ...string) { *s = append(*s, strings.Join(values, " | ")) }

// num is a figure to so many places; what is unknown is empty, as in a CSV.
func num(v any, places int32) string {
	if v == nil {
		return ""
	}
	f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if err != nil {
		panic(fmt.Sprintf("%v is no number", v))
	}
	return decimal.NewFromFloat(f).StringFixed(places)
}

// per is a share in per cent.
func per(v any) string {
	if v == nil {
		return ""
	}
	return num(decimal.RequireFromString(num(v, 9)).Shift(2), 1)
}

func str(v any) string { return cmp.Or(fmt.Sprint(v), "no tag") }

// nothing tells that all figures are 0: the CSV has a line for a day without sales, and a chart has none.
func nothing(figures ...string) bool {
	for _, f := range figures {
		if strings.Trim(f, "0.") != "" {
			return false
		}
	}
	return true
}

// filtered compares the charts of a tab with a selector in use with the blocks that have the same filter.
func (l *lens) filtered() {
	l.Helper()
	if l.city == "" || l.called == "" {
		l.Fatal("nothing to choose")
	}
	for _, tab := range datalens.Tabs {
		for _, w := range tab.Widgets {
			if len(tab.Selectors) == 0 || w.Chart == "Data as of" {
				continue
			}
			l.compare(w.Chart, "&city="+url.QueryEscape(l.city), []standin.Choice{{Title: "City", Values: []string{l.city}}})
			l.compare(w.Chart, fmt.Sprint("&event=", l.event), []standin.Choice{{Title: "Event", Values: []string{l.called}}})
		}
	}
}

func (l *lens) compare(chart, query string, choices []standin.Choice) {
	l.Helper()
	pair := chartCSV[chart]
	if pair == nil {
		l.Errorf("chart %q equals no CSV that this test knows", chart)
		return
	}
	shown, err := l.server.Show(chart, choices...)
	if err != nil {
		l.Errorf("%s: %v", chart, err)
		return
	}
	want, got := pair(l, query, shown.Rows)
	slices.Sort(want)
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		l.Errorf("%s%s (-CSV +chart):\n%s\n%s", chart, query, diff, shown.SQL)
	}
}
