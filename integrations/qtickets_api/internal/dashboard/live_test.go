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

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
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

// asker counts the questions of pages.
type asker struct {
	*invented
	t       *testing.T
	address string
}

func (a asker) during(do func()) int64 {
	before := a.queries.Load()
	do()
	return a.queries.Load() - before
}

func (a asker) asking(path string) int64 {
	return a.during(func() {
		if status, _ := get(a.t, a.address+path, nil); status != http.StatusOK {
			a.t.Fatalf("%s: %d", path, status)
		}
	})
}

// TestOpenPagesAreMadeBeforeTheirViewersAreTold: who has a page open finds the one of a new publication ready.
func TestOpenPagesAreMadeBeforeTheirViewersAreTold(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w, func(o *Options) { o.Poll = time.Hour })
	a := asker{w, t, address}
	lines, _ := follower(t, address)
	nextState(t, lines)
	today, channels := a.asking("/?lang=ru"), a.asking("/channels")
	if today == 0 || channels == 0 {
		t.Fatal("nothing was asked for")
	}
	for range 2 {
		made := a.during(func() {
			w.publish()
			s.Published()
			nextState(t, lines)
		})
		if want := today + channels + 1; made != want { // open alerts are asked for with each publication
			t.Errorf("%d questions before the viewers are told, want %d: those of both pages", made, want)
		}
		if asked := a.asking("/?lang=en") + a.asking("/channels"); asked != 0 {
			t.Errorf("%d questions for pages that are ready", asked)
		}
	}
}

// TestPollMakesOpenPages: a page that is read now and then, by no browser that listens, is ready too after a
// publication of another process.
func TestPollMakesOpenPages(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w, func(o *Options) { o.Poll = 10 * time.Millisecond; o.Now = time.Now })
	get(t, address+"/", nil)
	w.publish()
	waitFor(t, func() bool { return len(s.pages.values()) > 1 })
}

// ticking is a source of which each question takes a second of the world's clock.
type ticking struct{ *invented }

func (s ticking) Query(ctx context.Context, b block.Block, f figures.Filter) (any, error) {
	s.change(func(w *invented) { w.now = w.now.Add(time.Second) })
	return s.invented.Query(ctx, b, f)
}

// TestIdlePagesRest: a page that nobody asks for again is made for an hour, and while publications follow each other
// fast it rests ten times as long as it took. One that somebody asked for meanwhile does not rest.
func TestIdlePagesRest(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w, func(o *Options) { o.Poll = time.Hour; o.source = ticking{w} })
	a := asker{w, t, address}
	var rest time.Time
	publish := func() int64 {
		w.publish()
		s.publication.expire()
		current := s.publication.current(t.Context())
		return a.during(func() { rest = s.tell(t.Context(), current, rest) })
	}
	at := func(now time.Time) { w.change(func(w *invented) { w.now = now }) }
	w.publish()
	a.asking("/?lang=ru") // the first one asks for the state of the publication too
	today := publish()
	if again := publish(); today == 0 || again != today {
		t.Errorf("%d questions for an idle page, %d before", again, today)
	}
	if made := publish(); made != 0 {
		t.Errorf("%d questions for a page that rests", made)
	}
	channels := a.asking("/channels")
	if made := publish(); channels == 0 || made != channels {
		t.Errorf("%d questions, want the %d of the page that somebody asked for", made, channels)
	}
	at(rest)
	if made := publish(); made != today+channels {
		t.Errorf("%d questions after the rest, want %d: those of both pages", made, today+channels)
	}
	at(s.options.Now().Add(openFor + time.Second))
	if made := publish(); made != 0 {
		t.Errorf("%d questions for pages that nobody asked for in an hour", made)
	}
	for i := range 2 * mostOpen {
		a.asking(fmt.Sprintf("/channels?lang=ru&from=2026-10-%02d&to=2026-11-01", 1+i%31))
	}
	if made, most := publish(), mostOpen*(channels+1); made == 0 || made > most {
		t.Errorf("%d questions for what is made in advance, want some, and %d at most", made, most)
	}
}
