package dashboard

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// seenBy is the page as the guard hands requests of a viewer on to it.
func seenBy(page http.Handler, v access.Viewer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.ServeHTTP(w, r.WithContext(access.With(r.Context(), v)))
	})
}

// ask answers an address as a viewer gets it; a stream ends after its first line, and a workbook is unpacked.
func ask(t testing.TB, s *Server, v access.Viewer, at string) *httptest.ResponseRecorder {
	t.Helper()
	ctx, cancel := context.WithCancel(access.With(t.Context(), v))
	defer cancel()
	if strings.Contains(at, "/live") {
		cancel()
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	s.ServeHTTP(w, r)
	if w.Header().Get("Content-Type") == xlsxFile.contentType {
		w.Body = unpacked(t, w.Body.Bytes())
	}
	return w
}

// unpacked are the texts of a workbook; its theme, which is the same in each, has none.
func unpacked(t testing.TB, workbook []byte) *bytes.Buffer {
	t.Helper()
	files, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for _, part := range files.File {
		if strings.Contains(part.Name, "theme") {
			continue
		}
		file, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		_, err = all.ReadFrom(file)
		if _ = file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return &all
}

// addresses are all that the page answers, from its own list: with each event and block, and some queries.
func addresses(s *Server) (list []string) {
	for _, pattern := range s.patterns {
		paths := []string{strings.TrimSuffix(pattern, "{$}")}
		switch pattern {
		case "/events/{id}":
			paths = nil
			for _, id := range []int{0, 3, 4, 11} {
				paths = append(paths, "/events/"+strconv.Itoa(id))
			}
		case "/csv/{block}", "/xlsx/{block}":
			paths = nil
			for _, screen := range append(address.Screens(), address.Explain, address.Problem) {
				for _, b := range block.At(screen) {
					paths = append(paths, strings.Replace(pattern, "{block}", b.ID, 1))
				}
			}
		case access.SharePath + "{token}/":
			paths = []string{access.SharePath + "T/", access.SharePath + "T/live", access.SharePath + "T/events/3",
				access.SharePath + "T/csv/event", access.SharePath + "T/xlsx/event", access.SharePath + "T" + stylesheet().name}
		}
		for _, path := range paths {
			queries := []string{"", "event=4&show=103", "show=103", "by=money&event=3&show=102&lang=en",
				"event=3&show=102&seats=price", "event=3&show=102&seats=when", "by=money&compare=year&period=7"}
			if strings.HasSuffix(path, "/explain") {
				queries = append(queries, "figure=tickets", "figure=gross&currency=RUB", "figure=sold&event=4&lang=en",
					"figure=sold&event=3", "figure=sold&event=3&show=112", "figure=orders&of=utm&key=vk&key=cpc",
					"figure=revenue&currency=RUB&event=3&show=102&since=2026-11-01T00:00&upto=2026-11-02T14:05")
			}
			for _, query := range queries {
				list = append(list, path+"?"+query)
			}
		}
	}
	return list
}

// money is what an answer without money does not hold: a sign, or a code of a currency beside a figure or in a heading.
var money = regexp.MustCompile(`₽|₸|RUB|KZT`)

// amounts are all sums of the invented world that are too long to be a number of tickets.
func amounts(t *testing.T, w *invented) (list []string) {
	t.Helper()
	seen := map[string]bool{}
	var walk func(v reflect.Value, isMoney bool)
	walk = func(v reflect.Value, isMoney bool) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				walk(v.Elem(), isMoney)
			}
		case reflect.Slice:
			for i := range v.Len() {
				card, ok := v.Index(i).Interface().(figures.Card)
				walk(v.Index(i), isMoney || ok && card.IsMoney())
			}
		case reflect.Struct:
			if d, ok := v.Interface().(decimal.Decimal); ok {
				if whole := d.IntPart(); isMoney && whole >= 10_000 {
					seen[strconv.FormatInt(whole, 10)] = true
				}
				return
			}
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i), isMoney || v.Type().Field(i).Tag.Get("money") == "yes")
				}
			}
		}
	}
	for _, screen := range append(address.Screens(), address.Explain) {
		for _, b := range block.At(screen) {
			if answer, err := w.Query(t.Context(), b, figures.Filter{Event: 3, Show: 102}); err == nil && answer != nil {
				walk(reflect.ValueOf(answer), false)
			}
		}
	}
	for amount := range seen {
		list = append(list, amount)
	}
	if len(list) < 10 {
		t.Fatalf("the invented world has %d sums", len(list))
	}
	return list
}

// grouping are the spaces that numbers are written with.
var grouping = strings.NewReplacer("\u00a0", "", "\u202f", "", "&nbsp;", "")

// moneyIn is money that stands in an answer, with what is around it; "": there is none.
func moneyIn(body string, sums []string) string {
	if found := money.FindString(body); found != "" {
		return found
	}
	plain := grouping.Replace(body)
	for _, sum := range sums {
		for rest, from := plain, 0; ; {
			at := strings.Index(rest[from:], sum)
			if at < 0 {
				break
			}
			at += from
			from = at + len(sum)
			before, after := rest[max(0, at-1):at], rest[from:min(len(rest), from+1)]
			if !strings.ContainsAny(before, "0123456789.") && !strings.ContainsAny(after, "0123456789") {
				return rest[max(0, at-40):min(len(rest), from+10)]
			}
		}
	}
	return ""
}

// foreign is what an answer about event 3 does not hold: other events and their shows.
func foreign(w *invented, body string) string {
	for i := range 10 {
		if i != 2 && strings.Contains(body, w.name(i)) {
			return w.name(i)
		}
	}
	for _, id := range regexp.MustCompile(`(?:events/|event=|show=|value=")(\d+)`).FindAllStringSubmatch(body, -1) {
		if !slices.Contains([]string{"3", "102", "112", "122"}, id[1]) {
			return id[0]
		}
	}
	return ""
}

// TestRolesAtEveryAddress: every role asks for everything the page answers. Who sees no money gets the same pages
// without any; who sees one event gets nothing of another, and a share link nothing but its own page.
func TestRolesAtEveryAddress(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, _ := site(t, w)
	sums := amounts(t, w)
	all := addresses(s)
	admin := access.Viewer{Role: access.Admin}
	shown, looked := 0, 0
	for i, at := range all {
		if i%testkit.Rounds(4, 1) != 0 {
			continue // a sample of them
		}
		looked++
		full := ask(t, s, admin, at)
		if moneyIn(full.Body.String(), sums) != "" {
			shown++
		}
		if view := ask(t, s, access.Viewer{Role: access.View}, at); view.Code != full.Code {
			t.Errorf("view: %s: %d, not %d", at, view.Code, full.Code)
		}
		for _, v := range []access.Viewer{{Role: access.ViewNoMoney}, {}, {Role: "root"}} {
			got := ask(t, s, v, at)
			found := moneyIn(got.Body.String(), sums)
			moneyAlone := got.Code == http.StatusNotFound && // such a block is not there
				(strings.HasPrefix(at, "/csv/") || strings.HasPrefix(at, "/xlsx/") || strings.HasPrefix(at, "/explain?"))
			if got.Code != full.Code && !moneyAlone || found != "" {
				t.Errorf("%q: %s: %d (%d) with %q", v.Role, at, got.Code, full.Code, found)
			}
		}
		for _, v := range []access.Viewer{{Role: access.Event, Event: 3}, {Role: access.Shared, Event: 3},
			{Role: access.Shared, Event: 3, Show: 102, NoMoney: true}} {
			s.checkScoped(t, w, v, at, sums)
		}
	}
	if shown < looked/4 {
		t.Errorf("of %d answers %d hold money: the test sees nothing", looked, shown)
	}
}

// checkScoped asks as a viewer of event 3.
func (s *Server) checkScoped(t *testing.T, w *invented, v access.Viewer, at string, sums []string) {
	t.Helper()
	got := ask(t, s, v, at)
	if got.Code == http.StatusTemporaryRedirect || got.Code == http.StatusMovedPermanently {
		return // says what was asked, without its dots
	}
	body := got.Body.String() + got.Header().Get("Location")
	path, _, _ := strings.Cut(at, "?")
	if strings.HasPrefix(path, "/assets/") || strings.Contains(path, "T/assets/") {
		return
	}
	if found := foreign(w, body); found != "" {
		t.Errorf("%+v: %s: %d holds %q", v, at, got.Code, found)
	}
	if found := moneyIn(body, sums); !v.SeesMoney() && found != "" {
		t.Errorf("%+v: %s: %d holds %q", v, at, got.Code, found)
	}
	explains := got.Code == http.StatusOK && path == "/explain" || strings.Contains(body, "/explain?")
	if v.Role == access.Shared && explains {
		t.Errorf("%+v: %s: %d explains", v, at, got.Code)
	}
	own := strings.HasPrefix(path, access.SharePath)
	if got.Code == http.StatusOK && own && v.Role != access.Shared {
		t.Errorf("%+v: %s: %d", v, at, got.Code)
	}
	if v.Show != 0 && strings.Contains(body, "show=112") {
		t.Errorf("%+v: %s leads to another show", v, at)
	}
}

// TestEventViewerFindsTheirEvent, whatever address they begin with.
func TestEventViewerFindsTheirEvent(t *testing.T) {
	t.Parallel()
	s, _ := site(t, newInvented())
	v := access.Viewer{Role: access.Event, Event: 3, SignedIn: true}
	for at, want := range map[string]string{"/": "/events/3", "/?event=4&lang=en": "/events/3?lang=en",
		"/events": "/events/3", "/events?event=4": "/events/3"} {
		if w := ask(t, s, v, at); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("%s: %d %q", at, w.Code, w.Header().Get("Location"))
		}
	}
	w := ask(t, s, v, "/events/3?show=102&lang=en")
	body := w.Body.String()
	if w.Code != http.StatusOK || !strings.Contains(body, "Стендап на крыше") || strings.Contains(body, "/channels") ||
		strings.Contains(body, "<select") || !strings.Contains(body, `href="/sign-out"`) ||
		!strings.Contains(body, "/csv/zones") {
		t.Errorf("%d %s", w.Code, body)
	}
	for _, at := range []string{"/events/4", "/events/999999", "/channels", "/data", "/csv/shows", "/csv/event?event=4",
		"/xlsx/shows", "/xlsx/event?event=4",
		"/events/3?show=103"} {
		if w := ask(t, s, v, at); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", at, w.Code)
		}
	}
}

// TestSharedPage stands alone: its files and news are below its address, and everything leads back to itself.
func TestSharedPage(t *testing.T) {
	t.Parallel()
	s, _ := site(t, newInvented())
	until := time.Date(2026, 12, 5, 12, 0, 0, 0, time.UTC)
	v := access.Viewer{Role: access.Shared, Event: 3, NoMoney: true, Until: until.Unix()}
	w := ask(t, s, v, "/s/T/?lang=ru")
	body := w.Body.String()
	for _, link := range regexp.MustCompile(`(?:href|src|action)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		if !strings.HasPrefix(link[1], "./") && link[1] != "#main" {
			t.Errorf("leads to %s", link[1])
		}
	}
	if w.Code != http.StatusOK || !strings.Contains(body, "Стендап на крыше") || !strings.Contains(body, `data-live="live"`) ||
		!strings.Contains(body, "дек") || strings.Contains(body, "CSV") || strings.Contains(body, "XLSX") ||
		strings.Contains(body, "<dialog") || strings.Contains(body, "<form") ||
		w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v %s", w.Code, w.Header(), body)
	}
	for at, code := range map[string]int{"/s/T/live": 200, "/s/T" + stylesheet().name: 200, "/s/T" + script().name: 200,
		"/s/T/events/3": 404, "/s/T/csv/event": 404, "/s/T/xlsx/event": 404, "/s/T/assets/": 404} {
		if w := ask(t, s, v, at); w.Code != code {
			t.Errorf("%s: %d, want %d", at, w.Code, code)
		}
	}
	if w := ask(t, s, access.Viewer{Role: access.Admin}, "/s/T/"); w.Code != http.StatusNotFound {
		t.Errorf("without a link: %d", w.Code)
	}
}

// TestUnknownEventShowsNoShow: where it is not known whose a show is, nothing of it is told, also to those who come
// next.
func TestUnknownEventShowsNoShow(t *testing.T) {
	t.Parallel()
	w := newInvented()
	w.change(func(w *invented) { w.fail["event"] = true })
	s, _ := site(t, w)
	for _, v := range []access.Viewer{{Role: access.Admin}, {Role: access.Event, Event: 3}} {
		if body := ask(t, s, v, "/events/3?show=103").Body.String(); strings.Contains(body, "Партер") ||
			strings.Contains(body, "610") {
			t.Errorf("%q: %s", v.Role, body)
		}
	}
}

// TestSharedLinksLeakNothing: random addresses below and beside a share link, asked by whoever has it. How many:
// QTICKETS_SHARED_REQUESTS, in runs by hand.
func TestSharedLinksLeakNothing(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, _ := site(t, w)
	sums := amounts(t, w)
	requests := testkit.Rounds(600, 3000)
	if n, err := strconv.Atoi(os.Getenv("QTICKETS_SHARED_REQUESTS")); err == nil {
		requests = n
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable
	known := addresses(s)
	for n := range requests {
		v := access.Viewer{Role: access.Shared, Event: 3, Show: []uint64{0, 102}[random.IntN(2)],
			NoMoney: random.IntN(2) == 0}
		s.checkScoped(t, w, v, randomAddress(random, known), sums)
		if t.Failed() {
			t.Fatalf("after %d requests", n)
		}
	}
}

// randomAddress is a known one or one of a link, with parameters that mean something and such as do not.
func randomAddress(random *rand.Rand, known []string) string {
	one := func(list ...string) string { return list[random.IntN(len(list))] }
	path, _, _ := strings.Cut(one(known...), "?")
	if random.IntN(3) > 0 {
		path = access.SharePath + "T/" + one("", "", "", "", "live", "events/4", "csv/zones", "xlsx/zones",
			"explain?figure=tickets", "../../events/4", "%2e%2e/data", "x")
	}
	q := url.Values{}
	for range random.IntN(5) {
		name := one("event", "show", "id", "city", "period", "from", "to", "compare", "lang", "by", "wall", "token", "EVENT",
			"seats", "event[]", "scope", fmt.Sprint("x", random.IntN(9)))
		q.Add(name, one("", "3", "4", "102", "103", "112", "0", "-1", "18446744073709551615", "money", "en", "ru", "season",
			"price", "when", "year", "2026-11-01", "Москва", "Щелкунчик", "\x00",
			strings.Repeat("9", random.IntN(400)), "1", "*"))
	}
	text := path + "?" + q.Encode()
	if random.IntN(10) == 0 {
		text += one("&;", "&%zz", "&event=4;show=103", "&"+strings.Repeat("a=b&", 40), "#event=4")
	}
	if _, err := url.ParseRequestURI(text); err != nil {
		return path
	}
	return text
}
