package dashboard

import (
	"context"
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestPageIsCSVIsBlock: on the season of the demo every table of every screen says on the page what it says in
// its CSV and its XLSX, and that is what the blocks answered.
func TestPageIsCSVIsBlock(t *testing.T) {
	reader := loadedReader(t, simulator.NewWorld(simulator.WorldOptions{Seed: 1, Orders: 1500,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
	server := pageOver(t, reader)
	store := figures.NewStore(reader)
	version, err := store.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := figures.Filter{Version: version, Now: time.Now()}
	shows, err := store.Shows(t.Context(), f)
	if err != nil || len(shows.Shows) < 5 {
		t.Fatal(err, len(shows.Shows))
	}
	compared := 0
	for _, path := range screensOf(shows.Shows[0]) {
		compared += compareTables(t, server.URL, path)
	}
	if compared < 40 {
		t.Errorf("only %d tables were compared", compared)
	}

	weeks, err := store.Weeks(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	rows := readCSV(t, server.URL+"/csv/weeks?lang=en")[1:]
	if len(rows) != len(weeks.Days) {
		t.Fatalf("%d days in the CSV, %d in the block", len(rows), len(weeks.Days))
	}
	for i, day := range weeks.Days {
		in := day.In(weeks.Currencies[0])
		want := []string{day.Date.Format("2006-01-02"), fmt.Sprint(day.Tickets), fmt.Sprint(day.Refunded),
			in.Gross.StringFixed(2), in.Refunds.StringFixed(2)}
		if strings.Join(rows[i][:5], " ") != strings.Join(want, " ") {
			t.Errorf("the CSV says %v, the block %v", rows[i], want)
		}
	}
	rows = readCSV(t, server.URL+"/csv/shows?lang=en")[1:]
	if len(rows) != len(shows.Shows) {
		t.Fatalf("%d shows in the CSV, %d in the block", len(rows), len(shows.Shows))
	}
	for i, show := range shows.Shows {
		if rows[i][5] != fmt.Sprint(show.Sold) {
			t.Errorf("show %d: sold %s in the CSV, %d in the block", show.ShowID, rows[i][5], show.Sold)
		}
	}
}

// TestPageIsCSVOfRandomWorlds: the same holds whatever a box office sells and however it answers.
func TestPageIsCSVOfRandomWorlds(t *testing.T) {
	testkit.Long(t)
	for seed := range int64(3) {
		t.Run(fmt.Sprint("seed ", seed+2), func(t *testing.T) {
			reader := loadedReader(t, simulator.NewWorld(simulator.WorldOptions{Seed: seed + 2, Orders: 300}))
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
			for _, path := range screensOf(shows.Shows[0]) {
				compareTables(t, server.URL, path)
			}
		})
	}
}

// pageOver is the page of what a reader sees, for somebody who may see everything.
func pageOver(t *testing.T, reader *warehouse.DB) *httptest.Server {
	t.Helper()
	open := func(context.Context) (*warehouse.DB, error) { return reader, nil }
	page, err := New(Options{Open: open, Build: "test", Org: "demo",
		limits: limits{question: time.Minute, page: time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(seenBy(page, access.Viewer{Role: access.Admin}))
	t.Cleanup(func() { _ = page.Close(); server.Close() })
	return server
}

// screensOf are the addresses of all screens, those of an event and of one of its shows among them.
func screensOf(s figures.ShowLine) []string {
	return []string{"/", "/?period=90&compare=previous", "/channels", "/channels?period=season",
		"/channels?period=7&compare=previous", "/data",
		fmt.Sprintf("/events/%d", s.EventID), fmt.Sprintf("/events/%d?show=%d", s.EventID, s.ShowID)}
}

// loadedReader reads a box office that was loaded and published.
func loadedReader(t *testing.T, world *simulator.World) *warehouse.DB {
	t.Helper()
	_, reader := loaded(t, world)
	return reader
}

// loaded box office, with the rights of a load and with those of a reader.
func loaded(t *testing.T, world *simulator.World) (loader, reader *warehouse.DB) {
	t.Helper()
	config := testkit.Database(t)
	api, db := testkit.Client(t, testkit.Serve(t, world)), testkit.Open(t, config)
	if _, err := pipeline.Run(t.Context(), api, db, pipeline.RunInfo{Org: "test"},
		pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	return db, testkit.Open(t, testkit.As(t, config, embedded.Reader))
}

var (
	pageBlock  = regexp.MustCompile(`(?s)<section class="block[^"]* b-([a-z-]+)".*?</section>`)
	tablePart  = regexp.MustCompile(`(?s)<(thead|tbody|tfoot)>(.*?)</(?:thead|tbody|tfoot)>`)
	tableRow   = regexp.MustCompile(`(?s)<tr([^>]*)>(.*?)</tr>`)
	tableCell  = regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`)
	blankCell  = regexp.MustCompile(`<td[^>]* class="[^"]*blank[^"]*"></td>`)
	secondLine = regexp.MustCompile(`(?s)<small[^>]*>.*?</small>|<[^>]*>`)
	csvAddress = regexp.MustCompile(`href="(/csv/[^"]*)"`)
)

// compareTables of a page with their CSVs and returns how many there were.
func compareTables(t *testing.T, address, path string) int {
	t.Helper()
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	status, body := fetch(t, address+path+joint+"lang=en")
	if status != http.StatusOK || strings.Contains(body, `class="failed"`) {
		t.Errorf("%s: %d, or a block failed", path, status)
	}
	n := 0
	for _, block := range pageBlock.FindAllStringSubmatch(body, -1) {
		csvLink := csvAddress.FindStringSubmatch(block[0])
		if csvLink == nil {
			continue
		}
		n++
		link := html.UnescapeString(csvLink[1])
		rows := readCSV(t, address+link)
		compareSheet(t, address+strings.Replace(link, "/csv/", "/xlsx/", 1), rows)
		if block[1] == "runs" {
			continue // a line of the log stands for several runs: TestRunsAfterWebhooksFold
		}
		all := rows
		if block[1] == "channels" {
			rows = chained(rows)
		}
		i := 0
		for _, part := range tablePart.FindAllStringSubmatch(block[0], -1) {
			for _, row := range tableRow.FindAllStringSubmatch(part[2], -1) {
				switch part[1] {
				case "thead": // again above the rows that open
					compareRow(t, path+" "+block[1]+" head", row[2], rows[0])
					continue
				case "tfoot":
					compareRow(t, path+" "+block[1]+" total", blankCell.ReplaceAllString(row[2], ""), sums(all))
					continue
				}
				i++
				compareRow(t, fmt.Sprintf("%s %s row %d", path, block[1], i), row[2], rows[i])
			}
		}
		if i != len(rows)-1 && !strings.Contains(block[0], "rest are in the CSV") {
			t.Errorf("%s %s: %d rows on the page, %d in the CSV", path, block[1], i, len(rows)-1)
		}
	}
	return n
}

// sums of the columns of a CSV, of the highest level where there are several; changes are of the whole.
func sums(rows [][]string) []string {
	list := []string{"Total"}
	of := func(column string) int { return slices.Index(rows[0], column) }
	for k := range rows[0][1:] {
		sum, digits := decimal.Zero, int32(0)
		for _, row := range rows[1:] {
			if medium := of("Medium"); medium > 0 && row[medium] != "" {
				continue
			}
			if x, err := decimal.NewFromString(row[k+1]); err == nil {
				sum, digits = sum.Add(x), max(digits, -x.Exponent())
			}
		}
		list = append(list, sum.StringFixed(digits))
	}
	if before, change := of("Tickets, comparison period"), of("Change, %"); before > 0 && change > 0 {
		now, was := decimal.RequireFromString(list[of("Tickets")]), decimal.RequireFromString(list[before])
		if list[change] = ""; was.IntPart() >= 10 {
			list[change] = now.Sub(was).DivRound(was, 4).Shift(2).StringFixed(1)
		}
	}
	return list
}

// chained are the rows of the CSV of channels as the page has them: a value that is all of what stands above it is in
// the row of that.
func chained(rows [][]string) [][]string {
	const none = "no tag"
	path := func(row []string) []string {
		keys := row[len(row)-3:]
		return keys[:3-len(slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key != "" }))]
	}
	partsOf := func(key []string) (n int) {
		for _, row := range rows[1:] {
			if of := path(row); len(of) == len(key)+1 && slices.Equal(of[:len(key)], key) {
				n++
			}
		}
		return n
	}
	page, above := rows[:1:1], []string(nil)
	for _, row := range rows[1:] {
		key := path(row)
		if above = append(above, key[len(key)-1]); partsOf(key) == 1 {
			continue
		}
		row = slices.Clone(row)
		row[0] = strings.Join(slices.CompactFunc(above, func(a, b string) bool { return a == none && b == none }), " / ")
		page, above = append(page, row), nil
	}
	return page
}

// compareRow of the page with that of the CSV: the page leaves columns out, in the same order.
func compareRow(t *testing.T, where, row string, file []string) {
	t.Helper()
	at := 0
	for _, c := range tableCell.FindAllStringSubmatch(row, -1) {
		shown := plain(html.UnescapeString(secondLine.ReplaceAllString(c[1], "")))
		for at < len(file) && !alikeCell(shown, file[at]) {
			at++
		}
		if at == len(file) {
			t.Errorf("%s: %q is not in the CSV in its place: %q", where, shown, file)
			return
		}
		at++
	}
}

// compareSheet of a block with its CSV: the same header, and each value of its type; the columns have the same sums.
func compareSheet(t *testing.T, address string, rows [][]string) {
	t.Helper()
	status, body := fetch(t, address)
	if status != http.StatusOK {
		t.Fatalf("%s: %d", address, status)
	}
	_, sheet := testkit.Sheet(t, []byte(body))
	if len(sheet) != len(rows) {
		t.Fatalf("%s: %d rows, %d in the CSV", address, len(sheet), len(rows))
	}
	inSheet, inCSV := make([]decimal.Decimal, len(rows[0])), make([]decimal.Decimal, len(rows[0]))
	for i, row := range rows {
		for k, want := range row {
			cell := sheet[i][k]
			value, kind := asInCSV(cell)
			if i == 0 {
				value, kind = cell.Value, "string"
			}
			// in a CSV an apostrophe keeps a text from being computed
			if value != want && strings.ReplaceAll(want, "'", "") != strings.ReplaceAll(value, "'", "") || cell.Type != kind {
				t.Errorf("%s, row %d, column %q: %+v, %q in the CSV", address, i, rows[0][k], cell, want)
			}
			if cell.Type == "numerical" {
				inSheet[k] = inSheet[k].Add(decimal.RequireFromString(value))
				inCSV[k] = inCSV[k].Add(decimal.RequireFromString(want))
			}
		}
	}
	for k, sum := range inSheet {
		if !sum.Equal(inCSV[k]) {
			t.Errorf("%s: %q sums up to %s, %s in the CSV", address, rows[0][k], sum, inCSV[k])
		}
	}
}

// asInCSV is the value of a cell as a CSV has it, and the type that it is to have by its format.
func asInCSV(cell testkit.SheetCell) (value, kind string) {
	number := func(by, digits int32) (string, string) {
		d, err := decimal.NewFromString(cell.Value)
		if err != nil {
			return cell.Value, "numerical"
		}
		return d.Shift(by).StringFixed(digits), "numerical"
	}
	switch format, _, _ := strings.Cut(cell.Format, `\`); format {
	case "#,##0":
		return number(0, 0)
	case "#,##0.0":
		return number(0, 1)
	case "#,##0.00":
		return number(0, 2)
	case "0.000":
		return number(0, 3)
	case "0.0%":
		return number(2, 1)
	case "yyyy-mm-dd":
		return cell.Value, "datetime"
	case "yyyy-mm-dd hh:mm:ss":
		return strings.TrimSuffix(strings.Replace(cell.Value, "T", " ", 1), "Z"), "datetime"
	case "@":
		return cell.Value, "string"
	default:
		return cell.Value, "" // nothing is known
	}
}

// plain takes a figure of the page back to what a CSV has.
func plain(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "\u00a0", " ")
	if number := strings.NewReplacer("−", "-", "+", "", ",", "", "₽", "", "₸", "", "%", "", "$", "", " ",
		"").Replace(s); number != "" && strings.Trim(number, "-0123456789.") == "" {
		return number
	}
	return s
}

// isRough tells whether a whole number may be the average of which the file has the tenths, both rounded.
func isRough(shown, file string) bool {
	x, err := decimal.NewFromString(file)
	if err != nil || !strings.Contains(file, ".") {
		return false
	}
	if shown == "<1" {
		return x.LessThanOrEqual(decimal.NewFromInt(1))
	}
	whole, err := decimal.NewFromString(shown)
	return err == nil && whole.IsInteger() && whole.Sub(x).Abs().LessThanOrEqual(decimal.RequireFromString("0.55"))
}

// alikeCell: dates and durations are written for people on the page; averages may be whole; other values are the same.
func alikeCell(shown, file string) bool {
	switch {
	case shown == "—" || shown == "":
		return file == ""
	case regexp.MustCompile(`^\d{4}-\d\d-\d\d`).MatchString(file):
		return strings.Contains(shown, strings.TrimPrefix(file[8:10], "0")+" ")
	case regexp.MustCompile(`^[\d.]+ (ms|s|min|h|d)( |$)`).MatchString(shown):
		return regexp.MustCompile(`^\d+\.\d{3}$`).MatchString(file)
	case strings.HasSuffix(shown, "…"):
		return true
	default:
		return shown == file || isRough(shown, file) || shown+".0" == file || strings.Join(strings.Fields(file), " ") == shown
	}
}

func fetch(t *testing.T, address string) (int, string) {
	t.Helper()
	response, err := http.Get(address) //nolint:noctx // a test server
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func readCSV(t *testing.T, address string) [][]string {
	t.Helper()
	status, body := fetch(t, address)
	if status != http.StatusOK {
		t.Fatalf("%s: %d", address, status)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return rows
}
