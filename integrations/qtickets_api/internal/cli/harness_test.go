package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// asCommand makes a process of this test program the command itself.
const asCommand = "CLI_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Process{Stdout: os.Stdout, Stderr: os.Stderr,
			Environ: os.Environ()}))
	}
	// The tests wait for answers (four requests per second, back-off, a lease) more than they compute.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	testkit.Main(m)
}

// shell is a terminal of an operator: variables of its own, a simulated QTickets, and a database of the
// real engine. Nothing of the environment of the tests reaches the commands.
type shell struct {
	testing.TB
	server *simulator.Server
	db     warehouse.Config // as the loader
	env    map[string]string
}

// newShell is set up as in step 2 of the deployment checklist, with a log of everything and without the
// speed limit.
func newShell(t testing.TB, world *simulator.World, db warehouse.Config) *shell {
	t.Helper()
	s := &shell{TB: t, server: testkit.Serve(t, world), db: db}
	s.env = checklist(s.server, db)
	s.env["LOG_LEVEL"] = "debug"
	s.env["QTICKETS_RATE_LIMIT"] = "10000"
	s.env["QTICKETS_MAX_IN_FLIGHT"] = "4"
	s.env["QTICKETS_RETRY_BUDGET"] = "3s" // a fault that stays costs no minutes
	return s
}

// checklist is the variables of step 2 of the deployment checklist and no others.
func checklist(server *simulator.Server, db warehouse.Config) map[string]string {
	return map[string]string{
		"QTICKETS_BASE_URL": server.URL(), "QTICKETS_TOKEN": server.Token(),
		"CLICKHOUSE_HOST": db.Host, "CLICKHOUSE_PORT": strconv.Itoa(db.Port), "CLICKHOUSE_USER": db.User,
		"CLICKHOUSE_PASSWORD": db.Password, "CLICKHOUSE_DATABASE": db.Database,
		"TZ": "Europe/Moscow", "ORG_NAME": "zakaz",
	}
}

// smallWorld is enough for every kind of row and few requests.
func smallWorld(seed int64) *simulator.World {
	return simulator.NewWorld(simulator.WorldOptions{Seed: seed, Orders: 60, Events: 3})
}

// with is the same shell with other variables; an empty value takes a variable away.
func (s *shell) with(variables ...string) *shell {
	other := *s
	other.env = maps.Clone(s.env)
	for i := 0; i < len(variables); i += 2 {
		other.env[variables[i]] = variables[i+1]
		if variables[i+1] == "" {
			delete(other.env, variables[i])
		}
	}
	return &other
}

// as is the same shell for another user of ClickHouse.
func (s *shell) as(user string) *shell {
	c := testkit.As(s, s.db, user)
	return s.with("CLICKHOUSE_USER", c.User, "CLICKHOUSE_PASSWORD", c.Password)
}

// outcome is what the operator sees of a command.
type outcome struct {
	code           int
	stdout, stderr string
}

func (o outcome) text() string { return o.stdout + o.stderr }

func (s *shell) run(arguments ...string) outcome {
	s.Helper()
	return s.runWithin(s.Context(), arguments...)
}

// runWithin runs a command line and demands of every one that no secret is printed.
func (s *shell) runWithin(ctx context.Context, arguments ...string) outcome {
	s.Helper()
	var environ []string
	for name, value := range s.env {
		environ = append(environ, name+"="+value)
	}
	var stdout, stderr bytes.Buffer
	code := cli.Run(ctx, arguments, cli.Process{Stdout: &stdout, Stderr: &stderr, Environ: environ})
	out := outcome{code, stdout.String(), stderr.String()}
	s.checkSecrets(arguments, out)
	return out
}

// checkSecrets demands that no secret is printed.
func (s *shell) checkSecrets(arguments []string, out outcome) {
	s.Helper()
	secrets := []string{s.server.Token(), s.env["QTICKETS_TOKEN"], s.env["CLICKHOUSE_PASSWORD"],
		s.env["QTICKETS_BUYER_KEY"],
		wrongSecret, testkit.TelegramToken, testkit.MailPassword, "canary-of-the-ping", "duty@example.test"}
	for _, user := range embedded.Users {
		secrets = append(secrets, testkit.As(s, s.db, user).Password)
	}
	for _, secret := range secrets {
		if secret != "" && strings.Contains(out.text(), strings.Trim(secret, `"`)) {
			s.Errorf("%q printed a secret:\n%s", arguments, out.text())
		}
	}
}

// must is run for a command that has to end with code.
func (s *shell) must(code int, arguments ...string) outcome {
	s.Helper()
	out := s.run(arguments...)
	if out.code != code {
		s.Fatalf("%q: exit code %d, want %d\n%s", arguments, out.code, code, out.text())
	}
	return out
}

// syncJSON is a load that succeeds, by its report.
func (s *shell) syncJSON(arguments ...string) pipeline.Report {
	s.Helper()
	out := s.must(0, append([]string{"sync", "--json"}, arguments...)...)
	var report pipeline.Report
	if err := json.Unmarshal([]byte(out.stdout), &report); err != nil {
		s.Fatalf("the report of sync --json: %v\n%s", err, out.stdout)
	}
	return report
}

// file writes a file for the duration of the test and returns its path.
func (s *shell) file(name string, lines ...string) string {
	s.Helper()
	path := filepath.Join(s.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		s.Fatal(err)
	}
	return path
}

// sql runs a statement as the administrator, past the loader's own code, and returns tab-separated text.
func (s *shell) sql(format string, arguments ...any) string {
	s.Helper()
	admin := testkit.As(s, s.db, embedded.Admin)
	address := fmt.Sprintf("http://%s:%d/?database=%s&default_format=TSVRaw", admin.Host, testkit.Engine(s).HTTPPort(),
		url.QueryEscape(admin.Database))
	statement := fmt.Sprintf(format, arguments...)
	request, err := http.NewRequestWithContext(s.Context(), http.MethodPost, address, strings.NewReader(statement))
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("X-ClickHouse-User", admin.User)
	request.Header.Set("X-ClickHouse-Key", admin.Password)
	request.Close = true // an idle connection would hold the engine up at its end
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		s.Fatalf("%s: %s", statement, text)
	}
	return strings.TrimSuffix(string(text), "\n")
}

// tables are all tables and views of the database.
func (s *shell) tables() []string {
	s.Helper()
	return strings.Fields(s.sql("SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name"))
}

// contents are the number of rows of each table and view and a checksum over them, old versions of a row
// left out: merges drop these at any time. So are the views for BI and their clock, which say how long ago something
// was: what they read is here.
func (s *shell) contents() map[string]string {
	s.Helper()
	found := map[string]string{}
	for _, table := range s.tables() {
		if table == "batch_now" || strings.HasPrefix(table, "v_qtickets_") {
			continue
		}
		final := s.sql("SELECT if(engine = 'ReplacingMergeTree', 'FINAL', '') FROM system.tables WHERE database = "+
			"currentDatabase() AND name = '%s'", table)
		found[table] = s.sql("SELECT count(), sum(cityHash64(toString(tuple(*)))) FROM `%s` %s", table, final)
	}
	return found
}
