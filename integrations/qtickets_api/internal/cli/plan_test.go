package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// box is a loaded box office that plans are made for.
type box struct {
	*shell
	shows [][]string // to come, with a date: event, show, date, currency, by date
}

func newBox(t *testing.T, o simulator.WorldOptions) box {
	t.Helper()
	s := newShell(t, simulator.NewWorld(o), testkit.Database(t))
	s.must(0, "sync")
	b := box{shell: s}
	for line := range strings.Lines(s.sql(`SELECT event_id, show_id, show_date, any(currency_id) FROM v_qtickets_sales_dashboard
		WHERE ifNull(ifNull(finish_at, start_at) > now(), 0) AND cancelled = 0 AND isNotNull(show_date)
		GROUP BY event_id, show_id, show_date HAVING count() = 1 ORDER BY show_date, show_id`)) {
		b.shows = append(b.shows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	if len(b.shows) < 3 {
		t.Fatalf("only %d shows to come", len(b.shows))
	}
	return b
}

func (b box) plan(lines ...string) string {
	b.Helper()
	return b.file("plan.csv", lines...)
}

// targets are all versions of all plans.
func (b box) targets() string { return b.sql("SELECT * FROM plan_targets ORDER BY ALL") }

// TestPlan: plans come in, are listed, replaced and taken back, and the history of each stays.
func TestPlan(t *testing.T) {
	t.Parallel()
	b := newBox(t, simulator.WorldOptions{Seed: 41, Orders: 400})
	one, two := b.shows[0], b.shows[1]
	if out := b.must(0, "plan"); out.stdout != "No plans.\n" {
		t.Errorf("before the first: %s", out.text())
	}
	first := b.plan("event;show;month;tickets;revenue;currency",
		one[0]+";"+one[1]+";;400;1 200 000,50;", two[0]+";"+two[1]+";;0300;;"+strings.ToLower(two[3]),
		one[0]+";;2026-12;;70 000;")
	out := b.must(0, "plan", "import", "--dry-run", first)
	if b.targets() != "" || !strings.Contains(out.stdout, "Plans in the file: 3. New: 3, changed: 0") {
		t.Errorf("the dry run: %s", out.text())
	}
	b.must(0, "plan", "import", first)
	list := b.must(0, "plan", "list").stdout
	wantLine(t, list, one[1], "1200000.50")
	wantLine(t, list, "2026-12", "70000.00")
	written := b.targets()
	if out := b.must(0, "plan", "import", first); b.targets() != written ||
		!strings.Contains(out.stdout, "the same as before: 3") {
		t.Errorf("the same file again: %s", out.text())
	}
	out = b.must(0, "plan", "import", b.plan("tickets,show_id,event_id,revenue", "500,"+one[1]+","+one[0]+",1200000.5",
		"0,"+two[1]+","+two[0]+","))
	if !strings.Contains(out.stdout, "New: 0, changed: 1, taken back: 1, the same as before: 0") ||
		!strings.Contains(out.stdout, "400 → 500") {
		t.Errorf("the next: %s", out.text())
	}
	var lines []struct {
		ShowID  *uint64 `json:"show_id"`
		Tickets *int64
		Revenue *string
	}
	if err := json.Unmarshal([]byte(b.must(0, "plan", "list", "--json").stdout), &lines); err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	if l := lines[1]; fmt.Sprint(*l.ShowID) != one[1] || *l.Tickets != 500 || *l.Revenue != "1200000.50" {
		t.Errorf("%+v", l)
	}
	if history := b.sql("SELECT groupArray(tickets) FROM (SELECT * FROM plan_targets WHERE show_id = %s "+
		"ORDER BY version)", one[1]); history != "[400,500]" {
		t.Errorf("the history is %s", history)
	}
	// A load that cannot write the forecasts is a good load that says so.
	b.sql("DROP TABLE state_forecasts")
	if report := b.syncJSON(); report.Status != ledger.OK ||
		!strings.Contains(strings.Join(report.Problems, "\n"), "the forecasts of v_qtickets_plan are not up to date") {
		t.Errorf("without a place for forecasts: %s, %q", report.Status, report.Problems)
	}
	reader := b.as(embedded.Reader)
	if out := reader.run("plan", "import", first); out.code != 1 {
		t.Errorf("a reader imports: exit code %d, %s", out.code, out.text())
	}
}

// TestWrongPlans: a wrong file is refused with the lines that are wrong, and nothing of it is imported.
func TestWrongPlans(t *testing.T) {
	t.Parallel()
	b := newBox(t, simulator.WorldOptions{Seed: 41, Orders: 400})
	s := b.shows[0]
	event, show, day := s[0], s[1], s[2]
	other := "" // a show of another event
	for _, o := range b.shows {
		if o[0] != event {
			other = o[1]
		}
	}
	b.sql("INSERT INTO state_events (event_id, version, name, currency_id) VALUES (900001, 1, 'Twice', 'RUB'), "+
		"(900002, 1, 'Twice', 'RUB'), (900003, 1, '%s', 'RUB'), (900004, 1, 'No currency', '')", event)
	b.sql("INSERT INTO state_shows (show_id, event_id, version, show_date) VALUES (910001, 900001, 1, '2030-05-01'), " +
		"(910002, 900001, 1, '2030-05-01')")
	const header = "event,show,month,tickets,revenue,currency"
	before := b.targets()
	many := []string{header}
	for range 30 {
		many = append(many, "nobody,,,1,,")
	}
	for _, c := range []struct {
		name string
		text string
		says []string
	}{
		{"empty", "", []string{"empty"}},
		{"no plan", header + "\n\n,,,,,\n", []string{"no plan in it"}},
		{"no header", "900001,,,5,,\n", []string{`line 1: no such column: "900001"`}},
		{"no event", "show,tickets\n1,1\n", []string{"line 1: no column event"}},
		{"nothing planned", "event,show\n900001,\n", []string{"line 1: neither a column tickets"}},
		{"a column twice", "event,event_id,tickets\n", []string{"line 1: two columns event"}},
		{"a column misspelt", "event,tikets\n", []string{`line 1: no such column: "tikets"`}},
		{"unknown event", header + "\n" + event + "9999,,,5,,\nNobody,,,5,,",
			[]string{"line 2: event: there is no event", "line 3: event"}},
		{"ambiguous name", header + "\nTwice,,,5,,", []string{`line 2: event: 2 events are "Twice": 900001, 900002`}},
		{"a name that is an id", header + "\n" + event + ",,,5,,", []string{"line 2: event: 2 events are"}},
		{"unknown show", header + "\n900001,1,,5,,", []string{"line 2: show: event 900001 has no show 1"}},
		{"a show of another event", header + "\n900001," + other + ",,5,,",
			[]string{"line 2: show: event 900001 has no show"}},
		{"no show on a day", header + "\n900001,1999-01-01,,5,,",
			[]string{"line 2: show: event 900001 has no show on 1999-01-01"}},
		{"two shows on a day", header + "\n900001,2030-05-01,,5,,",
			[]string{"line 2: show: event 900001 has 2 shows on 2030-05-01"}},
		{"no day", header + "\n900001,4.12.2026,,5,,", []string{`line 2: show: "4.12.2026" is neither`}},
		{"no month", header + "\n900001,,2026-13,5,,", []string{"line 2: month"}},
		{"no number", header + "\n900001,,,five,,", []string{`line 2: tickets: "five"`}},
		{"negative", header + "\n900001,,,-5,-1,",
			[]string{"line 2: tickets: \"-5\" is negative", "line 2: revenue: \"-1\" is negative"}},
		{"half a ticket", header + "\n900001,,,5.5,,", []string{"line 2: tickets: \"5.5\" is no whole number"}},
		{"finer than a kopeck", header + "\n900001,,,,1.005,", []string{`line 2: revenue: "1.005"`}},
		{"two separators", header + "\n900001,,,,\"1,200.50\",", []string{`line 2: revenue: "1,200.50"`}},
		{"a power", header + "\n900001,,,1e3,,", []string{`line 2: tickets: "1e3"`}},
		{"too much", header + "\n900001,,,99999999999999999999,1000000000000.01,",
			[]string{"line 2: tickets", "line 2: revenue"}},
		{"another currency", header + "\n900001,,,5,,USD",
			[]string{`line 2: currency: event 900001 sells in RUB, not in "USD"`}},
		{"no currency", header + "\n900004,,,5,,",
			[]string{"line 2: currency: the currency of event 900004 is not known"}},
		{"neither tickets nor revenue", header + "\n900001,,,,,", []string{"line 2: neither tickets nor revenue"}},
		{"one plan twice", header + "\n900001,910001,,5,,\n900001,910002,,5,,\n900001,910001,,6,,RUB",
			[]string{"line 4: the same plan as in line 2"}},
		{"too many cells", header + "\n900001,,,5,1200,50,\n", []string{"line 2: 7 cells, and there are 6 columns"}},
		{"too few cells", header + "\n900001,,,5\n", []string{"line 2: 4 cells"}},
		{"a quote", header + "\n900001,,,5,,RUB\n\"900001,,,5,,RUB\n", []string{"line 3"}},
		{"UTF-16", "\xff\xfee\x00v\x00", []string{"save it as CSV in UTF-8"}},
		{"no letters", "event,tickets\n\x98\x98,5\n", []string{"save it as CSV in UTF-8"}},
		{"a good line beside a bad one", header + "\n900001,910001,,5,,\n900001,910003,,5,,", []string{"line 3: show"}},
		{"many problems", strings.Join(many, "\n"), []string{"line 21: event", "and 10 more"}},
		{"too many lines", header + strings.Repeat("\n900001,910001,,5,,", 100_001), []string{"more than 100000 lines"}},
		{"too large", strings.Repeat("x", 10<<20+1), []string{"larger than 10 MB"}},
	} {
		out := b.run("plan", "import", written(t, c.text))
		message := out.stderr
		for _, part := range c.says {
			if out.code != 2 || out.stdout != "" || !strings.Contains(message, part) {
				t.Errorf("%s: exit code %d, want 2 and a message that says %q\n%.2000s", c.name, out.code, part, out.text())
			}
		}
	}
	if out := b.run("plan", "import", filepath.Join(t.TempDir(), "none.csv")); out.code != 2 {
		t.Errorf("no file: exit code %d", out.code)
	}
	if after := b.targets(); after != before {
		t.Errorf("something was imported:\n%s", after)
	}
	// What is right: Windows-1251 with line ends of Windows, semicolons, a mark, a name, a day of a show, nbsp.
	b.sql("INSERT INTO state_events (event_id, version, name, currency_id) VALUES (900005, 1, 'Пять', 'RUB')")
	b.must(0, "plan", "import", written(t, "event;tickets\r\n\xcf\xff\xf2\xfc;5\r\n"))
	b.must(0, "plan", "import", written(t, "\ufeffEvent;Revenue\r\nПять;1\u00a0200,5\r\n;\r\n"))
	if got := b.sql("SELECT event_id, tickets, revenue FROM dim_plan_targets"); got != "900005\t\\N\t1200.5" {
		t.Errorf("%q", got)
	}
	if count := b.sql("SELECT count() FROM dim_shows WHERE event_id = %s AND show_date = '%s' AND isNull(deleted_at)",
		event, day); count == "1" {
		b.sql("ALTER TABLE state_events DELETE WHERE event_id = 900003 SETTINGS mutations_sync = 1")
		b.must(0, "plan", "import", b.plan(header, event+","+day+",,7,,"))
		if got := b.sql("SELECT tickets FROM dim_plan_targets WHERE show_id = %s", show); got != "7" {
			t.Errorf("a show by its day: %q", got)
		}
	}
}

// TestPlanRoundTrip: what is exported is imported as the same, in both languages, whatever is planned.
func TestPlanRoundTrip(t *testing.T) {
	t.Parallel()
	b := newBox(t, simulator.WorldOptions{Seed: 41, Orders: 400})
	b.sql("INSERT INTO state_events (event_id, version, name, currency_id) VALUES (900001, 1, '=1+1;\"a\",\n–', 'RUB')")
	random := rand.New(rand.NewPCG(14, 1))
	for round := range testkit.Rounds(1, 3) {
		b.must(0, "plan", "import", b.plan(b.anything(random)...))
		held := b.sql("SELECT * EXCEPT imported_at FROM dim_plan_targets ORDER BY ALL")
		for _, lang := range []string{"ru", "en"} {
			exported := b.must(0, "plan", "export", "--lang", lang).stdout
			file := filepath.Join(t.TempDir(), "exported.csv")
			b.must(0, "plan", "export", "--lang", lang, "--output", file)
			text, err := os.ReadFile(file)
			if err != nil || !strings.HasPrefix(string(text), "\ufeff") || strings.Contains(exported, "\ufeff") {
				t.Errorf("%v: %.200s", err, text)
			}
			if !strings.Contains(exported, "'=1+1") {
				t.Errorf("a formula is not inert:\n%s", exported)
			}
			b.sql("ALTER TABLE plan_targets DELETE WHERE 1 SETTINGS mutations_sync = 1")
			b.must(0, "plan", "import", written(t, exported))
			if diff := cmp.Diff(held, b.sql("SELECT * EXCEPT imported_at FROM dim_plan_targets ORDER BY ALL")); diff != "" {
				t.Fatalf("round %d, %s: %s", round, lang, diff)
			}
			b.must(0, "plan", "import", file)
			if again := b.sql("SELECT count() = uniq(event_id, show_id, month, currency_id) FROM plan_targets"); again != "1" {
				t.Errorf("an import of the same writes something")
			}
		}
	}
}

// anything that can be planned, in lines of a file.
func (b box) anything(random *rand.Rand) []string {
	plans := map[string]string{"900001,,": ",5,"}
	for _, s := range b.shows {
		for _, month := range []string{"", "2026-12", "2027-01"} {
			for _, show := range []string{s[1], ""} {
				tickets := strconv.Itoa(1 + random.IntN(100_000))
				revenue := fmt.Sprintf("%d.%02d", random.IntN(1<<39), random.IntN(100))
				switch random.IntN(6) {
				case 0:
					tickets = ""
				case 1:
					revenue = ""
				case 2, 3:
					continue
				}
				plans[s[0]+","+show+","+month] = "," + tickets + "," + revenue
			}
		}
	}
	lines := []string{"event,show,month,tickets,revenue"}
	for _, key := range slices.Sorted(maps.Keys(plans)) {
		lines = append(lines, key+plans[key])
	}
	return lines
}

// TestPlanView: what the view for BI says of plan, fact and forecast is what the page says and the box office sold.
func TestPlanView(t *testing.T) {
	t.Parallel()
	b := newBox(t, simulator.WorldOptions{Seed: 41, Orders: 1500, Events: 60, HistoryDays: 360})
	lines := []string{"event,show,month,tickets,revenue"}
	month := b.sql("SELECT formatDateTime(max(sales_date), '%%Y-%%m') FROM fact_qtickets_sales_daily")
	for i, s := range b.shows {
		if i%2 == 0 {
			lines = append(lines, s[0]+","+s[1]+",,"+strconv.Itoa(20+10*i)+",100000.10")
		}
	}
	event := b.shows[0][0]
	lines = append(lines, event+",,,1000,5000000", event+",,"+month+",100,")
	b.must(0, "plan", "import", b.plan(lines...))
	b.agrees()
	b.must(0, "rebuild") // writes the forecasts by itself
	b.agrees()
	b.must(0, "sync")
	b.pageSays(b.agrees())

	planned := b.shows[0][1] // the first has a plan of 20
	for line := range strings.Lines(b.must(0, "forecast", event, planned, "--json").stdout) {
		if !strings.Contains(line, "summary") && !strings.Contains(line, `"plan":20,`) {
			t.Errorf("the forecast does not know the plan: %s", line)
		}
	}
	fact := func(where string) string {
		return b.sql(`SELECT sum(tickets) - sum(refunded_tickets), sum(gross_revenue) - sum(refunded_revenue)
			FROM fact_qtickets_movements WHERE event_id = %s AND currency_id = '%s' AND %s`, event, b.shows[0][3], where)
	}
	for target, want := range map[string]string{
		"event": fact("1"), "month": fact("formatDateTime(day, '%Y-%m') = '" + month + "'"),
	} {
		if got := b.sql("SELECT fact_tickets, fact_revenue FROM v_qtickets_plan WHERE target = '%s'", target); got != want {
			t.Errorf("%s: the view says %q, the movements %q", target, got, want)
		}
	}
	if got := b.sql("SELECT groupArray((plan_tickets, plan_revenue)) FROM (SELECT * FROM v_qtickets_plan WHERE " +
		"target != 'show' ORDER BY target)"); got != "[(1000,5000000),(100,NULL)]" {
		t.Errorf("%s", got)
	}
}

// pageSays compares the CSV of the page with its figures.
func (b box) pageSays(shows []figures.ShowLine) {
	b.Helper()
	live := *b.live()
	status, text := live.serve().get("/csv/shows?lang=en")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if status != http.StatusOK || err != nil || len(rows) != len(shows)+1 {
		b.Fatalf("%d %v, %d rows of %d shows:\n%s", status, err, len(rows), len(shows), text)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	for i, l := range shows {
		plan, is, need := "", "", ""
		if o := l.Outlook; o != nil && o.Plan > 0 {
			plan, is, need = fmt.Sprint(o.Plan), "usual final", l.RequiredPace.StringFixed(1)
			if o.Planned {
				is = "plan"
			}
		}
		row := rows[i+1]
		got := []string{row[column("Sold")], row[column("Plan")], row[column("Plan is")], row[column("Needed per day")]}
		if want := []string{fmt.Sprint(l.Sold), plan, is, need}; !slices.Equal(got, want) {
			b.Errorf("%s: the CSV says %q, want %q", l.Event, got, want)
		}
	}
}

// agrees compares the view, as a reader sees it, with the figures of the page.
func (b box) agrees() []figures.ShowLine {
	b.Helper()
	store := figures.NewStore(testkit.Open(b, testkit.As(b, b.db, embedded.Reader)))
	v, err := store.Version(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	shows, err := store.Shows(b.Context(), figures.Filter{Version: v})
	if err != nil {
		b.Fatal(err)
	}
	want, planned, chances := map[string]string{}, 0, 0
	for _, l := range shows.Shows {
		low, expected, high, usual, chance, needed, by := "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", ""
		if o := l.Outlook; o != nil {
			if o.Forecast.Why == "" {
				expected = fmt.Sprint(o.Forecast.Expected)
			}
			if o.Forecast.Band != nil {
				low, high = fmt.Sprint(o.Forecast.Band.Low), fmt.Sprint(o.Forecast.Band.High)
			}
			if o.Forecast.Usual > 0 {
				usual = fmt.Sprint(o.Forecast.Usual)
			}
			if o.Chance > 0 {
				chances++
				chance = fmt.Sprintf("%.9f", o.Chance)
			}
			if o.Plan > 0 {
				by = "usual"
			}
			if o.Planned {
				planned++
				by = "plan"
			}
		}
		if l.RequiredPace != nil {
			needed = l.RequiredPace.StringFixed(2)
		}
		money := "0.00"
		if len(l.Money) > 0 {
			money = l.Money[0].Net().StringFixed(2)
		}
		want[fmt.Sprint(l.ShowID)] = strings.Join([]string{string(l.Reason), fmt.Sprint(l.Sold), money, by, usual, low,
			expected, high, chance, needed}, " ")
	}
	got := map[string]string{}
	for _, r := range testkit.Rows(b, testkit.As(b, b.db, embedded.Reader), `SELECT toString(show_id), state,
			toString(fact_tickets), toDecimalString(fact_revenue, 2), measured_by, ifNull(toString(usual_tickets), 'NULL'),
			ifNull(toString(forecast_low), 'NULL'), ifNull(toString(forecast_expected), 'NULL'),
			ifNull(toString(forecast_high), 'NULL'),
			if(ifNull(chance_to_miss, 0) = 0, 'NULL', toDecimalString(assumeNotNull(chance_to_miss), 9)),
			if(isNull(needed_per_day), 'NULL', toDecimalString(assumeNotNull(needed_per_day), 2))
		FROM v_qtickets_plan WHERE target = 'show'`) {
		cells := make([]string, len(r)-1)
		for i, cell := range r[1:] {
			cells[i] = cell.(string)
		}
		got[r[0].(string)] = strings.Join(cells, " ")
	}
	if planned == 0 || chances == 0 {
		b.Errorf("%d shows on the page have a plan, %d a chance to miss it", planned, chances)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("(-page +view):\n%s", diff)
	}
	return shows.Shows
}
