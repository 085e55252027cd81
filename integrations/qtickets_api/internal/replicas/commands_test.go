package replicas_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// shell is the program with the replicas in its environment.
type shell struct {
	*lab
	server  *simulator.Server
	environ []string
}

func newShell(t *testing.T, seed int64) *shell {
	t.Helper()
	l := newLab(t, seed)
	server := testkit.Serve(t, l.world)
	var list []string
	for _, h := range l.hosts {
		list = append(list, fmt.Sprintf("%s:%d", h.Host, h.Port))
	}
	reader := l.cluster.As(embedded.Reader, l.hosts[0].Database)[0]
	return &shell{lab: l, server: server, environ: []string{"QTICKETS_BASE_URL=" + server.URL(),
		"QTICKETS_TOKEN=" + server.Token(), "QTICKETS_RATE_LIMIT=10000", "CLICKHOUSE_HOST=" + strings.Join(list, ","),
		"CLICKHOUSE_USER=" + l.hosts[0].User, "CLICKHOUSE_PASSWORD=" + l.hosts[0].Password,
		"CLICKHOUSE_DATABASE=" + l.hosts[0].Database, "CLICKHOUSE_READER_PASSWORD=" + reader.Password}}
}

// run is a command line; out is what it says.
func (s *shell) run(arguments ...string) (code int, out string) {
	var text bytes.Buffer
	code = cli.Run(s.Context(), arguments, cli.Process{Stdout: &text, Stderr: &text, Environ: s.environ})
	return code, text.String()
}

// TestCommandsThroughTheList: what a person runs, with all replicas and without the first.
func TestCommandsThroughTheList(t *testing.T) {
	testkit.Long(t)
	testkit.Replicas(t).Own(t)
	s := newShell(t, 505)
	for _, command := range []string{"sync", "check", "rebuild"} {
		if code, out := s.run(command); code != 0 {
			t.Errorf("%s: %d\n%s", command, code, out)
		}
	}
	s.checkFacts(0, 1, 2)
	_, out := s.run("doctor")
	if n := strings.Count(out, "replicated tables, level with the others"); n != 3 || !strings.Contains(out,
		"✓ rights of etl_writer") || !strings.Contains(out, "✓ datalens_reader") {
		t.Errorf("doctor:\n%s", out)
	}
	s.cluster.Signal(t, "replica1", syscall.SIGKILL)
	defer s.cluster.Restart(t, 0)
	s.live()
	if code, out := s.run("sync"); code != 0 || !strings.Contains(out, "Another ClickHouse server is asked") {
		t.Errorf("sync without the first: %d\n%s", code, out)
	}
	s.checkFacts(1, 2)
	if code, out := s.run("check"); code != 0 {
		t.Errorf("check without the first: %d\n%s", code, out)
	}
	if code, out := s.run("migrate", "--replicated"); code != 1 || !strings.Contains(out, "nothing was changed") {
		t.Errorf("migrate without the first: %d\n%s", code, out)
	}
	address := fmt.Sprintf("✗ %s:%d", s.hosts[0].Host, s.hosts[0].Port)
	if _, out := s.run("doctor"); !strings.Contains(out, address) {
		t.Errorf("doctor does not say %q:\n%s", address, out)
	}
}

// TestServeMovesOn: the page answers and loads go on when the replica that serve asks is killed, and when it hangs;
// serve comes back to the first.
func TestServeMovesOn(t *testing.T) {
	testkit.Long(t)
	testkit.Replicas(t).Own(t)
	s := newShell(t, 506)
	if code, out := s.run("sync"); code != 0 {
		t.Fatal(out)
	}
	s.checkFacts(0, 1, 2)
	listen := freeAddress(t)
	ctx, stop := context.WithCancel(t.Context())
	var said lines
	var served sync.WaitGroup
	served.Go(func() {
		code := cli.Run(ctx, []string{"serve", "--listen", listen, "--no-auth", "--every", "1s"},
			cli.Process{Stdout: io.Discard, Stderr: &said, Environ: s.environ})
		if code != 0 {
			t.Errorf("serve ended with %d:\n%s", code, said.text())
		}
	})
	defer func() { stop(); served.Wait() }()
	waitFor(t, func() bool { return answers(t, "http://"+listen+"/") })

	for _, away := range []struct {
		name       string
		begin, end func()
	}{
		{"killed", func() { s.cluster.Signal(t, "replica1", syscall.SIGKILL) }, func() { s.cluster.Restart(t, 0) }},
		{"hangs", func() { s.cluster.Signal(t, "replica1", syscall.SIGSTOP) },
			func() { s.cluster.Signal(t, "replica1", syscall.SIGCONT) }},
	} {
		before := said.count("The first ClickHouse server is asked again")
		began := time.Now()
		away.begin()
		waitFor(t, func() bool { return answers(t, "http://"+listen+"/readyz") && answers(t, "http://"+listen+"/") })
		t.Logf("%s: page and readiness answer after %s", away.name, time.Since(began).Round(100*time.Millisecond))
		batch := s.shown(1)
		s.live()
		waitFor(t, func() bool { return s.shown(1) != batch })
		t.Logf("%s: a load is published after %s", away.name, time.Since(began).Round(100*time.Millisecond))
		away.end()
		began = time.Now()
		waitFor(t, func() bool { return said.count("The first ClickHouse server is asked again") >= before+3 })
		t.Logf("%s: loads, webhooks and page are back at the first %s after it", away.name,
			time.Since(began).Round(100*time.Millisecond))
		if !answers(t, "http://"+listen+"/") {
			t.Error("the page does not answer")
		}
	}
}

// answers tells whether a page is there, at once.
func answers(t *testing.T, url string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode == http.StatusOK
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// lines is a log that is read while it is written.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func (l *lines) count(words string) int { return strings.Count(l.text(), words) }
