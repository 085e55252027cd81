package dashboard

import (
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestExplainAddsUp: on every screen of the season of the demo, and of a box office of two currencies and hostile
// names, each number that is a link leads to movements that add up to it. A short run looks at fewer screens.
func TestExplainAddsUp(t *testing.T) {
	t.Run("season", func(t *testing.T) {
		testkit.Long(t)
		explainAddsUp(t, simulator.NewSeason(simulator.WorldOptions{Seed: 1, Orders: 1500}))
	})
	t.Run("two currencies", func(t *testing.T) {
		explainAddsUp(t, simulator.NewWorld(simulator.WorldOptions{Seed: 3, Orders: testkit.Rounds(100, 300)}))
	})
}

func explainAddsUp(t *testing.T, world *simulator.World) {
	t.Helper()
	reader := loadedReader(t, world)
	server := pageOver(t, reader)
	store := figures.NewStore(reader)
	version, err := store.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	shows, err := store.Shows(t.Context(), figures.Filter{Version: version, Now: time.Now()})
	if err != nil || len(shows.Shows) == 0 {
		t.Fatal(err)
	}
	a := account{address: server.URL, totals: map[string]decimal.Decimal{}, figures: map[string]int{}}
	screens := screensOf(shows.Shows[0])
	last := shows.Shows[len(shows.Shows)-1]
	screens = append(screens, "/?city="+url.QueryEscape(last.City),
		fmt.Sprintf("/channels?event=%d&period=season", last.EventID),
		"/channels?period=28&compare=year", fmt.Sprintf("/events/%d?show=%d", last.EventID, last.ShowID))
	if testing.Short() {
		screens = []string{"/", "/channels?period=season", screens[len(screens)-1]}
	}
	for _, path := range screens {
		a.walk(t, path)
	}
	for _, figure := range figures.Figures() {
		others := figure == figures.FigureOther // neither box office gives other discounts than codes and free tickets
		if a.figures[string(figure)] == 0 && !others && !testing.Short() {
			t.Errorf("no number of %s is explained", figure)
		}
	}
	t.Logf("%d numbers, %v", len(a.totals), a.figures)
	whole := "/explain?lang=en&figure=sold"
	a.total(t, whole)
	a.leaf(t, whole)
}

// account is what the numbers of a site were found to be made of.
type account struct {
	address string
	totals  map[string]decimal.Decimal // by address
	figures map[string]int
}

var (
	explained = regexp.MustCompile(`<a (class="big why" )?href="(/explain\?[^"]*)">([^<]*)</a>`)
	takenOff  = regexp.MustCompile(`figure=(codes|gifts|other|refunds)&`)
	totalCell = regexp.MustCompile(`(?s)<tfoot>.*?<td>(.*?)</td>`)
)

// walk opens every number of a page.
func (a account) walk(t *testing.T, path string) {
	t.Helper()
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	status, body := fetch(t, a.address+path+joint+"lang=en")
	if status != http.StatusOK || strings.Contains(body, `class="failed"`) {
		t.Errorf("%s: %d, or a block failed", path, status)
	}
	links := explained.FindAllStringSubmatch(body, -1)
	if strings.Count(body, "/explain?") != len(links) {
		t.Errorf("%s: %d links, %d were understood", path, strings.Count(body, "/explain?"), len(links))
	}
	for _, link := range links {
		shown, err := decimal.NewFromString(plain(html.UnescapeString(link[3])))
		if err != nil {
			t.Errorf("%s: %q is no number", path, link[3])
			continue
		}
		at := html.UnescapeString(link[2])
		total := a.total(t, at)
		if link[1] != "" { // a card rounds
			total = total.Round(0)
		}
		if strings.HasPrefix(shown.String(), "-") && takenOff.MatchString(at) { // the waterfall of discounts
			shown = shown.Neg()
		}
		if !total.Equal(shown) {
			t.Errorf("%s says %s, %s adds up to %s", path, shown, at, total)
		}
	}
}

// total of a number; what is listed adds up to it, too.
func (a account) total(t *testing.T, at string) decimal.Decimal {
	t.Helper()
	if total, known := a.totals[at]; known {
		return total
	}
	_, body := fetch(t, a.address+at)
	found := totalCell.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("%s has no total: %.2000s", at, body)
	}
	total := decimal.RequireFromString(plain(html.UnescapeString(found[1])))
	a.totals[at] = total
	query, _ := url.ParseQuery(strings.TrimPrefix(at, "/explain?"))
	a.figures[query.Get("figure")]++
	if len(a.totals)%20 == 0 {
		a.leaf(t, at)
	}
	return total
}

// sum of the lines on one page, and how many these are.
func (a account) sum(t *testing.T, at string) (sum decimal.Decimal, lines int) {
	t.Helper()
	rows := readCSV(t, a.address+strings.Replace(at, "/explain?", "/csv/explain?", 1))
	last := len(rows[0]) - 1
	for i, row := range rows[1:] {
		if row[2] == "" || row[3] == "" || row[4] == "" {
			t.Errorf("%s: line %d names no order, ticket or event: %q", at, i, row)
		}
		sum = sum.Add(decimal.RequireFromString(row[last]))
	}
	return sum, len(rows) - 1
}

// leaf goes through all pages of a number.
func (a account) leaf(t *testing.T, at string) {
	t.Helper()
	total, sum, lines := a.totals[at], decimal.Zero, 0
	for page := 1; ; page++ {
		here := at + "&page=" + strconv.Itoa(page)
		_, body := fetch(t, a.address+here)
		if found := totalCell.FindStringSubmatch(body); found == nil ||
			!decimal.RequireFromString(plain(html.UnescapeString(found[1]))).Equal(total) {
			t.Errorf("%s: the total is another one: %q", here, found)
		}
		part, n := a.sum(t, here)
		sum, lines = sum.Add(part), lines+n
		if next := fmt.Sprintf("page=%d\"", page+1); !strings.Contains(html.UnescapeString(body), next) {
			break
		} else if n != figures.MadeOfPage {
			t.Errorf("%s has %d lines", here, n)
		}
	}
	if !sum.Equal(total) {
		t.Errorf("%s: its %d lines add up to %s, not %s", at, lines, sum, total)
	}
}

// TestExplainAddresses: what names no number is no address, and nothing leads where its viewer may not go.
func TestExplainAddresses(t *testing.T) {
	t.Parallel()
	s, _ := site(t, newInvented())
	admin := access.Viewer{Role: access.Admin}
	long := strings.Repeat("x", 301)
	for query, want := range map[string]int{
		"": 400, "figure=tickets": 200, "figure=all": 400, "figure=gross": 400, "figure=gross&currency=RUB": 200,
		"figure=tickets&currency=RUB": 400, "figure=gross&currency=" + long: 400,
		"figure=sold&since=2026-11-01T00:00": 200, "figure=sold&since=2026-11-01": 400,
		"figure=sold&upto=0001-01-01T00:00": 400,
		"figure=sold&of=utm":                400, "figure=sold&of=utm&key=": 200, "figure=sold&of=utm&key=a&key=b&key=c": 200,
		"figure=sold&of=utm&key=a&key=b&key=c&key=d": 400, "figure=sold&of=city&key=a&key=b": 400,
		"figure=list&currency=RUB&of=lead&key=4&key=7": 200, "figure=free&of=size&key=2": 200, "figure=list": 400,
		"figure=sold&of=lead&key=4": 400, "figure=sold&of=lead&key=a&key=7": 400, "figure=sold&of=size&key=": 400,
		"figure=sold&of=size&key=99999999999": 400, "figure=sold&of=buyer&key=a": 400,
		"figure=sold&of=city&key=" + long: 400, "figure=sold&of=site&key=%ff": 400,
		"figure=sold&page=1": 200, "figure=sold&page=0": 400, "figure=sold&page=x": 400, "figure=sold&page=9999999": 400,
	} {
		for _, path := range []string{"/explain?", "/csv/explain?", "/xlsx/explain?"} {
			if w := ask(t, s, admin, path+query); w.Code != want {
				t.Errorf("%s%.80s: %d, want %d", path, query, w.Code, want)
			}
		}
	}
	if body := ask(t, s, access.Viewer{Role: access.ViewNoMoney}, "/").Body.String(); !strings.Contains(body,
		"figure=tickets") || strings.Contains(body, "figure=gross") {
		t.Error("who sees no money is led to it, or to nothing")
	}
	event := access.Viewer{Role: access.Event, Event: 3}
	if w := ask(t, s, event, "/explain?figure=tickets&event=4"); w.Code != http.StatusNotFound {
		t.Errorf("of another event: %d", w.Code)
	}
	body := ask(t, s, event, "/explain?figure=tickets&lang=en").Body.String()
	if !strings.Contains(body, "Стендап") || !strings.Contains(body, "7001, 7002") {
		t.Errorf("%s", body)
	}
}

// TestExplainReadsCSV: the file of a number is a table like any other.
func TestExplainReadsCSV(t *testing.T) {
	t.Parallel()
	s, _ := site(t, newInvented())
	w := ask(t, s, access.Viewer{Role: access.Admin}, "/csv/explain?figure=gross&currency=RUB&event=3&lang=en")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 4 || strings.Join(rows[1], ";") != "2026-11-23 14:05:00;sale;3000;7001, "+
		"7002;Стендап на крыше;2026-12-03;2;24680.50" {
		t.Errorf("%v %q", err, rows)
	}
}
