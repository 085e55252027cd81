package crash_test

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// moment is where something can strike at a step.
type moment string

const (
	before moment = "before" // the loader makes the step, the other side never learns of it
	within moment = "within" // half of what the loader sends arrives
	after  moment = "after"  // the step is made, its response is lost
)

// boundary is one place of a run.
type boundary struct {
	moment moment
	step   string
}

// strike does something to the loader or its surroundings and tells whether the step is cut off then; if
// not, it goes on as if nothing had happened.
type strike func() (cut bool)

// guard stands before ClickHouse and QTickets: it names each step of the loader and strikes at one.
type guard struct {
	clickhouse string           // host:port of ClickHouse itself
	db         warehouse.Config // as the loader, through the guard
	api        string           // base URL of QTickets through the guard
	transport  http.RoundTripper

	mu      sync.Mutex
	met     map[string]bool
	steps   []string        // in the order they were first made
	sent    map[string]bool // passed on whole
	done    map[string]bool // and answered by the server
	at      boundary
	strike  strike // nil: struck, or nothing to do
	reached bool
}

func newGuard(t testing.TB, api *simulator.Server, db warehouse.Config) *guard {
	t.Helper()
	g := &guard{clickhouse: net.JoinHostPort(db.Host, strconv.Itoa(db.Port)), db: db,
		transport: &http.Transport{DisableKeepAlives: true}}
	g.reset()
	g.db.Port = listen(t, g.pass(g.clickhouse, statementName))
	qtickets := strings.TrimSuffix(strings.TrimPrefix(api.URL(), "http://"), simulator.BasePath)
	g.api = "http://127.0.0.1:" + strconv.Itoa(listen(t, g.pass(qtickets, requestName))) + simulator.BasePath
	return g
}

// listen serves on a free port of loopback until the test ends.
func listen(t testing.TB, handler http.Handler) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { _ = server.Close(); <-served })
	return listener.Addr().(*net.TCPAddr).Port
}

// reset forgets the last run and strikes nowhere.
func (g *guard) reset() { g.arm(boundary{}, nil) }

// arm forgets the last run and strikes when the next one comes to a boundary.
func (g *guard) arm(at boundary, do strike) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.met, g.steps, g.sent, g.done = map[string]bool{}, nil, map[string]bool{}, map[string]bool{}
	g.at, g.strike, g.reached = at, do, false
}

// pass forwards requests to a server and strikes at its boundary; a request that was struck gets no response.
func (g *guard) pass(host string, nameOf func(r *http.Request, body []byte) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil { // the loader died while it sent
			panic(http.ErrAbortHandler)
		}
		step := g.meet(nameOf(r, body))
		g.hit(boundary{before, step})
		sent := io.Reader(bytes.NewReader(body))
		if g.aims(boundary{within, step}) {
			sent = io.MultiReader(bytes.NewReader(body[:len(body)/2]), &failing{})
		} else {
			g.record(g.sent, step)
		}
		got, err := g.forward(host, r, sent, len(body))
		g.hit(boundary{within, step})
		if err != nil { // the server is not there
			panic(http.ErrAbortHandler)
		}
		g.record(g.done, step)
		g.hit(boundary{after, step})
		maps.Copy(w.Header(), got.header)
		w.WriteHeader(got.status)
		_, _ = w.Write(got.body)
	}
}

// response is one that has arrived whole.
type response struct {
	status int
	header http.Header
	body   []byte
}

func (g *guard) forward(host string, r *http.Request, body io.Reader, length int) (response, error) {
	request := r.Clone(r.Context())
	request.URL.Scheme, request.URL.Host, request.Host = "http", host, host
	request.Body, request.ContentLength, request.RequestURI = io.NopCloser(body), -1, ""
	if length == 0 {
		request.Body, request.ContentLength = http.NoBody, 0
	}
	got, err := g.transport.RoundTrip(request)
	if err != nil {
		return response{}, err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	return response{got.StatusCode, got.Header, text}, err
}

// failing is a body that breaks off.
type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, errors.New("cut off") }

// meet notes a step and tells its name in this run: the first of its kind, or a later request like it.
func (g *guard) meet(step string) string {
	if step == "" {
		return ""
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.met[step] && repeats(step) {
		step += " again"
	}
	if !g.met[step] {
		g.met[step] = true
		g.steps = append(g.steps, step)
	}
	return step
}

func (g *guard) aims(at boundary) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return at.step != "" && g.at == at && g.strike != nil
}

// hit strikes if this is the boundary, and may then leave the loader without a response.
func (g *guard) hit(at boundary) {
	if !g.aims(at) {
		return
	}
	g.mu.Lock()
	do := g.strike
	g.strike, g.reached = nil, true
	g.mu.Unlock()
	if do == nil || do() { // nil: another request of the same kind was quicker
		panic(http.ErrAbortHandler)
	}
}

func (g *guard) record(in map[string]bool, step string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	in[step] = true
}

// story is what came of the last run.
type story struct {
	steps   []string
	reached bool // the place it was to be struck at
	// published: the switch to its facts was made; perhaps: it may have been, the response was lost.
	published, perhaps bool
}

func (g *guard) story() story {
	g.mu.Lock()
	defer g.mu.Unlock()
	const publish = "INSERT INTO publish"
	return story{append([]string{}, g.steps...), g.reached, g.done[publish], g.sent[publish] && !g.done[publish]}
}
