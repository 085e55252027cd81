package dashboard

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestHundredViewersOneSetOfQueries: for each publication, whatever the language, the look or the format.
func TestHundredViewersOneSetOfQueries(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w)
	crowd := func() int64 {
		before := w.queries.Load()
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				status, body := get(t, address+[]string{"/?lang=ru", "/?lang=en", "/?wall=1&lang=ru", "/?by=money&lang=en",
					"/csv/shows?lang=ru"}[i%5], nil)
				if status != http.StatusOK || !strings.Contains(body, "Щелкунчик") {
					t.Errorf("%d %.100s", status, body)
				}
			})
		}
		all.Wait()
		return w.queries.Load() - before
	}
	today, watched := questionsOfToday(), int64(1) // the questions of the screen; the number of alerts in the frame
	if n := crowd(); n != today+watched {
		t.Errorf("%d queries at first, want %d", n, today+watched)
	}
	if n := crowd(); n != 0 {
		t.Errorf("%d queries without a publication", n)
	}
	w.publish()
	w.change(func(w *invented) { w.now = w.now.Add(3 * time.Second) })
	s.publication.expire()
	if n := crowd(); n != today+watched {
		t.Errorf("%d queries after a publication, want %d", n, today+watched)
	}
}

func questionsOfToday() int64 {
	questions := map[string]bool{choicesQuestion: true}
	for _, b := range block.At(address.Today) {
		if b.HasQuery() {
			questions[b.Question] = true
		}
	}
	return int64(len(questions))
}

func TestETag(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w)
	tag := func(path string, header http.Header) string {
		r := getReply(t, address+path, header)
		if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
		return r.Header.Get("ETag")
	}
	first := tag("/", nil)
	seen := map[string]string{first: "/"}
	for _, path := range []string{"/?lang=en", "/?lang=ru", "/?wall=1", "/?by=money", "/?city=%D0%9C", "/?event=1",
		"/?period=7", "/channels", "/data", "/events/1", "/events/1?show=100", "/events/2"} {
		e := tag(path, nil)
		if other, same := seen[e]; same || e == "" {
			t.Errorf("%s and %s have the name %q", path, other, e)
		}
		seen[e] = path
	}
	if e := tag("/", http.Header{"Accept-Language": {"en"}}); e == first {
		t.Error("languages share a name")
	}
	if e := tag("/?unknown=1&period=28", nil); e != first {
		t.Error("an equal page has another name")
	}
	for header, want := range map[string]int{
		first: 304, "W/" + first: 304, `"x", ` + first: 304, "*": 304, `"x"`: 200, "": 200,
	} {
		r := getReply(t, address+"/", http.Header{"If-None-Match": {header}})
		if r.StatusCode != want {
			t.Errorf("If-None-Match %s: %d, want %d", header, r.StatusCode, want)
		}
		if vary := strings.Join(r.Header.Values("Vary"), ", "); !strings.Contains(vary, "Accept-Language") ||
			!strings.Contains(vary, "Authorization") {
			t.Errorf("Vary is %s", vary)
		}
	}
	for name, change := range map[string]func(*invented){
		"a publication": func(w *invented) { w.version.Batch++ },
		"a late state":  func(w *invented) { w.fresh.State = figures.Late },
		"a failed run":  func(w *invented) { w.fresh.LastRun = &figures.Run{RunID: "r2", Status: "failed"} },
		"another day":   func(w *invented) { w.now = w.now.AddDate(0, 0, 1) },
		"no ClickHouse": func(w *invented) { w.away = true },
	} {
		before := tag("/", nil)
		w.change(change)
		s.publication.expire()
		if after := tag("/", nil); after == before {
			t.Errorf("%s changes no name", name)
		}
		w.change(func(w *invented) { w.away = false })
		s.publication.expire()
	}
}

// TestFailedBlockIsNotKept: a page with a hole has no name, and the next one who asks later may have luck.
func TestFailedBlockIsNotKept(t *testing.T) {
	t.Parallel()
	w := newInvented()
	w.fail["hours"] = true
	_, address := site(t, w)
	r := getReply(t, address+"/?lang=en", nil)
	body := r.Body
	if r.StatusCode != http.StatusOK || r.Header.Get("ETag") != "" || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	if n := strings.Count(body, `class="failed"`); n != 1 || !strings.Contains(body, "below usual: 4 of 25") {
		t.Errorf("%d failed blocks", n)
	}
	for _, path := range []string{"/csv/hours", "/xlsx/hours"} {
		if status, _ := get(t, address+path, nil); status != http.StatusServiceUnavailable {
			t.Errorf("%s of a failed block: %d", path, status)
		}
	}
	w.change(func(w *invented) { delete(w.fail, "hours"); w.now = w.now.Add(retryAfter + time.Second) })
	if _, body := get(t, address+"/?lang=en", nil); strings.Contains(body, `class="failed"`) {
		t.Error("the failure is still shown")
	}
}

// TestSlowBlock: a block that never answers fails alone.
func TestSlowBlock(t *testing.T) {
	t.Parallel()
	w := newInvented()
	w.slow = make(chan struct{})
	defer close(w.slow)
	_, address := site(t, w, func(o *Options) { o.limits = limits{question: 10 * time.Millisecond, page: time.Minute} })
	if status, body := get(t, address+"/?lang=en", nil); status != http.StatusOK ||
		!strings.Contains(body, "within two seconds") {
		t.Errorf("%d %.300s", status, body)
	}
}

// TestAwayShowsTheLastPage under a banner; the files, which have none, are refused.
func TestAwayShowsTheLastPage(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w)
	get(t, address+"/", nil)
	w.change(func(w *invented) { w.away = true })
	s.publication.expire()
	status, body := get(t, address+"/?lang=en", nil)
	if status != http.StatusOK || !strings.Contains(body, "last data received") ||
		!strings.Contains(body, "below usual: 4 of 25") || !strings.Contains(body, "Data as of 14:02 · no connection") {
		t.Errorf("%d %.300s", status, body)
	}
	for _, path := range []string{"/csv/shows", "/xlsx/shows"} {
		if status, _ := get(t, address+path, nil); status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, body := get(t, address+"/channels?lang=en", nil); status != http.StatusServiceUnavailable ||
		!strings.Contains(body, "doctor") {
		t.Errorf("a page nobody has opened: %d", status)
	}
}

// TestAllBlocksFailed: ClickHouse names a publication and answers nothing else.
func TestAllBlocksFailed(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w)
	get(t, address+"/?lang=en", nil)
	w.change(func(w *invented) { w.fail["every"] = true; w.version.Batch++ })
	s.publication.expire()
	r := getReply(t, address+"/?lang=en", nil)
	if r.StatusCode != http.StatusOK || !strings.Contains(r.Body, "last data received") ||
		!strings.Contains(r.Body, "below usual: 4 of 25") || r.Header.Get("ETag") != "" {
		t.Errorf("%d %v %.300s", r.StatusCode, r.Header, r.Body)
	}
	w.change(func(w *invented) { delete(w.fail, "every") })
	if _, body := get(t, address+"/?lang=en", nil); strings.Contains(body, "last data received") {
		t.Error("the last page is shown still")
	}
}

// TestNothingPublished: the first minutes of an installation.
func TestNothingPublished(t *testing.T) {
	t.Parallel()
	w := newInvented()
	w.nothing = true
	_, address := site(t, w)
	if status, body := get(t, address+"/?lang=en", nil); status != http.StatusOK ||
		!strings.Contains(body, "Nothing is published yet") || strings.Contains(body, "Data as of") {
		t.Errorf("%d %.300s", status, body)
	}
	if status, body := get(t, address+"/data?lang=en", nil); status != http.StatusOK ||
		!strings.Contains(body, "Last 20\u00a0loads") {
		t.Errorf("the loads are told even so: %d %.300s", status, body)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	_, address := site(t, newInvented())
	for path, want := range map[string]int{
		"/": 200, "/?period=7&city=x&event=3&compare=year&by=money": 200, "/?from=2026-11-01&to=2026-11-20": 200,
		"/?from=2026-11-20&to=2026-11-01": 200,
		"/?from=2026-11-01":               200, "/?period=31": 400, "/?from=yesterday": 400, "/?from=0001-01-01": 400,
		"/?event=x":  400,
		"/?event=-1": 400, "/?compare=x": 400, "/?city=%ff": 400, "/?city=" + strings.Repeat("x", 301): 400,
		"/events/1": 200, "/events/1?show=100": 200, "/events/1?show=999": 404, "/events/999": 404, "/events/x": 400,
		"/events": 303, "/events?event=4": 303,
		"/channels?period=season": 200, "/data": 200, "/nothing": 404, "/assets/": 404, "/assets/page.css": 404,
		"/favicon.ico": 301,
		"/csv/shows":   200, "/csv/nothing": 404, "/csv/pacing": 400, "/csv/pacing?event=1&show=100": 200,
		"/csv/pacing?event=1": 404, "/xlsx/pacing": 400, "/xlsx/pacing?event=1&show=100": 200, "/xlsx/nothing": 404,
		"/xlsx/pacing?event=1": 404, "/csv/event?event=999": 404, "/csv/days?from=x": 400,
	} {
		r := getReply(t, address+path, nil)
		if r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
			"X-Frame-Options"} {
			if r.Header.Get(header) == "" {
				t.Errorf("%s has no %s", path, header)
			}
		}
	}
	policy := getReply(t, address+"/", nil).Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';",
		"img-src 'self';", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
		"require-trusted-types-for 'script'", "trusted-types worker", "manifest-src 'self'"} {
		if !strings.Contains(policy, part) || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("the policy is %s, without %s or with too much", policy, part)
		}
	}
	response, err := http.Post(address+"/", "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") == "" {
		t.Errorf("POST: %d", response.StatusCode)
	}
	if r := getReply(t, address+"/events?lang=en", nil); r.Header.Get("Location") != "/events/1?lang=en" {
		t.Errorf("the event that needs help most is %s", r.Header.Get("Location"))
	}
}

// TestProblemPage: the heading, the reason, and where to go; the colour of trouble only where it is ours.
func TestProblemPage(t *testing.T) {
	t.Parallel()
	w := newInvented()
	_, address := site(t, w)
	for _, c := range []struct {
		path, class string
		away        bool
	}{{"/events/999", "problem", false}, {"/data?lang=en", "banner", true}} {
		w.change(func(w *invented) { w.away = c.away; w.now = w.now.Add(time.Minute) })
		_, body := get(t, address+c.path, nil)
		heading, reason := strings.Index(body, "<h1>"), strings.Index(body, `<p class="`+c.class+`"`)
		if heading < 0 || reason < heading || strings.Count(body[reason:], "<li><a href=") != 4 {
			t.Errorf("%s: %s", c.path, body)
		}
	}
}

// TestFiltersSayWhatIsChosen: events that are over stand under a heading of their own, the others with their next date;
// what is chosen is marked, and chosen dates are in words.
func TestFiltersSayWhatIsChosen(t *testing.T) {
	t.Parallel()
	_, address := site(t, newInvented())
	for path, want := range map[string][]string{
		"/?lang=ru": {`Щелкунчик, Москва · 28`, `<optgroup label="прошли"><option value="10">Ревизор, Владивосток</option>`,
			`<label>Город`},
		"/channels?lang=ru&city=%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0": {`<label class="on">Город`,
			`<label>Мероприятие`, `<details class="dates" id="d-dates"><summary>Свои даты<`},
		"/channels?lang=ru&from=2026-11-14&to=2026-11-20&compare=year": {`<label class="on">Сравнить`,
			`<details class="dates on" id="d-dates"><summary>14–20`},
	} {
		_, body := get(t, address+path, nil)
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %s", path, text)
			}
		}
	}
}
