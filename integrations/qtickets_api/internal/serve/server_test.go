package serve

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// output may be read while it is written.
type output struct {
	mu sync.Mutex
	bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Buffer.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Buffer.String()
}

// start serves a page until the returned function is called, which tells how that ended.
func start(t *testing.T, page, hook http.HandlerFunc, guard access.Options) (url string, log *output,
	stop func() error) {
	t.Helper()
	guard.Listen = "127.0.0.1:0"
	guard.NoAuth = guard.UsersFile == "" && guard.ProxyHeader == "" // who may see the page is tested elsewhere
	g, err := access.New(guard)
	if err != nil {
		t.Fatal(err)
	}
	log = &output{}
	s, err := New(Options{
		Listen: guard.Listen, Guard: g, Page: page, Webhook: hook, Ready: func(context.Context) []Check { return nil },
		Metrics: NewMetrics(MetricsOptions{
			Build:   "test",
			Health:  func(context.Context) (warehouse.Health, error) { return warehouse.Health{}, nil },
			Viewers: func() int { return 0 },
		}),
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = stop() })
	return s.URL(), log, stop
}

func get(t *testing.T, url string, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

// TestLogHoldsNothingForeign: the pattern of the page's own route, no path, query, header or address.
func TestLogHoldsNothingForeign(t *testing.T) {
	t.Parallel()
	page := http.NewServeMux()
	page.HandleFunc("GET /events/{id}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "twelve chars") })
	url, log, stop := start(t, page.ServeHTTP, page.ServeHTTP,
		access.Options{ProxyHeader: "X-User", TrustedProxies: "127.0.0.1"})
	get(t, url+"events/canary-path?mail=canary-query", "X-User", "canary-user", "User-Agent", "canary-agent",
		"X-Forwarded-For", "198.51.100.77")
	get(t, url+"canary-nowhere", "X-User", "canary-user", "X-Forwarded-For", "2001:db8:1:2:3:4:5:6")
	if err := stop(); err != nil {
		t.Error(err)
	}
	text := log.String()
	for _, want := range []string{"route=/events/{id}", "bytes=12", "status=200", "network=198.51.100.0/24",
		"network=2001:db8:1::/48", "status=404"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	for _, bad := range []string{"canary", "198.51.100.77", "3:4:5:6"} {
		if strings.Contains(text, bad) {
			t.Errorf("the log holds %s", bad)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestPanic: one broken answer is not the end of the process, and gives no address away.
func TestPanic(t *testing.T) {
	t.Parallel()
	url, log, _ := start(t, func(http.ResponseWriter, *http.Request) { panic("broken") }, http.NotFound, access.Options{})
	if response, err := http.Get(url); err == nil {
		_ = response.Body.Close()
		t.Error("the connection was not closed")
	}
	if status, _ := get(t, url+"healthz"); status != http.StatusOK {
		t.Errorf("/healthz: %d", status)
	}
	if text := log.String(); !strings.Contains(text, "broken") || strings.Contains(text, "127.0.0.1:") {
		t.Errorf("the log: %s", text)
	}
}

// TestHurriedClients: a client behind a trusted proxy is slowed down alone.
func TestHurriedClients(t *testing.T) {
	t.Parallel()
	url, _, _ := start(t, func(http.ResponseWriter, *http.Request) {}, http.NotFound,
		access.Options{ProxyHeader: "X-User", TrustedProxies: "127.0.0.1"})
	slowed := 0
	for range 300 {
		if status, _ := get(t, url, "X-User", "a", "X-Forwarded-For", "198.51.100.1"); status == http.StatusTooManyRequests {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("300 requests at once are all answered")
	}
	if status, _ := get(t, url, "X-User", "b", "X-Forwarded-For", "198.51.100.2"); status != http.StatusOK {
		t.Errorf("another client: %d", status)
	}
}

// TestStop: a stream ends, a webhook that is being taken is answered, and no new request is taken.
func TestStop(t *testing.T) {
	t.Parallel()
	streaming, taking, taken := make(chan bool), make(chan bool), make(chan bool)
	page := func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).Flush()
		close(streaming)
		<-r.Context().Done()
	}
	hook := func(w http.ResponseWriter, r *http.Request) {
		close(taking)
		<-taken
		if r.Context().Err() != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
	url, _, stop := start(t, page, hook, access.Options{})
	var all sync.WaitGroup
	all.Go(func() { get(t, url) })
	all.Go(func() {
		if status, _ := get(t, url+strings.TrimPrefix(WebhookPath, "/")); status != http.StatusOK {
			t.Errorf("the webhook under way: %d", status)
		}
	})
	<-streaming
	<-taking
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	for { // the port is closed at once
		response, err := http.Get(url + "healthz")
		if err != nil {
			break
		}
		_ = response.Body.Close()
	}
	close(taken)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	all.Wait()
}

// TestEvery: a load at once, then at the pace, sooner after a failure.
func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, at := time.Now(), []time.Duration(nil)
		stop, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			Every(stop, context.Background(), 15*time.Minute, func(context.Context) error {
				at = append(at, time.Since(began).Round(time.Minute))
				if n := len(at); n == 2 || n == 3 {
					return io.EOF
				}
				return nil
			})
		}()
		time.Sleep(40 * time.Minute)
		cancel()
		<-done
		if got, want := fmt.Sprint(at), "[0s 15m0s 16m0s 18m0s 33m0s]"; got != want {
			t.Errorf("loads at %s, want %s", got, want)
		}
	})
}
