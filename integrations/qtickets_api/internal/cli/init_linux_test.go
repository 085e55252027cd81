package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// fresh is a machine on which nothing is set up: a simulated QTickets, an engine with users and without a database.
type fresh struct {
	*shell
	token, envfile string
	reader, admin  warehouse.Config
}

func newFresh(t *testing.T) *fresh {
	t.Helper()
	s := newShell(t, smallWorld(5), testkit.EmptyDatabase(t))
	f := &fresh{shell: s, token: s.server.Token(), envfile: filepath.Join(t.TempDir(), "secrets", ".env.qtickets_api"),
		reader: testkit.As(t, s.db, embedded.Reader), admin: testkit.As(t, s.db, embedded.Admin)}
	s.env = map[string]string{"HOME": t.TempDir(), "QTICKETS_RATE_LIMIT": "10000", "QTICKETS_RETRY_BUDGET": "1s"}
	return f
}

// variables say all that a terminal would ask.
func (f *fresh) variables() map[string]string {
	all := maps.Clone(f.env)
	maps.Copy(all, checklist(f.server, f.db))
	all["CLICKHOUSE_READER_PASSWORD"], all["CLICKHOUSE_ADMIN_PASSWORD"] = f.reader.Password, f.admin.Password
	return all
}

// silent is the same machine with the variables set, and nobody to ask.
func (f *fresh) silent(variables ...string) *fresh {
	other := *f
	all := *f.shell
	all.env = f.variables()
	other.shell = all.with(variables...)
	return &other
}

// replies answer every question rightly.
func (f *fresh) replies() []reply {
	return []reply{
		{"Address of the QTickets API", f.server.URL()}, {"Token of the organiser", f.token}, {"ClickHouse (Enter", "own"},
		{"Name or address", f.db.Host}, {"Its port", strconv.Itoa(f.db.Port)}, {"Database", f.db.Database},
		{"User of the loader", f.db.User}, {"Password of this user", f.db.Password},
		{"Password of datalens_reader", f.reader.Password}, {"Administrator of ClickHouse", ""},
		{"Its password", f.admin.Password}, {"Name of the organiser", "Театр"}, {"Who is told", ""}, {"Who gets", ""},
		{"Go on?", ""},
	}
}

func (f *fresh) init(replies []reply, arguments ...string) outcome {
	f.Helper()
	return f.talk(replies, append([]string{"init", "--envfile", f.envfile}, arguments...)...)
}

// written is the env file; "": there is none.
func (f *fresh) written() string {
	f.Helper()
	text, err := os.ReadFile(f.envfile)
	if err != nil && !os.IsNotExist(err) {
		f.Fatal(err)
	}
	return string(text)
}

// hasDatabase tells whether somebody made the database.
func (f *fresh) hasDatabase() bool {
	f.Helper()
	other := *f.shell
	other.db.Database = "system"
	return other.sql("SELECT count() FROM system.databases WHERE name = '%s'", f.db.Database) != "0"
}

// says demands texts of an outcome.
func (f *fresh) says(out outcome, code int, texts ...string) {
	f.Helper()
	if out.code != code {
		f.Errorf("exit code %d, want %d\n%s", out.code, code, out.text())
	}
	for _, text := range texts {
		if !strings.Contains(out.text(), text) {
			f.Errorf("no %q in\n%s", text, out.text())
		}
	}
}

// TestInit: from a token to a number, typed on a terminal; then again, which asks nothing and changes nothing.
func TestInit(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	out := f.init(f.replies())
	f.says(out, 0, "This will be done:", "made now, with random numbers: QTICKETS_BUYER_KEY, QTICKETS_WEBHOOK_SECRET",
		"as admin_min; no data is deleted", "Compare with the cabinet of QTickets", "qtickets_api serve --every 15m")
	if info, err := os.Stat(f.envfile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	first := f.written()
	if strings.Contains(first, f.admin.Password) || strings.Contains(first, "ADMIN") {
		t.Error("the administrator is kept")
	}
	for _, secret := range regexp.MustCompile(`(?m)^QTICKETS_(?:BUYER_KEY|WEBHOOK_SECRET)=(.+)$`).FindAllStringSubmatch(first,
		-1) {
		if strings.Contains(out.stdout, secret[1]) {
			t.Error("a key is shown")
		}
	}
	sum := f.sql("SELECT sum(tickets_sold) FROM fact_qtickets_sales_daily WHERE toStartOfMonth(sales_date) = " +
		"(SELECT toStartOfMonth(toDate(max(as_of))) FROM publish)")
	if !strings.Contains(out.stdout, "this month: "+sum+"\u00a0tickets") {
		t.Errorf("%s tickets in the month, and\n%s", sum, out.stdout)
	}
	f.must(0, "doctor", "--envfile", f.envfile)

	again := f.init([]reply{{"Go on?", ""}})
	f.says(again, 0, "set, not shown", "QTICKETS_BUYER_KEY stays", "1. load the sales",
		"Compare with the cabinet")
	if f.written() != first {
		t.Error("the second run changes the file")
	}
	// Everything is asked again, and Enter keeps it; "-" takes a name away.
	keep := []reply{{"Address", ""}, {"Token", ""}, {"ClickHouse (Enter: own)", ""}, {"Name or address", ""},
		{"Its port", ""}, {"Database", ""}, {"User of the loader", ""}, {"Password of this user", ""},
		{"Password of datalens_reader", ""}, {"Name of the organiser", ""}, {"Who is told", ""}, {"Who gets", "-"},
		{"Go on?", "n"}}
	f.says(f.init(keep, "--again"), 1, "Nothing was changed")
	// A single answer is changed, everything else stays, to the letter.
	f.says(f.run("init", "--envfile", f.envfile, "--yes", "--org", "Цирк"), 0, "write "+f.envfile+" (mode 600): ORG_NAME;")
	if f.written() != strings.Replace(first, "ORG_NAME=Театр", "ORG_NAME=Цирк", 1) {
		t.Error("more than the name was changed")
	}
}

// TestInitInRussian says all of it in Russian, and without a terminal.
func TestInitInRussian(t *testing.T) {
	t.Parallel()
	f := newFresh(t).silent()
	f.says(f.run("init", "--envfile", f.envfile, "--yes", "--lang", "ru", "--dry-run"), 0, "Будет сделано:",
		"ничего не сделано")
	if f.written() != "" || f.hasDatabase() {
		t.Error("--dry-run has done something")
	}
	f.says(f.run("init", "--envfile", f.envfile, "--yes", "--lang", "ru"), 0, "Сравните с кабинетом QTickets.",
		"таблицы созданы и обновлены", "Вчера, ")
	out := f.with("QTICKETS_TOKEN", wrongSecret).run("init", "--yes", "--envfile", f.envfile, "--lang", "ru")
	f.says(out, 2, "QTICKETS_TOKEN, QTICKETS_TOKEN_FILE: QTickets не принимает этот токен", "Ничего не изменено.")
	if strings.Contains(out.stderr, "configuration") || strings.Contains(out.stderr, "refused") {
		t.Errorf("English words in\n%s", out.stderr)
	}
}

// wrongAnswer is one that cannot be right, without a terminal: how it ends, and what is said of it.
type wrongAnswer struct {
	name      string
	set       []string
	arguments []string
	code      int
	says      []string
}

func wrongAnswers(t *testing.T, f *fresh) []wrongAnswer {
	t.Helper()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	apiOf := func(kind simulator.FaultKind) []string { return []string{"QTICKETS_BASE_URL", faultyServer(t, kind)} }
	return []wrongAnswer{
		{"no token", []string{"QTICKETS_TOKEN", ""}, nil, 2, []string{"QTICKETS_TOKEN, QTICKETS_TOKEN_FILE",
			"Settings - General"}},
		{"token refused", []string{"QTICKETS_TOKEN", wrongSecret}, nil, 2, []string{"QTICKETS_TOKEN", "refuses this token"}},
		{"token with a blank", []string{"QTICKETS_TOKEN", "a b"}, nil, 2, []string{"QTICKETS_TOKEN", "without blanks"}},
		{"token in quotes", []string{"QTICKETS_TOKEN", `"` + wrongSecret + `"`}, nil, 2, []string{"remove the quotes"}},
		{"token file missing", []string{"QTICKETS_TOKEN", "", "QTICKETS_TOKEN_FILE", "/nowhere/token"}, nil, 2,
			[]string{"QTICKETS_TOKEN_FILE", "no such file"}},
		{"token twice", []string{"QTICKETS_TOKEN_FILE", "token.txt"}, nil, 2, []string{"keep one"}},
		{"address without https", nil, []string{"--base-url", "http://qtickets.test/api/rest/v1"}, 2,
			[]string{"--base-url", "write https://"}},
		{"address without a scheme", nil, []string{"--base-url", "qtickets.ru/api/rest/v1"}, 2,
			[]string{"--base-url, QTICKETS_BASE_URL", "https://qtickets.ru/api/rest/v1"}},
		{"address without its path", []string{"QTICKETS_BASE_URL", "https://qtickets.ru"}, nil, 2,
			[]string{"QTICKETS_BASE_URL", "must end with /api/rest/v1"}},
		{"address with a parameter", []string{"QTICKETS_BASE_URL", f.server.URL() + "?token=" + wrongSecret}, nil, 2,
			[]string{"QTICKETS_BASE_URL", "without parameters"}},
		{"address of nobody", nil, []string{"--base-url", "http://127.0.0.1:" + closedPort(t) + "/api/rest/v1"}, 2,
			[]string{"--base-url", "nobody answers"}},
		{"address with an unknown name", nil, []string{"--base-url", "https://no-such-host.invalid/api/rest/v1"}, 2,
			[]string{"--base-url", "DNS"}},
		{"TLS where there is none", nil, []string{"--base-url", strings.Replace(f.server.URL(), "http:", "https:", 1)}, 2,
			[]string{"--base-url", "nobody answers"}},
		{"address of a web page", apiOf(simulator.HTMLPage), nil, 2, []string{"--base-url", "not the API of QTickets"}},
		{"address that redirects", apiOf(simulator.Redirected), nil, 2, []string{"--base-url", "not the API of QTickets"}},
		{"QTickets is down", apiOf(simulator.Unavailable), nil, 1, []string{"no fault of your answers", "try again later"}},

		{"no kind of ClickHouse", []string{"CLICKHOUSE_HOST", ""}, nil, 2, []string{"--clickhouse", "own, managed, compose"}},
		{"a kind that is none", nil, []string{"--clickhouse", "cloud"}, 2, []string{"--clickhouse", "own"}},
		{"no host", []string{"CLICKHOUSE_HOST", ""}, []string{"--clickhouse", "own"}, 2, []string{"--host, CLICKHOUSE_HOST"}},
		{"host with a password", nil, []string{"--host", "http://u:" + wrongSecret + "@127.0.0.1"}, 2,
			[]string{"--host", "without http://"}},
		{"host with an unknown name", nil, []string{"--host", "no-such-host.invalid"}, 2, []string{"no ClickHouse answers"}},
		{"port of nobody", nil, []string{"--port", closedPort(t)}, 2, []string{"--port", "no ClickHouse answers there"}},
		{"port in words", nil, []string{"--port", "http"}, 2, []string{"--port", "from 1 to 65535"}},
		{"a web server", nil, []string{"--port", webServer(t, http.StatusOK)}, 2, []string{"no ClickHouse answers"}},
		{"TLS asked of a port without it", []string{"CLICKHOUSE_SECURE", "true"}, nil, 2,
			[]string{"CLICKHOUSE_SECURE", "--port"}},
		{"certificate of nobody known", []string{"CLICKHOUSE_SECURE", "true"}, []string{"--port",
			port(untrusted.Listener.Addr())}, 2, []string{"certificate", "authority"}},
		{"an authority that is no file", []string{"CLICKHOUSE_CA", "/nowhere/ca.pem"}, nil, 2,
			[]string{"CLICKHOUSE_CA", "PEM"}},
		{"wrong password", []string{"CLICKHOUSE_PASSWORD", wrongSecret}, nil, 2,
			[]string{"CLICKHOUSE_PASSWORD, CLICKHOUSE_PASSWORD_FILE", "refuses this user or this password"}},
		{"unknown user", nil, []string{"--user", "nobody"}, 2, []string{"CREATE USER"}},
		{"a database with a dash", nil, []string{"--database", "my-sales"}, 2, []string{"--database", "Latin letters"}},
		{"no database in a cloud", nil, []string{"--clickhouse", "managed"}, 2, []string{"--database", "in the console"}},
		{"wrong administrator", []string{"CLICKHOUSE_ADMIN_PASSWORD", wrongSecret}, nil, 2,
			[]string{"CLICKHOUSE_ADMIN_PASSWORD", "refuses this administrator"}},
		{"bad address of a messenger", []string{"ALERT_URLS", "telegram//" + wrongSecret}, nil, 2, []string{"ALERT_URLS",
			"docs/alerts.md"}},
		{"bad address of the morning message", []string{"DIGEST_URLS", "carrier-pigeon://" + wrongSecret}, nil, 2,
			[]string{"DIGEST_URLS", "docs/alerts.md"}},
		{"a misspelt variable", []string{"QTICKETS_TOKN", wrongSecret}, nil, 2, []string{"did you mean QTICKETS_TOKEN?"}},
		{"env file is a folder", nil, []string{"--envfile", t.TempDir()}, 2, []string{"--envfile", "directory"}},
		{"env file with an unknown name", nil, []string{"--envfile", f.file("typo.env", "QTICKETS_COLOUR=red")}, 2,
			[]string{"QTICKETS_COLOUR"}},
		{"env file with a bad line", nil, []string{"--envfile", f.file("bad.env", wrongSecret)}, 2, []string{"line 1"}},
	}
}

// TestInitExplainsWrongAnswers: each is named with the next step, and nothing is done: no file, no table.
func TestInitExplainsWrongAnswers(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	cases := wrongAnswers(t, f)
	if len(cases) < 25 {
		t.Errorf("only %d wrong answers", len(cases))
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			one := f.silent(c.set...)
			one.TB = t
			out := one.run(append([]string{"init", "--yes", "--envfile", f.envfile}, c.arguments...)...)
			one.says(out, c.code)
			for _, text := range c.says {
				if !strings.Contains(lastMessage(out.stderr), text) {
					t.Errorf("the message does not say %q:\n%s", text, out.text())
				}
			}
		})
	}
	out := f.silent().run("init", "--envfile", f.envfile)
	f.says(out, 2, "--yes", "Nothing was changed")
	if f.written() != "" || f.hasDatabase() {
		t.Error("something was done")
	}
}

// TestInitAsksAgain: on a terminal a wrong answer is explained and asked for again, until it is right; what was right
// before is not asked again.
func TestInitAsksAgain(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	telegram := testkit.ServeTelegram(t)
	telegram.Refuse("13", "403 Forbidden: bot was blocked by the user")
	r := f.replies()
	all := []reply{
		{"Address", "qtickets.ru"}, {"an address such as", "http://qtickets.test/api/rest/v1"}, {"Token", wrongSecret},
		{"write https://", f.server.URL()}, {"refuses this token", ""}, {"refuses this token", f.token},
		{"ClickHouse (Enter", "mysql"}, {"write one of the words", "own"},
		r[3], {"Its port", "99999"}, {"from 1 to 65535", closedPort(t)}, {"Database", "my-sales"},
		{"Latin letters", f.db.Database},
		r[6], {"Password of this user", wrongSecret}, r[8],
		{"no ClickHouse answers there", f.db.Host}, {"Its port", strconv.Itoa(f.db.Port)},
		{"Is there no such user yet", "n"}, {"refuses this user or this password", ""}, r[7],
		{"Administrator", f.db.User}, {"Its password", f.admin.Password}, {"refuses this administrator", "admin_min"}, r[10],
		r[11], {"Who is told", "telegram:/" + wrongSecret}, {"Who gets", ""},
		{"no address that a message", telegram.URL("13")}, {"test message was not accepted", telegram.URL("14")}, r[14],
	}
	out := f.init(all)
	f.says(out, 0, "Compare with the cabinet")
	if texts := telegram.Texts(); len(texts) != 1 {
		t.Errorf("test messages: %q", texts)
	}
	f.must(0, "check", "--envfile", f.envfile)
}

// killAt runs a command as a process of its own, which is killed when it prints a text. It returns what was printed.
func (s *shell) killAt(text string, arguments ...string) string {
	s.Helper()
	program, err := os.Executable()
	if err != nil {
		s.Fatal(err)
	}
	cmd := exec.CommandContext(s.Context(), program, arguments...)
	cmd.Env = []string{asCommand + "=yes"}
	for name, value := range s.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.Fatal(err)
	}
	var printed strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		printed.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), text) {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait()
	if !strings.Contains(printed.String(), text) {
		s.Errorf("%q is not printed:\n%s", text, printed.String())
	}
	return printed.String()
}

// TestInitGoesOn: a run that is killed at any step leaves nothing half done, and the next one ends the work with the
// keys of the first.
func TestInitGoesOn(t *testing.T) {
	t.Parallel()
	f := newFresh(t).silent()
	var key string
	for _, text := range []string{"Settings:", "accepts the token", "lets etl_writer in", "will be done",
		"settings are written", "tables are up to date", "… loading", "loaded:"} {
		f.killAt(text, "init", "--yes", "--envfile", f.envfile)
		now := regexp.MustCompile(`(?m)^QTICKETS_BUYER_KEY=\w{52}$`).FindString(f.written())
		if key != "" && now != key {
			t.Errorf("killed at %q: another key for buyers", text)
		}
		if now == "" && f.written() != "" {
			t.Errorf("killed at %q: a part of the file", text)
		}
		key = now
	}
	f.says(f.run("init", "--yes", "--envfile", f.envfile), 0, "Compare with the cabinet")
	if !strings.Contains(f.written(), key) || key == "" {
		t.Error("another key for buyers")
	}
	f.must(0, "check", "--envfile", f.envfile)
}

// TestInitInterrupted: Ctrl-C while a secret is typed changes nothing and gives the terminal back as it was.
func TestInitInterrupted(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	ctx, interrupt := context.WithCancel(t.Context())
	term := openTerminal(t)
	code := make(chan int, 1)
	go func() {
		code <- cli.Run(ctx, []string{"init", "--envfile", f.envfile, "--base-url", f.server.URL()},
			cli.Process{Stdin: term.tty, Stdout: term.tty, Stderr: term.tty, Environ: []string{"HOME=" + t.TempDir()}})
	}()
	for !term.asks(0, "Token of the organiser") {
		time.Sleep(5 * time.Millisecond)
	}
	interrupt()
	if got := <-code; got != 1 || !term.echoes() || f.written() != "" {
		t.Errorf("exit code %d, the terminal echoes: %v\n%s", got, term.echoes(), term.text())
	}
	_, _ = term.person.WriteString("\n")
	_ = term.tty.Close()
}

// TestInitKeepsTheKeyOfBuyers: orders that were hashed with a key that is not here any more get no other one.
func TestInitKeepsTheKeyOfBuyers(t *testing.T) {
	t.Parallel()
	f := newFresh(t).silent("QTICKETS_BUYER_KEY", "the key of this organiser")
	f.says(f.run("init", "--yes", "--envfile", f.envfile), 0, "QTICKETS_BUYER_KEY stays")
	f.env["QTICKETS_BUYER_KEY"] = ""
	elsewhere := filepath.Join(t.TempDir(), "another.env")
	f.says(f.run("init", "--yes", "--envfile", elsewhere), 1, "set QTICKETS_BUYER_KEY to that key")
	asked := *f
	asked.shell, asked.envfile = f.with("CLICKHOUSE_PASSWORD", ""), elsewhere
	f.says(asked.init([]reply{{"Password of this user", f.db.Password}}), 1, "set QTICKETS_BUYER_KEY to that key")
	f.says(f.run("init", "--yes", "--envfile", f.envfile), 0, "QTICKETS_BUYER_KEY stays")
}

// TestInitWithoutRights: what the administrator may not do is said as statements for somebody who may, without a
// password in them, and the next run goes on.
func TestInitWithoutRights(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	weak := f.silent("CLICKHOUSE_ADMIN_USER", f.db.User, "CLICKHOUSE_ADMIN_PASSWORD", f.db.Password)
	f.says(weak.run("init", "--yes", "--envfile", f.envfile), 1, "lacks a right", "the same command goes on from here")
	unknown := f.silent("CLICKHOUSE_USER", "new_loader", "CLICKHOUSE_PASSWORD", wrongSecret)
	out := unknown.run("init", "--yes", "--envfile", f.envfile, "--create-users")
	f.says(out, 1, "Have an administrator run this", "CREATE USER IF NOT EXISTS new_loader IDENTIFIED WITH sha256_hash BY",
		"GRANT SELECT, INSERT ON "+f.db.Database+".state_* TO new_loader;")
	f.says(f.silent().run("init", "--yes", "--envfile", f.envfile), 0, "Compare with the cabinet")
}

// sqlUsers stands in for a ClickHouse with users made by SQL, which the embedded engine cannot have: it notes who was
// created, with which hash, and lets them in as those of the engine. All else is the engine's.
type sqlUsers struct {
	mu       sync.Mutex
	hashes   map[string]string
	granted  map[string]int
	told     []string
	broken   bool                        // it makes nobody
	accounts map[string]warehouse.Config // of the engine, by the name they have here
	proxy    *httputil.ReverseProxy
}

func (u *sqlUsers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	name, password, _ := r.BasicAuth()
	u.mu.Lock()
	defer u.mu.Unlock()
	made := regexp.MustCompile(`^CREATE USER IF NOT EXISTS (\w+) IDENTIFIED WITH sha256_hash BY '(\w+)'`).FindSubmatch(body)
	given := regexp.MustCompile(`^GRANT .* TO (\w+)$`).FindSubmatch(body)
	if made != nil || given != nil {
		u.told = append(u.told, string(body))
	}
	switch {
	case made != nil && u.broken:
		http.Error(w, "Code: 514. DB::Exception: there is no writeable access storage", http.StatusInternalServerError)
		return
	case made != nil && name == "boss":
		u.hashes[string(made[1])] = string(made[2])
		return
	case given != nil && name == "boss":
		u.granted[string(given[1])]++
		return
	case name == "boss" || u.hashes[name] == fmt.Sprintf("%x", sha256.Sum256([]byte(password))):
		r.SetBasicAuth(u.accounts[name].User, u.accounts[name].Password)
	}
	u.proxy.ServeHTTP(w, r)
}

// TestInitMakesUsers: on a server that has only an administrator Enter is enough, the passwords are made, and a run
// that stopped before the users were made goes on.
func TestInitMakesUsers(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	engine := &url.URL{Scheme: "http", Host: f.db.Host + ":" + strconv.Itoa(f.db.Port)}
	users := &sqlUsers{hashes: map[string]string{}, granted: map[string]int{},
		proxy:    httputil.NewSingleHostReverseProxy(engine),
		accounts: map[string]warehouse.Config{"boss": f.admin, "loader2": f.db, "datalens_reader": f.reader}}
	server := httptest.NewServer(users)
	t.Cleanup(server.Close)
	r := f.replies()
	r[4].answer, r[6].answer, r[7].answer, r[8].answer = port(server.Listener.Addr()), "loader2", "", ""
	r[9].answer, r[10].answer = "boss", "any"
	users.broken = true
	f.says(f.init(r), 1, "create the users loader2, datalens_reader", "Have an administrator run this",
		"goes on from here")
	users.broken = false
	out := f.init([]reply{{"Is there no such user yet", "y"}, r[9], r[10], r[14]})
	f.says(out, 0, "the users have their rights", "Compare with the cabinet")
	if users.granted["loader2"] == 0 || users.granted["datalens_reader"] == 0 || len(users.hashes) != 2 {
		t.Errorf("users %v, rights %v", users.hashes, users.granted)
	}
	for _, statement := range users.told { // the engine's own parser
		f.sql("SELECT formatQuery('%s')", strings.ReplaceAll(statement, "'", "\\'"))
	}
	f.must(0, "check", "--envfile", f.envfile)
}

// TestInitCompose takes the passwords that passwords.sh has made.
func TestInitCompose(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	f.env["QTICKETS_BASE_URL"], f.env["QTICKETS_TOKEN"] = f.server.URL(), f.token
	made := f.file("compose.env", "CLICKHOUSE_ETL_PASSWORD="+f.db.Password,
		"CLICKHOUSE_READER_PASSWORD="+f.reader.Password, "CLICKHOUSE_ADMIN_PASSWORD="+f.admin.Password)
	compose := []string{"--clickhouse", "compose", "--compose-env", made, "--host", "127.0.0.1", "--port",
		strconv.Itoa(f.db.Port), "--database", f.db.Database}
	r := f.replies()
	names := []reply{r[11], r[12], r[13], {"Go on?", "n"}} // nothing else is asked, not even for the administrator
	f.says(f.init(names, compose...), 1, "Nothing was changed")
	out := f.run(append([]string{"init", "--yes", "--envfile", f.envfile}, compose...)...)
	f.says(out, 0, "Compare with the cabinet")
	f.must(0, "doctor", "--envfile", f.envfile)
}

// TestInitEmbedded: without a server.
func TestInitEmbedded(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	data := filepath.Join(t.TempDir(), "clickhouse")
	f.env["CLICKHOUSE_DATA"] = data
	r := f.replies()
	out := f.init([]reply{r[0], r[1], {"ClickHouse (Enter: embedded)", ""}, r[11], r[12], r[13], r[14]})
	f.says(out, 0, "its data goes to "+data, "Compare with the cabinet")
	f.says(f.init([]reply{r[14]}), 0, "1. start the embedded ClickHouse", "Compare with the cabinet")
	f.must(0, "check", "--envfile", f.envfile)
}

// TestInitWithoutLibrary: where the embedded engine cannot run it is not proposed, and whoever names it is asked again.
func TestInitWithoutLibrary(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	f.env["CHDB_LIB"] = "/nowhere"
	r := f.replies()
	again := []reply{r[0], r[1], {"ClickHouse (Enter: own)", "embedded"}, {"choose own, managed or compose", "own"}}
	f.says(f.init(append(again, r[3:]...)), 0, "cannot run here", "Compare with the cabinet")
}

// TestInitProposesCompose: where infra/clickhouse has its passwords, that is the ClickHouse that is meant.
func TestInitProposesCompose(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	r := f.replies()
	r[2].asked, r[len(r)-1].answer = "ClickHouse (Enter: compose)", "n"
	made := f.file("compose.env", "CLICKHOUSE_ETL_PASSWORD="+f.db.Password)
	f.says(f.init(r, "--compose-env", made), 1, "Nothing was changed")
}

// TestInitInTheImage: a file that would be gone with the container is refused, and the commands that are shown are
// those of the image. Elsewhere they are those of the program as it was called.
func TestInitInTheImage(t *testing.T) {
	t.Parallel()
	f := newFresh(t).silent("QTICKETS_BUYER_KEY", "the key of this organiser")
	as := func(program, envfile string) outcome {
		var out bytes.Buffer
		var environ []string
		for name, value := range f.env {
			environ = append(environ, name+"="+value)
		}
		code := cli.Run(t.Context(), []string{"init", "--yes", "--lang", "en", "--envfile", envfile},
			cli.Process{Stdout: &out, Stderr: &out, Environ: environ, Program: program})
		return outcome{code: code, stdout: out.String()}
	}
	f.says(as("/qtickets_api", "/not_mounted/env"), 2, "add -v /not_mounted:/not_mounted to docker run")
	f.says(as("/qtickets_api", "/opt/zakaz_dashboard/secrets/x.env"), 2,
		"add -v /opt/zakaz_dashboard:/opt/zakaz_dashboard")
	f.says(as("bin/qtickets_api", f.envfile), 0, "bin/qtickets_api serve --every 15m --envfile "+f.envfile+" --lang en",
		"Assumptions about the QTickets API: ", "bin/qtickets_api contract --envfile "+f.envfile)
	mounted, err := os.MkdirTemp("/dev/shm", "qtickets_init_") // a mount everywhere, in a container too
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(mounted) })
	f.says(as("/qtickets_api", mounted+"/env"), 0, "sudo docker run --rm --network host --env-file "+mounted+
		"/env qtickets_api:latest serve --every 15m --lang en")
}
