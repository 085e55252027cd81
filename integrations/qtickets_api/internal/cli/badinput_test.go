package cli_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// wrongSecret stands for whatever an operator mistypes; the harness fails when it is printed.
const wrongSecret = "Wr0ngSecretWr0ngSecretWr0ngSecre"

// badInput is one mistake: what is wrong, how the command must end, and what the message must say,
// the name of the thing and the next step.
type badInput struct {
	name      string
	set       []string // pairs of variable and value, an empty value takes it away
	arguments []string // "sync" when empty
	code      int
	says      []string
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(1), testkit.Database(t))
	for _, c := range badInputs(t, s) {
		t.Run(c.name, func(t *testing.T) {
			one := s.with(c.set...)
			one.TB = t
			if c.arguments == nil {
				c.arguments = []string{"sync"}
			}
			out := one.run(c.arguments...)
			if out.code != c.code {
				t.Errorf("exit code %d, want %d", out.code, c.code)
			}
			message := lastMessage(out.stderr)
			for _, part := range c.says {
				if !strings.Contains(message, part) {
					t.Errorf("the message does not say %q", part)
				}
			}
			if t.Failed() {
				t.Logf("%q\n%s", c.arguments, out.text())
			}
		})
	}
	if got := s.sql("SELECT count() FROM meta_job_runs WHERE status NOT IN ('failed')"); got != "0" {
		t.Errorf("%s runs in the ledger did not fail", got)
	}
}

// lastMessage is what the command says to the person: everything from its own name on, without the log.
func lastMessage(stderr string) string {
	at := strings.LastIndex(stderr, "qtickets_api: ")
	if at < 0 {
		return ""
	}
	return stderr[at:]
}

func badInputs(t *testing.T, s *shell) []badInput {
	t.Helper()
	reader := testkit.As(t, s.db, embedded.Reader)
	cases := []badInput{
		{"no token", []string{"QTICKETS_TOKEN", ""}, nil, 2, []string{"QTICKETS_TOKEN is not set", "Settings - General",
			"QTICKETS_TOKEN_FILE"}},
		{"wrong token", []string{"QTICKETS_TOKEN", wrongSecret}, nil, 1, []string{"refused the token", "Settings - General",
			"QTICKETS_TOKEN"}},
		{"token in quotes", []string{"QTICKETS_TOKEN", `"` + wrongSecret + `"`}, nil, 2,
			[]string{"QTICKETS_TOKEN", "remove the quotes"}},
		{"token with a blank", []string{"QTICKETS_TOKEN", "Wr0ng Secret"}, nil, 2,
			[]string{"QTICKETS_TOKEN", "copy it again"}},
		{"token twice", []string{"QTICKETS_TOKEN_FILE", "token.txt"}, nil, 2,
			[]string{"QTICKETS_TOKEN and QTICKETS_TOKEN_FILE", "keep one"}},
		{"token file missing", []string{"QTICKETS_TOKEN", "", "QTICKETS_TOKEN_FILE", "/nowhere/token"}, nil, 2,
			[]string{"QTICKETS_TOKEN_FILE", "no such file"}},

		{"base URL without its path", []string{"QTICKETS_BASE_URL", "https://qtickets.ru"}, nil, 2,
			[]string{"QTICKETS_BASE_URL", "use https://qtickets.ru/api/rest/v1"}},
		{"base URL without a scheme", []string{"QTICKETS_BASE_URL", "qtickets.ru/api/rest/v1"}, nil, 2,
			[]string{"QTICKETS_BASE_URL", "use https://qtickets.ru/api/rest/v1"}},
		{"base URL with a query", []string{"QTICKETS_BASE_URL", s.server.URL() + "?page=1"}, nil, 2,
			[]string{"QTICKETS_BASE_URL", "/api/rest/v1"}},
		{"base URL of a web page", []string{"QTICKETS_BASE_URL", faultyServer(t, simulator.HTMLPage)}, nil, 1,
			[]string{"web page", "QTICKETS_BASE_URL", "/api/rest/v1"}},
		{"base URL that redirects", []string{"QTICKETS_BASE_URL", faultyServer(t, simulator.Redirected)}, nil, 1,
			[]string{"redirect", "QTICKETS_BASE_URL"}},

		{"unknown variable, almost right", []string{"QTICKETS_TOKN", wrongSecret}, nil, 2,
			[]string{"QTICKETS_TOKN", "did you mean QTICKETS_TOKEN?"}},
		{"unknown variable in the env file", nil,
			[]string{"sync", "--envfile", s.file("typo.env", "QTICKETS_TOKN="+wrongSecret)}, 2,
			[]string{"QTICKETS_TOKN", "did you mean QTICKETS_TOKEN?"}},
		{"foreign QTICKETS variable in the env file", nil,
			[]string{"sync", "--envfile", s.file("foreign.env", "QTICKETS_COLOUR=red")}, 2,
			[]string{"QTICKETS_COLOUR", "docs/variables.md"}},
		{"env file missing", nil, []string{"sync", "--envfile", "/nowhere/.env"}, 2, []string{"--envfile", "/nowhere/.env"}},
		{"env file is a folder", nil, []string{"--envfile", t.TempDir()}, 2, []string{"--envfile", "directory"}},
		{"env file with a bad line", nil, []string{"sync", "--envfile", s.file("bad.env", "TZ=Europe/Moscow", wrongSecret)},
			2, []string{"bad.env", "line 2", "NAME=VALUE"}},

		{"hours below zero, after a blank", nil, []string{"sync", "--since-hours", "-1"}, 2,
			[]string{"--since-hours", "from 1 to"}},
		{"hours below zero, after =", nil, []string{"--since-hours=-1"}, 2, []string{"--since-hours", "from 1 to"}},
		{"no hours", nil, []string{"--since-hours", "0", "--dry-run"}, 2, []string{"--since-hours", "from 1 to"}},
		{"hours in words", nil, []string{"--since-hours", "day"}, 2, []string{"--since-hours", `"day"`}},
		{"hours below zero, as a variable", []string{"QTICKETS_SINCE_HOURS", "-1"}, nil, 2,
			[]string{"QTICKETS_SINCE_HOURS", "from 1 to"}},
		{"another time zone", []string{"TZ", "UTC"}, nil, 2, []string{"TZ", `"UTC"`, "use Europe/Moscow"}},
		{"a port in words", []string{"CLICKHOUSE_PORT", "http"}, nil, 2, []string{"CLICKHOUSE_PORT", "from 1 to 65535"}},
		{"a host with a scheme and a password", []string{"CLICKHOUSE_HOST", "http://u:" + wrongSecret + "@127.0.0.1"}, nil, 2,
			[]string{"CLICKHOUSE_HOST", "write it alone", "CLICKHOUSE_PASSWORD"}},
		{"a host with a path, at a check", []string{"CLICKHOUSE_HOST", "127.0.0.1/" + wrongSecret, "LOG_LEVEL", "debug"},
			[]string{"check"}, 2, []string{"CLICKHOUSE_HOST", "write it alone"}},
		{"two ports", []string{"CLICKHOUSE_HOST", "127.0.0.1:1"}, nil, 2, []string{"CLICKHOUSE_HOST", "keep one"}},
		{"an authority that is no file", []string{"CLICKHOUSE_CA", "/nowhere/ca.pem"}, nil, 2,
			[]string{"CLICKHOUSE_CA", "no such file", "PEM"}},
		{"unknown log level", []string{"LOG_LEVEL", "loud"}, nil, 2, []string{"LOG_LEVEL", "debug, info, warn, error"}},
		{"unknown language", nil, []string{"sync", "--lang", "fr"}, 2, []string{"--lang", "ru"}},
		{"unknown flag", nil, []string{"sync", "--token=" + wrongSecret}, 2, []string{"--token", "--help"}},
		{"unknown subcommand", nil, []string{"snyc"}, 2, []string{"snyc", "--help"}},

		{"ClickHouse away", []string{"CLICKHOUSE_PORT", closedPort(t)}, nil, 1,
			[]string{"ClickHouse does not answer", "CLICKHOUSE_HOST and CLICKHOUSE_PORT"}},
		{"ClickHouse away at a check", []string{"CLICKHOUSE_PORT", closedPort(t)}, []string{"check"}, 1,
			[]string{"ClickHouse does not answer", "CLICKHOUSE_HOST and CLICKHOUSE_PORT"}},
		{"not ClickHouse but a web server", []string{"CLICKHOUSE_PORT", webServer(t, http.StatusOK)}, nil, 1,
			[]string{"127.0.0.1", "CLICKHOUSE_HOST and CLICKHOUSE_PORT"}},
		{"not ClickHouse but a web server that knows no /ping",
			[]string{"CLICKHOUSE_PORT", webServer(t, http.StatusNotFound)}, nil, 1,
			[]string{"127.0.0.1", "CLICKHOUSE_HOST and CLICKHOUSE_PORT"}},
		{"TLS asked of a port without it", []string{"CLICKHOUSE_SECURE", "true"}, nil, 1,
			[]string{"127.0.0.1", "CLICKHOUSE_PORT", "CLICKHOUSE_SECURE", "TLS"}},
		{"ClickHouse password wrong", []string{"CLICKHOUSE_PASSWORD", wrongSecret}, nil, 1,
			[]string{"CLICKHOUSE_USER (etl_writer)", "CLICKHOUSE_PASSWORD"}},
		{"ClickHouse user unknown", []string{"CLICKHOUSE_USER", "nobody"}, nil, 1,
			[]string{"CLICKHOUSE_USER (nobody)", "CLICKHOUSE_PASSWORD"}},
		{"schema missing", []string{"CLICKHOUSE_DATABASE", testkit.EmptyDatabase(t).Database}, nil, 1,
			[]string{"schema is missing", "2025-qtickets-api-final.sql", "qtickets_api migrate"}},
		{"rights missing", []string{"CLICKHOUSE_USER", reader.User, "CLICKHOUSE_PASSWORD", reader.Password}, nil, 1,
			[]string{"datalens_reader", "grants.sql"}},
		{"rights missing for a migration", nil, []string{"migrate"}, 1, []string{"etl_writer", "right"}},
	}
	return cases
}

// faultyServer is the base URL of a QTickets with a fault.
func faultyServer(t *testing.T, kind simulator.FaultKind) string {
	t.Helper()
	server := testkit.Serve(t, smallWorld(1))
	server.SetFault(simulator.Fault{Kind: kind})
	return server.URL()
}

// closedPort is a port of the loopback that nobody listens on.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return port(listener.Addr())
}

// webServer is the port of a web server that has the same answer to everything.
func webServer(t *testing.T, status int) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<html><body>It works!</body></html>"))
	}))
	t.Cleanup(server.Close)
	return port(server.Listener.Addr())
}

func port(address net.Addr) string { return strconv.Itoa(address.(*net.TCPAddr).Port) }
