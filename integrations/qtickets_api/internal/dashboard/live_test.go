package dashboard

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

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
	if r := getReply(t, address+"/live", nil); r.StatusCode != http.StatusServiceUnavailable ||
		r.Header.Get("Retry-After") == "" {
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
	for range 50 {
		w.publish()
		s.Published()
		next := nextState(t, lines)
		if next == last {
			t.Fatal("the same state twice")
		}
		last = next
	}
	hub := newHub(10) // and nobody waits for a full channel
	c := hub.join(netip.Prefix{})
	for i := range 100 {
		hub.broadcast(fmt.Sprint(i))
	}
	if got := <-c; got != "99" {
		t.Errorf("the newest is %s", got)
	}
}

// TestOpenPagesAreMadeBeforeTheirViewersAreTold: who asks again for a page, within an hour, finds the one of a new
// publication ready. One that nobody asked for in an hour costs nothing.
func TestOpenPagesAreMadeBeforeTheirViewersAreTold(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w, func(o *Options) { o.Poll = time.Hour })
	lines, _ := follower(t, address)
	nextState(t, lines)
	asking := func(paths ...string) (asked int64) {
		before := w.queries.Load()
		for _, path := range paths {
			if status, _ := get(t, address+path, nil); status != http.StatusOK {
				t.Fatalf("%s: %d", path, status)
			}
		}
		return w.queries.Load() - before
	}
	publish := func() (asked int64) {
		before := w.queries.Load()
		w.publish()
		s.Published()
		nextState(t, lines)
		return w.queries.Load() - before - 1 // open alerts are asked for with each publication
	}
	later := func(d time.Duration) { w.change(func(w *invented) { w.now = w.now.Add(d) }) }
	today, channels := asking("/?lang=ru"), asking("/channels")
	if today == 0 || channels == 0 {
		t.Fatal("nothing was asked for")
	}
	for range 2 {
		later(openFor / 4)
		if made := publish(); made != today+channels {
			t.Errorf("%d questions before the viewers are told, want those of both pages: %d", made, today+channels)
		}
	}
	if asked := asking("/?lang=en"); asked != 0 {
		t.Errorf("%d questions for a page that is ready", asked)
	}
	later(openFor/2 + time.Second)
	if made := publish(); made != today {
		t.Errorf("%d questions, want those of the page that is open: %d", made, today)
	}
	later(openFor)
	if made := publish(); made != 0 {
		t.Errorf("%d questions for pages that nobody has", made)
	}
	for i := range 2 * mostOpen {
		asking(fmt.Sprintf("/channels?lang=ru&from=2026-10-%02d&to=2026-11-01", 1+i%31))
	}
	if made, most := publish(), mostOpen*(channels+1); made > most {
		t.Errorf("%d questions for what is made in advance, want %d at most", made, most)
	}
}

// TestPollMakesOpenPages: a page that is read now and then, by no browser that listens, is ready too after a publication
// of another process.
func TestPollMakesOpenPages(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w, func(o *Options) { o.Poll = 10 * time.Millisecond; o.Now = time.Now })
	get(t, address+"/", nil)
	w.publish()
	waitFor(t, func() bool { return len(s.pages.values()) > 1 })
}
