package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// host is one way to the engine of the tests, which can be shut, or answer with an error of replicas.
type host struct {
	warehouse.Config
	shut atomic.Bool
	mute atomic.Bool  // takes requests and says nothing
	code atomic.Int32 // of the error; 0: none
	cut  atomic.Int32 // how many questions cut the orders into slices
}

func newHost(t *testing.T, c warehouse.Config) *host {
	t.Helper()
	h := &host{Config: c}
	h.OneOfSeveral = true
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http",
		Host: net.JoinHostPort(c.Host, strconv.Itoa(c.Port))})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), "roundDown(order_id") {
			h.cut.Add(1)
		}
		switch code := h.code.Load(); {
		case h.mute.Load():
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		case h.shut.Load():
			panic(http.ErrAbortHandler)
		case code != 0 && strings.Contains(r.URL.RawQuery+string(body), "INSERT"):
			w.Header().Set("X-ClickHouse-Exception-Code", fmt.Sprint(code))
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintf(w, "Code: %d. DB::Exception: of replicas", code)
		default:
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	h.Port = server.Listener.Addr().(*net.TCPAddr).Port
	return h
}

func hostsOf(t *testing.T, hosts ...*host) (*warehouse.Hosts, *[]string) {
	t.Helper()
	var configs []warehouse.Config
	for _, h := range hosts {
		configs = append(configs, h.Config)
	}
	var moves []string
	list := warehouse.NewHosts(configs, func(to warehouse.Config, why error) {
		for i, c := range configs {
			if c.Port == to.Port {
				moves = append(moves, fmt.Sprintf("%d %v", i+1, why != nil))
			}
		}
	})
	t.Cleanup(list.Close)
	return list, &moves
}

func health(t *testing.T) func(*warehouse.DB) error {
	return func(db *warehouse.DB) error { _, err := db.Health(t.Context()); return err }
}

// TestHostsAreAskedInOrder: a question goes on to the next host while hosts fail; a run that was given a connection
// stays on its host.
func TestHostsAreAskedInOrder(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	one, two, three := newHost(t, c), newHost(t, c), newHost(t, c)
	list, moves := hostsOf(t, one, two, three)
	run, err := list.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	one.shut.Store(true)
	two.shut.Store(true)
	if err := list.Do(t.Context(), health(t)); err != nil || strings.Join(*moves, ", ") != "2 true, 3 true" {
		t.Errorf("with two hosts shut: %v, moves %v", err, *moves)
	}
	if _, err := run.Health(t.Context()); !errors.Is(err, warehouse.ErrUnavailable) || !run.Left() {
		t.Errorf("a connection to the first host answers %v", err)
	}
	three.shut.Store(true)
	if err := list.Do(t.Context(), health(t)); err == nil || !errors.Is(err, warehouse.ErrUnavailable) {
		t.Errorf("with all hosts shut: %v", err)
	}
}

// TestFirstHostIsAskedAgain: when it is well, and not before.
func TestFirstHostIsAskedAgain(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	one, two := newHost(t, c), newHost(t, c)
	list, moves := hostsOf(t, one, two)
	first, err := list.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	one.shut.Store(true)
	if err := list.Do(t.Context(), health(t)); err != nil || !first.Left() {
		t.Fatalf("the first is shut: %v, left %v", err, first.Left())
	}
	list.Look(t.Context())
	if !first.Left() {
		t.Error("the first is asked again though it is shut")
	}
	one.shut.Store(false)
	for first.Left() && t.Context().Err() == nil { // there is a pause before it is asked again
		list.Look(t.Context())
		time.Sleep(100 * time.Millisecond)
	}
	if first.Left() || strings.Join(*moves, ", ") != "2 true, 1 false" {
		t.Errorf("the first is well: left %v, moves %v", first.Left(), *moves)
	}
	two.shut.Store(true)
	if err := list.Do(t.Context(), health(t)); err != nil {
		t.Error(err)
	}
}

// TestSilentHostIsGivenUp: what waits for a host that says nothing ends, and others are asked.
func TestSilentHostIsGivenUp(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	one, two := newHost(t, c), newHost(t, c)
	list, _ := hostsOf(t, one, two)
	run, err := list.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	one.mute.Store(true)
	ended := make(chan error, 1)
	go func() { _, err := run.Health(t.Context()); ended <- err }()
	for {
		list.Look(t.Context())
		select {
		case err = <-ended:
		default:
			continue
		}
		break
	}
	if !errors.Is(err, warehouse.ErrUnavailable) || !strings.Contains(err.Error(), "says nothing") {
		t.Errorf("what waited for the first: %v", err)
	}
	if err := list.Do(t.Context(), health(t)); err != nil || !run.Left() {
		t.Errorf("the second: %v, left %v", err, run.Left())
	}
}

// TestHostThatCannotWriteIsLeft: errors of replicas name the next step, and lead to the next host.
func TestHostThatCannotWriteIsLeft(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	for code, step := range map[int32]string{
		225: "<zookeeper>", 242: "session with Keeper", 285: "insert_quorum", 286: "start the other replicas",
		319: "written twice", 517: "run again", 999: "Keeper does not answer",
	} {
		one, two := newHost(t, c), newHost(t, c)
		list, moves := hostsOf(t, one, two)
		one.code.Store(code)
		db, err := list.DB(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.SaveWebhooks(t.Context(), []warehouse.Webhook{{ID: "ab", Type: "x", OrderID: 1}})
		if !errors.Is(err, warehouse.ErrCoordination) || !strings.Contains(err.Error(), step) || len(*moves) != 1 {
			t.Errorf("%d: %v, moves %v; want %q", code, err, *moves, step)
		}
	}
}

// TestChoose: hosts that are refused are passed over; when none is left, the error names each.
func TestChoose(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	one, two, three := newHost(t, c), newHost(t, c), newHost(t, c)
	one.shut.Store(true)
	refuse := func(_ context.Context, db *warehouse.DB) error {
		if db.Config().Port == two.Port {
			return warehouse.ErrCoordination
		}
		return nil
	}
	list, moves := hostsOf(t, one, two, three)
	db, err := list.Choose(t.Context(), refuse)
	if err != nil {
		t.Fatal(err)
	}
	if db.Config().Port != three.Port || strings.Join(*moves, ", ") != "2 true, 3 true" {
		t.Errorf("port %d after %v", db.Config().Port, *moves)
	}
	list, _ = hostsOf(t, one, two)
	_, err = list.Choose(t.Context(), refuse)
	if !errors.Is(err, warehouse.ErrUnavailable) || !errors.Is(err, warehouse.ErrCoordination) ||
		!strings.Contains(err.Error(), "none of the 2 servers of CLICKHOUSE_HOST") {
		t.Errorf("none: %v", err)
	}
}
