package dashboard

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// asking is an invented world that notes for which days it was asked, and may hold its answers back.
type asking struct {
	*invented
	mu       sync.Mutex
	from, to time.Time
	hold     chan struct{} // nil: answers come at once
	now      atomic.Int64  // questions that are held
}

func (a *asking) Query(ctx context.Context, b block.Block, f figures.Filter) (any, error) {
	a.mu.Lock()
	a.from, a.to = f.From, f.To
	hold := a.hold
	a.mu.Unlock()
	if hold != nil {
		a.now.Add(1)
		<-hold
	}
	return a.invented.Query(ctx, b, f)
}

// TestFault3_3_RangeIsCutToTheData: no address makes the page ask for days that the data cannot have, and equal pages
// are one page.
func TestFault3_3_RangeIsCutToTheData(t *testing.T) {
	t.Parallel()
	a := &asking{invented: newInvented()}
	_, address := site(t, a.invented, func(o *Options) { o.source = a })
	today := a.invented.now.Format(time.DateOnly)
	for query, want := range map[string][2]string{
		"from=2000-01-01&to=2100-12-31": {"2026-08-25", today},
		"from=2100-12-31&to=2000-01-01": {"2026-08-25", today},
		"from=2026-11-01&to=2099-01-01": {"2026-11-01", today},
		"from=2001-01-01&to=2001-12-31": {"2001-12-31", "2001-12-31"},
		"from=2088-01-01&to=2099-12-31": {"2088-01-01", "2088-01-01"},
		"from=2026-10-01&to=2026-10-07": {"2026-10-01", "2026-10-07"},
	} {
		for _, path := range []string{"/channels?compare=year&", "/csv/days?compare=previous&",
			"/xlsx/days?compare=previous&", "/?"} {
			a.mu.Lock()
			a.from, a.to = time.Time{}, time.Time{}
			a.mu.Unlock()
			status, body := get(t, address+path+query, nil)
			a.mu.Lock()
			from, to := a.from.Format(time.DateOnly), a.to.Format(time.DateOnly)
			a.mu.Unlock()
			kept := from == "0001-01-01" // shown already, for another language or block
			if status == http.StatusNotFound && (strings.HasPrefix(path, "/csv") || strings.HasPrefix(path, "/xlsx")) {
				continue
			}
			if status != http.StatusOK || !kept && (from != want[0] || to != want[1]) {
				t.Errorf("%s%s: %d, asked for %s to %s, want %v", path, query, status, from, to, want)
			}
			if len(body) > 1<<20 {
				t.Errorf("%s%s: %d bytes", path, query, len(body))
			}
		}
	}
	one := getReply(t, address+"/channels?from=2000-01-01&to=2100-12-31", nil).Header.Get("ETag")
	two := getReply(t, address+"/channels?from=2001-01-01&to=2099-12-31", nil).Header.Get("ETag")
	if one == "" || one != two {
		t.Errorf("one page has two names: %s, %s", one, two)
	}
}

// TestFault3_3_FewPagesAreMadeAtATime: many different pages at once are made a few at a time; those who cannot even
// wait hear so and when to come again; then all is as before.
func TestFault3_3_FewPagesAreMadeAtATime(t *testing.T) {
	t.Parallel()
	a := &asking{invented: newInvented(), hold: make(chan struct{})}
	s, address := site(t, a.invented, func(o *Options) {
		o.source, o.limits = a, limits{question: time.Hour, page: time.Hour}
	})
	s.gate.patience = time.Hour
	s.loader.gate = s.gate
	var refused, shown atomic.Int64
	var all sync.WaitGroup
	const many = madeAtOnce + waitForOne + 6
	for i := range many {
		all.Go(func() {
			r := getReply(t, fmt.Sprintf("%s/channels?event=%d", address, i+1), nil)
			switch {
			case r.StatusCode == http.StatusOK:
				shown.Add(1)
			case r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != "" &&
				strings.Contains(r.Body, "слишком много страниц"):
				refused.Add(1)
			default:
				t.Errorf("%d %.200s", r.StatusCode, r.Body)
			}
		})
	}
	waitFor(t, func() bool { return refused.Load() == many-madeAtOnce-waitForOne })
	if n := len(s.gate.slots); n != madeAtOnce {
		t.Errorf("%d pages are made at a time", n)
	}
	a.mu.Lock()
	close(a.hold)
	a.hold = nil
	a.mu.Unlock()
	all.Wait()
	if shown.Load() != madeAtOnce+waitForOne {
		t.Errorf("%d pages were shown", shown.Load())
	}
}

// TestFault3_3_OtherSitesLoadNothing: a page of another site gets neither page nor CSV nor stream; a link that a reader
// follows from a mail or a messenger opens, and so does what a program asks for.
func TestFault3_3_OtherSitesLoadNothing(t *testing.T) {
	t.Parallel()
	_, address := site(t, newInvented())
	for _, path := range []string{"/", "/channels", "/csv/shows", "/xlsx/shows", "/live", "/events/1"} {
		for name, c := range map[string]struct {
			site, mode, dest string
			refused          bool
		}{
			"an image":          {"cross-site", "no-cors", "image", true},
			"a script":          {"cross-site", "cors", "empty", true},
			"a frame":           {"cross-site", "navigate", "iframe", true},
			"another port":      {"same-site", "no-cors", "image", true},
			"an unknown value":  {"new-site", "no-cors", "image", true},
			"a link in a mail":  {"cross-site", "navigate", "document", false},
			"typed by hand":     {"none", "navigate", "document", false},
			"the page itself":   {"same-origin", "cors", "empty", false},
			"no browser at all": {"", "", "", false},
		} {
			header := http.Header{}
			for key, value := range map[string]string{"Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": c.mode,
				"Sec-Fetch-Dest": c.dest} {
				if value != "" {
					header.Set(key, value)
				}
			}
			status := statusOf(t, address+path, header)
			if (status == http.StatusForbidden) != c.refused || !c.refused && status != http.StatusOK {
				t.Errorf("%s, %s: %d", path, name, status)
			}
		}
	}
}

// statusOf does not wait for the end of the answer: a stream has none.
func statusOf(t *testing.T, address string, header http.Header) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestFault3_3_AddressesAreBounded: too long, too many parts, or a part too long is no address of ours, in any order.
func TestFault3_3_AddressesAreBounded(t *testing.T) {
	t.Parallel()
	_, address := site(t, newInvented())
	for query, want := range map[string]int{
		"utm_source=mail&fbclid=abc&period=7":      200,
		"x=" + strings.Repeat("y", 3000):           400,
		strings.Repeat("a=1&", 40):                 400,
		strings.Repeat("&", 40) + "period=7":       400,
		"city=" + strings.Repeat("z", 301):         400,
		"event=" + strings.Repeat("1", 100):        400,
		"from=2026-01-01" + strings.Repeat("0", 9): 400,
		"period=" + strings.Repeat("7", 50):        400,
	} {
		for _, path := range []string{"/?", "/channels?", "/csv/shows?", "/xlsx/shows?", "/events?"} {
			status := statusOf(t, address+path+query, nil)
			if want == 400 && status != 400 || want == 200 && status >= 400 {
				t.Errorf("%s%.40s: %d, want %d", path, query, status, want)
			}
		}
	}
}

// TestFault3_9_OneClientDoesNotTakeAllPlaces of those who are kept up to date: not from one address, and not from many
// of one network.
func TestFault3_9_OneClientDoesNotTakeAllPlaces(t *testing.T) {
	t.Parallel()
	s, address := site(t, newInvented(), func(o *Options) {
		o.Viewers = 40
		o.Client = func(r *http.Request) netip.Prefix {
			p, _ := netip.MustParseAddr(r.Header.Get("X-Client")).Prefix(64)
			return p
		}
	})
	join := func(client string) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Client", client)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		if response.StatusCode == http.StatusOK { // it has its place
			_, _ = bufio.NewReader(response.Body).ReadString('\n')
		}
		return response.StatusCode
	}
	refused := 0
	for i := range 40 {
		if join(fmt.Sprintf("2001:db8::%x", i+1)) == http.StatusServiceUnavailable {
			refused++
		}
	}
	if refused != 30 || s.Watching() != 10 {
		t.Errorf("of 40 places one network took %d, %d were refused", s.Watching(), refused)
	}
	if status := join("2001:db8:0:1::1"); status != http.StatusOK {
		t.Errorf("another network: %d", status)
	}
}

// TestFault2_7_PageSaysWhyItCannotRead, in both languages with the next step, and works by itself when it can.
func TestFault2_7_PageSaysWhyItCannotRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		ru, en string
	}{
		"no password": {ErrNoPassword, "не задан CLICKHOUSE_READER_PASSWORD", "CLICKHOUSE_READER_PASSWORD is not set"},
		"wrong password": {fmt.Errorf("open: %w", warehouse.ErrAuth), "Проверьте CLICKHOUSE_READER_USER",
			"Check CLICKHOUSE_READER_USER"},
		"readonly=1":   {fmt.Errorf("x: %w", warehouse.ErrPermission), "readonly=2", "readonly=1"},
		"nobody there": {errors.New("dial"), "База данных не отвечает", "The database does not respond"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &refusing{invented: newInvented(), err: c.err}
			s, address := site(t, a.invented, func(o *Options) { o.source = a })
			for lang, want := range map[string]string{"ru": c.ru, "en": c.en} {
				for _, path := range []string{"/?lang=", "/channels?lang=", "/csv/shows?lang=", "/xlsx/shows?lang="} {
					r := getReply(t, address+path+lang, nil)
					if r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(r.Body, want) ||
						r.Header.Get("Retry-After") == "" {
						t.Errorf("%s%s: %d without %q", path, lang, r.StatusCode, want)
					}
				}
			}
			if err := s.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), c.en) {
				t.Errorf("readiness says %v", err)
			}
			a.mend()
			s.publication.expire()
			if status, body := get(t, address+"/", nil); status != http.StatusOK || s.Ready(t.Context()) != nil {
				t.Errorf("mended: %d %.200s", status, body)
			}
		})
	}
}

// refusing is an invented world that cannot be read at first.
type refusing struct {
	*invented
	mu  sync.Mutex
	err error
}

func (r *refusing) mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = nil
}

func (r *refusing) Version(ctx context.Context) (figures.Version, error) {
	r.mu.Lock()
	err := r.err
	r.mu.Unlock()
	if err != nil {
		return figures.Version{}, err
	}
	return r.invented.Version(ctx)
}
