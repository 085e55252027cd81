package chserver_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
)

var (
	admin = chserver.User{Name: "admin_min", Password: "admin & <secret>", Grants: []string{
		"CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, ALTER TABLE, SELECT, INSERT, SHOW ON zakaz.*",
		"TABLE ENGINE ON *",
		"GRANT SET DEFINER ON mart_definer",
	}}
	definer = chserver.User{Name: "mart_definer", NoLogin: true, Grants: []string{"SELECT ON zakaz.store_*"}}
	reader  = chserver.User{Name: "datalens_reader", Password: "reader secret", Grants: []string{"SELECT ON zakaz.mart_*"},
		Settings: map[string]string{"readonly": "2", "max_threads": "2", "max_memory_usage": "1000000000"},
		Constraints: map[string]chserver.Constraint{
			"max_memory_usage": {Min: "1", Max: "1000000000"},
			"max_threads":      {ReadOnly: true},
		}}
	nobody = chserver.User{Name: "nobody", Password: "no rights at all"}
)

// client keeps no connection: for an idle one the engine waits when it stops.
var client = http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// library fails the test, with the command to run, when the engine is missing.
func library(t testing.TB) string {
	t.Helper()
	path, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func options(t testing.TB, dir string) chserver.Options {
	return chserver.Options{Library: library(t), DataDir: dir, Users: []chserver.User{admin, definer, reader, nobody}}
}

func start(t testing.TB, o chserver.Options) *chserver.Server {
	t.Helper()
	s, err := chserver.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// query posts one statement and returns the answer, or the error's text and code.
func query(t testing.TB, s *chserver.Server, u chserver.User, sql string, settings ...string) (string, string) {
	t.Helper()
	params := url.Values{}
	for _, kv := range settings {
		k, v, _ := strings.Cut(kv, "=")
		params.Set(k, v)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		fmt.Sprintf("http://127.0.0.1:%d/?%s", s.HTTPPort(), params.Encode()), strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	if u.Name != "" {
		req.SetBasicAuth(u.Name, u.Password)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(body)), resp.Header.Get("X-ClickHouse-Exception-Code")
}

// must is query for a statement that has to work.
func must(t testing.TB, s *chserver.Server, u chserver.User, sql string, settings ...string) string {
	t.Helper()
	out, code := query(t, s, u, sql, settings...)
	if code != "" {
		t.Fatalf("%s: %s: %s", u.Name, sql, out)
	}
	return out
}

// native connects with the native protocol.
func native(t testing.TB, s *chserver.Server, user, password string) clickhouse.Conn {
	t.Helper()
	return connect(t, clickhouse.Native, s.TCPPort(), user, password)
}

func connect(t testing.TB, protocol clickhouse.Protocol, port int, user, password string) clickhouse.Conn {
	t.Helper()
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol: protocol,
		Addr:     []string{fmt.Sprintf("127.0.0.1:%d", port)},
		Auth:     clickhouse.Auth{Username: user, Password: password},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestServerAnswersOverBothProtocols(t *testing.T) {
	t.Parallel()
	s := start(t, options(t, t.TempDir()))
	if got := must(t, s, admin, "SELECT currentUser(), timezone()"); got != "admin_min\tEurope/Moscow" {
		t.Errorf("HTTP answered %q", got)
	}
	for protocol, port := range map[clickhouse.Protocol]int{clickhouse.HTTP: s.HTTPPort(),
		clickhouse.Native: s.TCPPort()} {
		var user, zone string
		conn := connect(t, protocol, port, admin.Name, admin.Password)
		err := conn.QueryRow(t.Context(), "SELECT currentUser(), timezone()").Scan(&user, &zone)
		if err != nil || user != admin.Name || zone != "Europe/Moscow" {
			t.Errorf("clickhouse-go over %s read %q %q, %v", protocol, user, zone, err)
		}
	}
}

func TestServerListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	s := start(t, options(t, t.TempDir()))
	// Another address of this machine: 127.0.0.2 would be served by a server on 0.0.0.0.
	for _, port := range []int{s.HTTPPort(), s.TCPPort()} {
		conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.2:%d", port), time.Second)
		if err == nil {
			_ = conn.Close()
			t.Errorf("port %d answers on another address than 127.0.0.1", port)
		}
	}
}

// A refused native login ends the engine, so each has its own.
func TestNativeProtocolOff(t *testing.T) {
	t.Parallel()
	o := options(t, t.TempDir())
	o.NoTCP = true
	s := start(t, o)
	if got := must(t, s, admin, "SELECT 1"); got != "1" || s.TCPPort() != 0 {
		t.Errorf("HTTP answered %q, native port is %d", got, s.TCPPort())
	}
}

func TestDataOutlivesTheServer(t *testing.T) {
	t.Parallel()
	o := options(t, t.TempDir())
	s := start(t, o)
	must(t, s, admin, "CREATE DATABASE zakaz")
	must(t, s, admin, "CREATE TABLE zakaz.t (x UInt8) ENGINE = MergeTree ORDER BY x")
	must(t, s, admin, "INSERT INTO zakaz.t VALUES (7)")
	for range 2 { // the second Close is harmless
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-s.Done():
	default:
		t.Error("Done is open after Close")
	}
	again := start(t, o)
	if got := must(t, again, admin, "SELECT x FROM zakaz.t"); got != "7" {
		t.Errorf("read %q after a restart, want 7", got)
	}
	// Query logs and their kin would grow for ever.
	logs, err := filepath.Glob(filepath.Join(o.DataDir, "data", "data", "system", "*"))
	if err != nil || len(logs) != 0 {
		t.Errorf("system tables on disk: %v, %v", logs, err)
	}
}

func TestSecondServerOnTheSameFolder(t *testing.T) {
	t.Parallel()
	o := options(t, t.TempDir())
	s := start(t, o)
	second, err := chserver.Start(t.Context(), o)
	if err == nil {
		_ = second.Close()
		t.Fatal("two servers on one folder")
	}
	want := fmt.Sprintf("in use by another ClickHouse (started by process %d)", os.Getpid())
	if !strings.Contains(err.Error(), want) {
		t.Errorf("error is %q, want %q in it", err, want)
	}
	must(t, s, admin, "SELECT 1") // the first one does not notice
}

func TestStartErrors(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	noLibrary := filepath.Join(t.TempDir(), "libchdb.so")
	if err := os.WriteFile(noLibrary, []byte("not a library"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		change func(*chserver.Options)
		want   string
	}{
		{"busy port", func(o *chserver.Options) { o.HTTPPort = busy.Addr().(*net.TCPAddr).Port }, "Address already in use"},
		{"bad grant", func(o *chserver.Options) {
			o.Users = []chserver.User{{Name: "u", Password: "p", Grants: []string{"NONSENSE ON x.*"}}}
		}, "Syntax error"},
		{"grant without object", func(o *chserver.Options) {
			o.Users = []chserver.User{{Name: "u", Password: "p", Grants: []string{"NONSENSE"}}}
		}, "does not say ON what"},
		{"unknown setting", func(o *chserver.Options) {
			o.Users = []chserver.User{{Name: "u", Password: "p", Settings: map[string]string{"no_such_setting": "1"}}}
		}, "no_such_setting"},
		{"unknown zone", func(o *chserver.Options) { o.Timezone = "Mars/Base" }, "Mars/Base"},
		{"broken library", func(o *chserver.Options) { o.Library = noLibrary }, noLibrary},
		{"no library", func(o *chserver.Options) { o.Library = "" }, "no library given"},
		{"one port for both", func(o *chserver.Options) { o.HTTPPort, o.TCPPort = 1234, 1234 }, "cannot share port 1234"},
		{"port out of range", func(o *chserver.Options) { o.TCPPort = 70000 }, "port 70000"},
		{"no folder", func(o *chserver.Options) { o.DataDir = "" }, "no data folder"},
		{"no password", func(o *chserver.Options) { o.Users = []chserver.User{{Name: "u"}} }, "user u has no password"},
		{"name taken", func(o *chserver.Options) { o.Users = []chserver.User{{Name: "default", Password: "p"}} },
			`"default" is taken`},
		{"name not XML", func(o *chserver.Options) { o.Users = []chserver.User{{Name: "a><b", Password: "p"}} },
			"letters, digits"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := options(t, t.TempDir())
			c.change(&o)
			s, err := chserver.Start(t.Context(), o)
			if err == nil {
				_ = s.Close()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %q, want %q in it", err, c.want)
			}
		})
	}
}

func TestStartHonoursItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := chserver.Start(ctx, options(t, t.TempDir()))
	if err == nil {
		_ = s.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
}

func TestEngineCrashIsReported(t *testing.T) {
	t.Parallel()
	s := start(t, options(t, t.TempDir()))
	p, err := os.FindProcess(s.Pid())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("Wait returned %v, want the signal", err)
	}
	if err := s.Close(); err == nil {
		t.Error("Close hides that the engine had crashed")
	}
}
