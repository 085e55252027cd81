package dashboard

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
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
				status, body := get(t, address+[]string{"/?lang=ru", "/?lang=en", "/?wall=1&lang=ru", "/?by=money&lang=en", "/csv/shows?lang=ru"}[i%5], nil)
				if status != http.StatusOK || !strings.Contains(body, "Щелкунчик") {
					t.Errorf("%d %.100s", status, body)
				}
			})
		}
		all.Wait()
		return w.queries.Load() - before
	}
	const today, watched = 7, 1 // the blocks of the screen; the number of alerts in the frame
	if n := crowd(); n != today+watched {
		t.Errorf("%d queries at first, want %d", n, today+watched)
	}
	if n := crowd(); n != 0 {
		t.Errorf("%d queries without a publication", n)
	}
	w.publish()
	w.change(func(w *invented) { w.now = w.now.Add(3 * time.Second) })
	s.watch.expire()
	if n := crowd(); n != today+watched {
		t.Errorf("%d queries after a publication, want %d", n, today+watched)
	}
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
	for _, path := range []string{"/?lang=en", "/?lang=ru", "/?wall=1", "/?by=money", "/?city=%D0%9C", "/?event=1", "/?period=7", "/channels", "/data", "/events/1", "/events/1?show=100", "/events/2"} {
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
		if vary := strings.Join(r.Header.Values("Vary"), ", "); !strings.Contains(vary, "Accept-Language") || !strings.Contains(vary, "Authorization") {
			t.Errorf("Vary is %s", vary)
		}
	}
	for name, change := range map[string]func(*invented){
		"a publication": func(w *invented) { w.version.Batch++ },
		"a late state":  func(w *invented) { w.fresh.State = Late },
		"a failed run":  func(w *invented) { w.fresh.LastRun = &Run{RunID: "r2", Status: "failed"} },
		"another day":   func(w *invented) { w.now = w.now.AddDate(0, 0, 1) },
		"no ClickHouse": func(w *invented) { w.away = true },
	} {
		before := tag("/", nil)
		w.change(change)
		s.watch.expire()
		if after := tag("/", nil); after == before {
			t.Errorf("%s changes no name", name)
		}
		w.change(func(w *invented) { w.away = false })
		s.watch.expire()
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
	if n := strings.Count(body, `class="failed"`); n != 1 || !strings.Contains(body, "8 of 25 shows need help") {
		t.Errorf("%d failed blocks", n)
	}
	if status, _ := get(t, address+"/csv/hours", nil); status != http.StatusServiceUnavailable {
		t.Errorf("the CSV of a failed block: %d", status)
	}
	w.change(func(w *invented) { delete(w.fail, "hours"); w.now = w.now.Add(retryAfter + time.Second) })
	if _, body := get(t, address+"/?lang=en", nil); strings.Contains(body, `class="failed"`) {
		t.Error("the failure is still shown")
	}
}

// TestSlowBlock: a block that takes too long fails alone, within its time.
func TestSlowBlock(t *testing.T) {
	t.Parallel()
	w := newInvented()
	w.slow = make(chan struct{})
	defer close(w.slow)
	_, address := site(t, w)
	began := time.Now()
	status, body := get(t, address+"/?lang=en", nil)
	if took := time.Since(began); status != http.StatusOK || took > 2*pageTime || !strings.Contains(body, "within two seconds") {
		t.Errorf("%d after %s", status, took)
	}
}

// TestAwayShowsTheLastPage under a banner; the CSV, which has none, is refused.
func TestAwayShowsTheLastPage(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w)
	get(t, address+"/", nil)
	w.change(func(w *invented) { w.away = true })
	s.watch.expire()
	status, body := get(t, address+"/?lang=en", nil)
	if status != http.StatusOK || !strings.Contains(body, "last known page") || !strings.Contains(body, "8 of 25 shows") || !strings.Contains(body, "Data as of 14:02 · no connection") {
		t.Errorf("%d %.300s", status, body)
	}
	if status, _ := get(t, address+"/csv/shows", nil); status != http.StatusServiceUnavailable {
		t.Errorf("CSV: %d", status)
	}
	if status, body := get(t, address+"/channels?lang=en", nil); status != http.StatusServiceUnavailable || !strings.Contains(body, "doctor") {
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
	s.watch.expire()
	r := getReply(t, address+"/?lang=en", nil)
	if r.StatusCode != http.StatusOK || !strings.Contains(r.Body, "last known page") || !strings.Contains(r.Body, "8 of 25 shows") || r.Header.Get("ETag") != "" {
		t.Errorf("%d %v %.300s", r.StatusCode, r.Header, r.Body)
	}
	w.change(func(w *invented) { delete(w.fail, "every") })
	if _, body := get(t, address+"/?lang=en", nil); strings.Contains(body, "last known page") {
		t.Error("the last page is shown still")
	}
}

// TestNothingPublished: the first minutes of an installation.
func TestNothingPublished(t *testing.T) {
	t.Parallel()
	w := newInvented()
	w.nothing = true
	_, address := site(t, w)
	if status, body := get(t, address+"/?lang=en", nil); status != http.StatusOK || !strings.Contains(body, "Nothing is published yet") || strings.Contains(body, "Data as of") {
		t.Errorf("%d %.300s", status, body)
	}
	if status, body := get(t, address+"/data?lang=en", nil); status != http.StatusOK || !strings.Contains(body, "Last 20 loads") {
		t.Errorf("the loads are told even so: %d %.300s", status, body)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	_, address := site(t, newInvented())
	for path, want := range map[string]int{
		"/": 200, "/?period=7&city=x&event=3&compare=year&by=money": 200, "/?from=2026-11-01&to=2026-11-20": 200, "/?from=2026-11-20&to=2026-11-01": 200,
		"/?from=2026-11-01": 200, "/?period=31": 400, "/?from=yesterday": 400, "/?from=0001-01-01": 400, "/?event=x": 400, "/?event=-1": 400, "/?compare=x": 400,
		"/events/1": 200, "/events/1?show=100": 200, "/events/1?show=999": 404, "/events/999": 404, "/events/x": 400, "/events": 303, "/events?event=4": 303,
		"/channels?period=season": 200, "/data": 200, "/nothing": 404, "/assets/": 404, "/assets/page.css": 404, "/favicon.ico": 301,
		"/csv/shows": 200, "/csv/nothing": 404, "/csv/pacing": 400, "/csv/pacing?event=1&show=100": 200, "/csv/pacing?event=1": 404, "/csv/event?event=999": 404, "/csv/days?from=x": 400,
	} {
		r := getReply(t, address+path, nil)
		if r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"} {
			if r.Header.Get(header) == "" {
				t.Errorf("%s has no %s", path, header)
			}
		}
	}
	policy := getReply(t, address+"/", nil).Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';", "img-src 'self';", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"} {
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

func TestLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "ru", "en-GB,en;q=0.9": "en", "ru-RU,ru;q=0.9,en;q=0.8": "ru", "de,en;q=0.5": "en", "de": "ru", "en;q=0.3, ru;q=0.7": "ru", "en;q=0": "ru", "*": "ru",
	} {
		if got := acceptedLanguage(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

// TestSizes: what goes over the wire.
func TestSizes(t *testing.T) {
	t.Parallel()
	_, address := site(t, newInvented())
	for _, lang := range []string{"ru", "en"} {
		r := getReply(t, address+"/?lang="+lang, http.Header{"Accept-Encoding": {"gzip"}})
		if r.Header.Get("Content-Encoding") != "gzip" {
			t.Fatal(r.Header)
		}
		t.Logf("today in %s with 25 shows: %d bytes", lang, len(r.Body))
		if len(r.Body) > 20<<10 {
			t.Errorf("today in %s: %d bytes", lang, len(r.Body))
		}
	}
	own := func(file string) int {
		data, err := assetFiles.ReadFile("assets/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return len(packed(data))
	}
	if n := own("page.css") + own("uplot.css"); n > 8<<10 {
		t.Errorf("the look: %d bytes", n)
	}
	if n := own("page.js"); n > 6<<10 {
		t.Errorf("the script: %d bytes", n)
	}
	t.Logf("look %d bytes, script %d bytes, uPlot %d bytes", own("page.css")+own("uplot.css"), own("page.js"), own("uplot.js"))
	// The bytes are the same as without packing.
	plain := getReply(t, address+script.name, http.Header{"Accept-Encoding": {"identity"}})
	r := getReply(t, address+script.name, http.Header{"Accept-Encoding": {"gzip"}})
	unpacked, err := gzip.NewReader(strings.NewReader(r.Body))
	if err != nil {
		t.Fatal(err)
	}
	same, _ := io.ReadAll(unpacked)
	if string(same) != plain.Body || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Error("packed and plain differ")
	}
}

// TestUPlotIsThePublishedOne: the files are those of the npm package that deps/page pins, with their licence.
// After another version: make assets, then these hashes.
func TestUPlotIsThePublishedOne(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"uplot.js":      "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
		"uplot.css":     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
		"uplot.LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
	} {
		data, err := assetFiles.ReadFile("assets/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s is %x", file, sum)
		}
	}
	lock, err := os.ReadFile("../../deps/page/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), "resolved") || !strings.Contains(string(lock), `"version": "1.6.32"`) {
		t.Error("deps/page/package-lock.json names a download address, or another version")
	}
}

// follower reads the stream of events.
func follower(t *testing.T, address string) (*bufio.Scanner, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("/live: %d", response.StatusCode)
	}
	stop := func() { cancel(); _ = response.Body.Close() }
	t.Cleanup(stop)
	return bufio.NewScanner(response.Body), stop
}

func nextState(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		if data, found := strings.CutPrefix(lines.Text(), "data: "); found {
			return data
		}
	}
	t.Fatal("the stream ended: ", lines.Err())
	return ""
}

func TestLive(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w, func(o *Options) { o.Viewers = 2; o.Poll = time.Hour; o.ping = 20 * time.Millisecond })
	lines, stop := follower(t, address)
	first := nextState(t, lines)
	if _, body := get(t, address+"/", nil); !strings.Contains(body, `data-state="`+first+`"`) {
		t.Error("the stream and the page name different states")
	}
	w.publish()
	s.Published()
	if second := nextState(t, lines); second == first {
		t.Error("a publication changed nothing")
	}
	for lines.Scan() && lines.Text() != ": ping" {
	}
	if lines.Err() != nil {
		t.Error("no ping: ", lines.Err())
	}
	follower(t, address)
	if r := getReply(t, address+"/live", nil); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("a viewer too many: %d", r.StatusCode)
	}
	stop()
	waitFor(t, func() bool { return s.Watching() == 1 })
	if err := s.Close(); err != nil || s.Watching() != 0 {
		t.Error("streams outlive the page")
	}
	if err := s.Close(); err != nil {
		t.Error("a second Close: ", err)
	}
}

// TestPollNoticesAPublication of another process.
func TestPollNoticesAPublication(t *testing.T) {
	t.Parallel()
	w := newInvented()
	_, address := site(t, w, func(o *Options) { o.Poll = 10 * time.Millisecond; o.Now = time.Now })
	lines, _ := follower(t, address)
	first := nextState(t, lines)
	w.publish()
	if second := nextState(t, lines); second == first {
		t.Error("nothing was noticed")
	}
}

// TestSlowViewerHoldsNobodyUp: one who does not read costs the others nothing and hears only the newest.
func TestSlowViewerHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w, func(o *Options) { o.Poll = time.Hour })
	where, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	slow, err := net.Dial("tcp", where.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	if _, err := fmt.Fprintf(slow, "GET /live HTTP/1.1\r\nHost: %s\r\n\r\n", where.Host); err != nil {
		t.Fatal(err)
	}
	lines, _ := follower(t, address)
	last := nextState(t, lines)
	waitFor(t, func() bool { return s.Watching() == 2 })
	began := time.Now()
	for range 50 {
		w.publish()
		s.Published()
		next := nextState(t, lines)
		if next == last {
			t.Fatal("the same state twice")
		}
		last = next
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("50 publications took %s", took)
	}
	hub := newHub(10) // and nobody waits for a full channel
	c := hub.join()
	for i := range 100 {
		hub.tell(fmt.Sprint(i))
	}
	if got := <-c; got != "99" {
		t.Errorf("the newest is %s", got)
	}
}

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	c := newCache()
	for i := range 10 * keptPages {
		c.keepPage(fmt.Sprint(i), written{})
		c.keepFigures(fmt.Sprint(i), &figures{})
	}
	if len(c.pages.byKey) != keptPages || c.pages.order.Len() != keptPages || len(c.figures.byKey) != keptFigures {
		t.Errorf("%d pages, %d figures", len(c.pages.byKey), len(c.figures.byKey))
	}
	if _, found := c.page(fmt.Sprint(10*keptPages - 1)); !found {
		t.Error("the newest is gone")
	}
}

// BenchmarkPage is a page of a publication that was seen before.
func BenchmarkPage(b *testing.B) {
	_, address := site(b, newInvented(), func(o *Options) { o.Now = time.Now })
	get(b, address+"/", nil)
	b.ResetTimer()
	for b.Loop() {
		r, err := http.Get(address + "/")
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
}
