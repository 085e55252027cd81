package dashboard

import (
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestExplainAddsUp: on every screen of the season of the demo, and of a box office of two currencies and hostile
// names, each number that is a link leads to movements that add up to it. A short run looks at fewer screens.
func TestExplainAddsUp(t *testing.T) {
	t.Run("season", func(t *testing.T) {
		testkit.Long(t)
		explainAddsUp(t, simulator.NewSeason(simulator.WorldOptions{Seed: 1, Orders: 600}))
	})
	t.Run("two currencies", func(t *testing.T) {
		explainAddsUp(t, simulator.NewWorld(simulator.WorldOptions{Seed: 3, Orders: 100}))
	})
}

func explainAddsUp(t *testing.T, world *simulator.World) {
	t.Helper()
	loader, reader := loaded(t, world)
	store := figures.NewStore(reader)
	version, err := store.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	planned := writePlans(t, loader, world, version.AsOf.In(sales.Moscow))
	server := pageOver(t, reader)
	shows, err := store.Shows(t.Context(), figures.Filter{Version: version, Now: time.Now()})
	if err != nil || len(shows.Shows) == 0 {
		t.Fatal(err)
	}
	a := account{address: server.URL, totals: map[string]decimal.Decimal{}, figures: map[string]int{},
		headings: map[string]string{}, opened: map[string]bool{}}
	screens := screensOf(shows.Shows[0])
	last := shows.Shows[len(shows.Shows)-1]
	over := finishedShow(t, store, version, shows.Shows)
	screens = append(screens, over, "/?city="+url.QueryEscape(last.City), fmt.Sprintf("/events/%d", planned),
		fmt.Sprintf("/channels?event=%d&period=season", last.EventID),
		"/channels?period=28&compare=year", fmt.Sprintf("/events/%d?show=%d", last.EventID, last.ShowID))
	if testing.Short() {
		screens = []string{"/", "/channels?period=season", fmt.Sprintf("/events/%d", planned), over}
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
	for place, always := range averages {
		if always && !a.opened[place] {
			t.Errorf("no average of %s is explained", place)
		}
	}
	t.Logf("%d numbers, %v", len(a.totals), a.figures)
	whole := "/explain?lang=en&figure=sold"
	a.total(t, whole)
	a.leaf(t, whole)
}

// finishedShow is the address of one of these events' shows that is over and was sold.
func finishedShow(t *testing.T, store *figures.Store, v figures.Version, coming []figures.ShowLine) string {
	t.Helper()
	for _, s := range coming {
		e, err := store.Event(t.Context(), figures.Filter{Version: v, Event: s.EventID})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range e.Shows {
			if one.Over && one.Sold > 0 {
				return fmt.Sprintf("/events/%d?show=%d", one.EventID, one.ShowID)
			}
		}
	}
	return fmt.Sprintf("/events/%d", coming[0].EventID) // none is over
}

// writePlans of shows, of events and of the present month, in every way in which they can be planned, and those of the
// demo; an event that has a plan for all of its sales.
func writePlans(t *testing.T, db *warehouse.DB, world *simulator.World, now time.Time) (planned uint64) {
	t.Helper()
	events, err := db.PlanEvents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	month := uint32(now.Year()*100 + int(now.Month()))
	var targets []warehouse.PlanTarget
	add := func(key warehouse.PlanKey, tickets int64, revenue qtickets.Money) {
		target := warehouse.PlanTarget{PlanKey: key}
		if tickets > 0 {
			target.Tickets = &tickets
		}
		if revenue > 0 {
			target.Revenue = &revenue
		}
		targets = append(targets, target)
	}
	for i, e := range events {
		planned = e.ID
		add(warehouse.PlanKey{Event: e.ID, Currency: e.Currency}, 500, 1_000_000_00)
		for k, show := range e.Shows { // parts of the plan of the event, or all there is of one
			add(warehouse.PlanKey{Event: e.ID, Show: show.ID, Month: month, Currency: e.Currency}, int64(10*(k%3)),
				qtickets.Money(1000_00*(1-k%2)))
		}
		if i%3 > 0 {
			add(warehouse.PlanKey{Event: e.ID, Month: month, Currency: e.Currency}, int64(100*(i%2)), 500_000_00)
		}
	}
	for _, p := range world.Plans() {
		add(warehouse.PlanKey{Event: uint64(p.EventID), Show: uint64(p.ShowID), Month: uint32(p.Month), Currency: "RUB"},
			p.Tickets, qtickets.Money(p.Revenue))
	}
	if err := db.WritePlanTargets(t.Context(), targets, warehouse.PlanChange{At: now}); err != nil {
		t.Fatal(err)
	}
	return planned
}

// account is what the numbers of a site were found to be made of.
type account struct {
	address  string
	totals   map[string]decimal.Decimal // by address
	headings map[string]string          // by address
	figures  map[string]int
	opened   map[string]bool // places
}

// unexplained are the numbers that no link explains, by block and column, of cards by row, and why: nothing else may be
// without a link.
var unexplained = map[string][]string{
	"a share, or a change, of sums": {"cards/Change, %", "cards/Plan of the month", "event/Fill",
		"event/Of potential revenue", "event/Fill, %", "event-shows/Fill, %", "shows/Fill, %", "zones/Fill, %", "plan/Done",
		"event-plan/Done", "channels/Share, %", "channels/Change, %",
		"promo/Change, %", "sites/Change, %", "payments/Change, %",
		"promo/Of a show, %", "discounts/Of list price, %", "free-shows/Share, %", "lead/Share, %", "sizes/Share, %",
		"sites/Share, %", "no-shows/No-shows, %"},
	"a median, or an edge, of other days or shows": {"cards/Usual", "hours/Usual", "hours/Lowest", "hours/Highest",
		"hours/Usually paid", "pacing/Comparable shows, median", "entries/Usual"},
	"a plan, or what it would take": {"cards/Plan of the month, tickets", "cards/Plan of the month, revenue", "plan/Plan",
		"event-plan/Plan", "event/Plan", "event-shows/Plan", "shows/Plan", "event/Needed per day",
		"event-shows/Needed per day", "shows/Needed per day", "pacing/Needed for the plan"},
	"a forecast": {"cards/Tickets by the end of the month, at least", "cards/Tickets by the end of the month, at most",
		"cards/Revenue by the end of the month, at least", "cards/Revenue by the end of the month, at most",
		"pacing/Forecast", "pacing/Forecast: lower end", "pacing/Forecast: upper end"},
	"seats of the hall, as QTickets tells them": {"event/On sale", "event-shows/On sale", "shows/On sale", "zones/On sale",
		"zones/Sold", "zones/Held", "zones/Closed by organiser", "zones/Seats", "zones/Price from", "zones/Price to",
		"hall/On sale", "hall/Lonely", "hall/Sold", "hall/Held", "hall/Closed by organiser", "hall/Price from",
		"hall/Price to"},
	"of the calendar": {"event/Days left", "event-shows/Days left", "shows/Days left", "cities/Upcoming shows"},
	"a scan, or a price, of a ticket: neither a sale nor a refund": {"entries/Came", "entries/In 5 minutes",
		"no-shows/Came", "no-shows/Sold at a price"},
	"what a load read": {"feeds/Rows", "feeds/Not loaded", "feeds/Loads in a day", "feeds/Rows in a day",
		"feeds/Failed loads in a day", "runs/Orders"},
	"the tickets of its row lead to it: Today may have only so many elements": {"weeks/Refunded", "weeks/Paid",
		"weeks/Refunds", "hours/Paid"},
}

// averages are the numbers that are a sum divided by days or tickets, as the page of that sum says, and whether there
// are some at every hour; of the heat map those of Friday.
var averages = map[string]bool{"cards/Average ticket price": false, "shows/Sold per day": true, "heat/Fri": true,
	"event/Sold per day": false, "event-shows/Sold per day": false, "promo/Discount per ticket": true}

var (
	explained  = regexp.MustCompile(`<a (class="(?:big|more) why" )?href="(/explain\?[^"]*)">([^<]*)</a>`)
	takenOff   = regexp.MustCompile(`figure=(codes|gifts|other|refunds)&`)
	totalCell  = regexp.MustCompile(`(?s)<tfoot>.*<td[^>]*>(.*?)</td></tr>`)
	pageCard   = regexp.MustCompile(`(?s)<div class="card"><dt>(.*?)</dt><dd>(.*?)</dd></div>`)
	cardNumber = regexp.MustCompile(`<b class="big">([^<]*)</b>|<span class="more">([^<]*)</span>`)
	pageTable  = regexp.MustCompile(`(?s)<table.*?</table>`)
	smallLine  = regexp.MustCompile(`(?s)<small[^>]*>(.*?)</small>`)
	priceRow   = regexp.MustCompile(`\d.* to .*\d|free tickets`)
	inCurrency = regexp.MustCompile(`, [A-Z]{3}$`)
	whatIsIt   = regexp.MustCompile(`<h2 id="h-explain">([^<]*)</h2>`)
	divided    = regexp.MustCompile(`: (.*) (?:in|on|for) ([0-9,]+) (?:paid )?(?:days?|tickets?), (.*) a (?:day|ticket) on average$`)
)

// walk opens every number of a page, and finds those that cannot be opened.
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
	links := 0
	for _, block := range pageBlock.FindAllStringSubmatch(body, -1) {
		places := placesOf(block[1], block[0])
		for _, place := range places {
			for _, number := range place.unlinked {
				if !isUnexplained(place.name) {
					t.Errorf("%s: %s of %s is no link", path, number, place.name)
				}
			}
			for _, link := range explained.FindAllStringSubmatch(place.html, -1) {
				links++
				if link[1] != "" && strings.Contains(link[2], "of=plan") {
					a.share(t, link, places)
				} else {
					a.open(t, path, place.name, link)
				}
			}
		}
	}
	if strings.Count(body, "/explain?") != links {
		t.Errorf("%s: %d links, %d were understood", path, strings.Count(body, "/explain?"), links)
	}
}

// place is a cell or a card, called after its block and its column, of cards after their row.
type place struct {
	name, html string
	unlinked   []string // numbers above or below zero
}

// placesOf the numbers of a block.
func placesOf(block, html string) (places []place) {
	add := func(name, html string, texts ...string) {
		p := place{name: block + "/" + inCurrency.ReplaceAllString(name, ""), html: html}
		for _, text := range texts {
			if isNumber(text) {
				p.unlinked = append(p.unlinked, text)
			}
		}
		places = append(places, p)
	}
	for _, card := range pageCard.FindAllStringSubmatch(html, -1) {
		var texts []string
		for _, number := range cardNumber.FindAllStringSubmatch(card[2], -1) {
			texts = append(texts, number[1]+number[2])
		}
		add(card[1], card[2], texts...)
	}
	for _, table := range pageTable.FindAllString(html, -1) {
		var columns []string
		for i, row := range tableRow.FindAllStringSubmatch(table, -1) {
			var cells []string
			for _, cell := range tableCell.FindAllStringSubmatch(row[2], -1) {
				cells = append(cells, cell[1])
			}
			if i == 0 {
				columns = cells
			}
			for k, cell := range cells {
				if i == 0 || k == 0 || len(cells) != len(columns) {
					continue
				}
				name := columns[k]
				switch {
				case block == "cards" && k == 2:
					name = cells[0]
				case block == "no-shows" && k == 1 && priceRow.MatchString(cells[0]):
					name += " at a price"
				}
				texts := []string{smallLine.ReplaceAllString(cell, "")}
				for _, small := range smallLine.FindAllStringSubmatch(cell, -1) {
					texts = append(texts, small[1])
				}
				for n, text := range texts {
					if strings.Contains(text, "/explain?") {
						texts[n] = ""
					}
				}
				add(name, cell, texts...)
			}
		}
	}
	return places
}

// isUnexplained tells whether it is known why the numbers of a place have no links.
func isUnexplained(name string) bool {
	for _, names := range unexplained {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// isNumber tells whether a text is a number, or a share, that is not zero.
func isNumber(text string) bool {
	text = html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, ""))
	n, err := decimal.NewFromString(plain(strings.TrimPrefix(strings.TrimSpace(text), "<")))
	return err == nil && !n.IsZero()
}

// open a number that a link of a place shows, and compare it with what it is made of.
func (a account) open(t *testing.T, path, place string, link []string) {
	t.Helper()
	a.opened[place] = true
	_, average := averages[place]
	heat := strings.HasPrefix(place, "heat/")
	if heat && !average && testing.Short() {
		return
	}
	card, at, text := link[1] != "", html.UnescapeString(link[2]), html.UnescapeString(link[3])
	total := a.total(t, at)
	if average || heat {
		total = a.average(t, at)
	}
	if heat {
		if !isRough(plain(text), total.StringFixed(1)) {
			t.Errorf("%s says %s, %s is %s on average", path, text, at, total)
		}
		return
	}
	shown, err := decimal.NewFromString(plain(text))
	if err != nil {
		t.Errorf("%s: %q is no number", path, text)
		return
	}
	if card { // a card rounds
		total = total.Round(0)
	}
	if shown.IsNegative() && takenOff.MatchString(at) { // the waterfall of discounts
		shown = shown.Neg()
	}
	if !total.Equal(shown) {
		t.Errorf("%s says %s of %s, %s adds up to %s", path, shown, place, at, total)
	}
}

// share of a plan of the month that a card tells: what its link leads to, of a plan in the rows below it.
func (a account) share(t *testing.T, link []string, places []place) {
	t.Helper()
	at := html.UnescapeString(link[2])
	text, _, _ := strings.Cut(html.UnescapeString(link[3]), " · ")
	shown, total := decimal.RequireFromString(plain(text)), a.total(t, at)
	if !slices.ContainsFunc(places, func(p place) bool {
		if !strings.HasPrefix(p.name, "cards/Plan of the month, ") || len(p.unlinked) == 0 {
			return false
		}
		planned := decimal.RequireFromString(plain(html.UnescapeString(p.unlinked[0])))
		return total.Shift(2).DivRound(planned, 1).Equal(shown)
	}) {
		t.Errorf("%s adds up to %s: that is not %s of a plan", at, total, text)
	}
}

// average that the page of a number tells, of its total and what that is divided by.
func (a account) average(t *testing.T, at string) decimal.Decimal {
	t.Helper()
	found := divided.FindStringSubmatch(a.headings[at])
	if found == nil {
		t.Errorf("%s tells no average: %s", at, a.headings[at])
		return decimal.Zero
	}
	read := func(text string) decimal.Decimal { return decimal.RequireFromString(plain(text)) }
	total, parts, each := read(found[1]), read(found[2]), read(found[3])
	digits := int32(1) // of tickets; of money to the kopeck
	if strings.Contains(at, "currency=") {
		digits = 2
	}
	if !total.Equal(a.totals[at]) || !total.DivRound(parts, digits).Equal(each) {
		t.Errorf("%s: %s divided by %s is not %s, or not of %s", at, total, parts, each, a.totals[at])
	}
	return each
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
	if heading := whatIsIt.FindStringSubmatch(body); heading != nil {
		a.headings[at] = plainText(heading[1])
	}
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
		"figure=tickets&currency=RUB": 200, "figure=gross&currency=" + long: 400,
		"figure=sold&since=2026-11-01T00:00": 200, "figure=sold&since=2026-11-01": 400,
		"figure=sold&upto=0001-01-01T00:00": 400,
		"figure=sold&of=utm":                400, "figure=sold&of=utm&key=": 200, "figure=sold&of=utm&key=a&key=b&key=c": 200,
		"figure=sold&of=utm&key=a&key=b&key=c&key=d": 400, "figure=sold&of=city&key=a&key=b": 400,
		"figure=list&currency=RUB&of=lead&key=4&key=7": 200, "figure=free&of=size&key=2": 200, "figure=list": 400,
		"figure=sold&of=lead&key=4": 400, "figure=sold&of=lead&key=a&key=7": 400, "figure=sold&of=size&key=": 400,
		"figure=sold&of=size&key=99999999999": 400, "figure=sold&of=buyer&key=a": 400,
		"figure=sold&of=city&key=" + long: 400, "figure=sold&of=site&key=%ff": 400,
		"figure=tickets&of=week": 200, "figure=tickets&of=hour&key=7&key=23": 200, "figure=tickets&of=hour&key=0&key=1": 400,
		"figure=tickets&of=hour&key=1&key=24": 400, "figure=tickets&of=hour&key=1": 400,
		"figure=sold&of=plan&key=202611&key=tickets": 200, "figure=sold&of=plan&key=2026&key=tickets": 400,
		"figure=sold&of=plan&key=202611&key=money": 400, "figure=sold&of=plan&key=202611": 400,
		"figure=sold&of=plan&key=202613&key=tickets": 400, "figure=discount": 400, "figure=late": 200,
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
	for query, want := range map[string]int{"figure=tickets&currency=RUB": 404, "figure=discount&currency=RUB": 404,
		"figure=sold&of=plan&key=202611&key=revenue": 404, "figure=sold&of=plan&key=202611&key=tickets": 200,
		"figure=late&of=promo_code&key=a": 200} {
		if w := ask(t, s, access.Viewer{Role: access.ViewNoMoney}, "/explain?"+query); w.Code != want {
			t.Errorf("without money %s: %d, want %d", query, w.Code, want)
		}
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
