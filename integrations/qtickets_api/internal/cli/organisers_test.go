package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/cli"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// agency is a server with several organisers: the ClickHouse files that passwords.sh makes, an engine that reads them,
// and for each organiser a QTickets and an env file.
type agency struct {
	*testing.T
	clickhouse string // folder: passwords and users
	secrets    string // folder: env files
	engine     *chserver.Server
	names      []string
	worlds     map[string]*simulator.World
	apis       map[string]*simulator.Server
	hold       chan struct{} // the QTickets of the dead organiser answers when it is closed
	held       chan struct{} // closed by its first request
}

// nasty are names that begin like other names, or like words of the schema.
var nasty = []string{"a", "a_a", "_", "0", "state", "state_", "zakaz", "default", "a_state_orders", "qtickets_api"}

// engineOwn is what the embedded engine runs as, with the right to open its ports. Small data is not worth compiling
// for.
const engineOwn = `<clickhouse><profiles><session_only><max_sessions_for_user>1</max_sessions_for_user></session_only>
<default><compile_expressions>0</compile_expressions><compile_aggregate_expressions>0</compile_aggregate_expressions>
<compile_sort_description>0</compile_sort_description></default></profiles>
<users><default><no_password/><networks><ip>127.0.0.1</ip></networks>
<profile>session_only</profile><quota>default</quota><grants><query>GRANT SYSTEM LISTEN ON *.*</query>
<query>GRANT CREATE TEMPORARY TABLE, FILE ON *.*</query></grants></default></users></clickhouse>`

func newAgency(t *testing.T, size int) *agency {
	t.Helper()
	a := &agency{T: t, clickhouse: t.TempDir(), secrets: t.TempDir(), worlds: map[string]*simulator.World{},
		apis: map[string]*simulator.Server{}, hold: make(chan struct{}), held: make(chan struct{})}
	for i := range size {
		name := fmt.Sprintf("organiser_%02d", i)
		if i < len(nasty) {
			name = nasty[i]
		}
		a.names = append(a.names, name)
	}
	a.users()
	a.start()
	for i, name := range a.names {
		a.organiser(name, int64(i+1))
	}
	return a
}

// users are made by the operator's script.
func (a *agency) users() {
	a.Helper()
	for _, file := range []string{"passwords.sh", "users.d/qtickets.xml"} {
		text, err := os.ReadFile("../../../../infra/clickhouse/" + file)
		if err != nil {
			a.Fatal(err)
		}
		a.write(filepath.Join(a.clickhouse, file), string(text))
	}
	for _, name := range a.names {
		script := filepath.Join(a.clickhouse, "passwords.sh")
		out, err := exec.CommandContext(a.Context(), "bash", script, name).CombinedOutput()
		if err != nil {
			a.Fatalf("passwords.sh %s: %v\n%s", name, err, out)
		}
	}
}

// start the engine with these users and with the profiles and quotas of the server, without the server's own users.
func (a *agency) start() {
	a.Helper()
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		a.Fatal(err)
	}
	o := chserver.Options{Library: library, DataDir: a.TempDir(), NoTCP: true}
	server := a.read("users.d/qtickets.xml")
	common, _, _ := strings.Cut(server, "<users>")
	a.write(o.DataDir+"/users.d/qtickets.xml", common+"</clickhouse>")
	a.write(o.DataDir+"/users.d/zz_engine.xml", engineOwn)
	for _, name := range a.names {
		file := "users.d/organiser_" + name + ".xml"
		a.write(filepath.Join(o.DataDir, file), a.read(file))
	}
	if a.engine, err = chserver.Start(a.Context(), o); err != nil {
		a.Fatal(err)
	}
	a.Cleanup(func() { _ = a.engine.Close() })
}

// organiser has an account of its own at QTickets; the first one's does not answer.
func (a *agency) organiser(name string, account int64) {
	a.Helper()
	a.worlds[name] = simulator.NewWorld(simulator.WorldOptions{Seed: account, Account: account, Orders: 12, Events: 2})
	options := simulator.ServerOptions{Token: fmt.Sprintf("token-of-account-%d", account)}
	if name == a.names[0] {
		var once sync.Once
		options.OnRequest = func(string) {
			once.Do(func() { close(a.held) })
			<-a.hold
		}
	}
	api := simulator.NewServer(a.worlds[name], options)
	if err := api.Start(""); err != nil {
		a.Fatal(err)
	}
	a.Cleanup(func() { _ = api.Close() })
	a.apis[name] = api
	loader := a.as(name, "etl_writer", "ETL")
	a.write(a.file(name), strings.Join([]string{"QTICKETS_BASE_URL=" + api.URL(), "QTICKETS_TOKEN=" + api.Token(),
		"QTICKETS_RATE_LIMIT=10000", "QTICKETS_RETRY_BUDGET=100ms", "CLICKHOUSE_HOST=" + loader.Host,
		fmt.Sprintf("CLICKHOUSE_PORT=%d", loader.Port), "CLICKHOUSE_USER=" + loader.User,
		"CLICKHOUSE_PASSWORD=" + loader.Password, "CLICKHOUSE_DATABASE=" + loader.Database, "ORG_NAME=" + name,
		"CLICKHOUSE_READER_USER=datalens_reader_" + name,
		"CLICKHOUSE_READER_PASSWORD=" + a.as(name, "datalens_reader", "READER").Password, "TZ=Europe/Moscow", ""}, "\n"))
}

func (a *agency) file(name string) string { return filepath.Join(a.secrets, name+".env") }

// as is the connection of one of an organiser's users to its own database.
func (a *agency) as(name, user, variable string) warehouse.Config {
	a.Helper()
	_, rest, _ := strings.Cut(a.read("organisers/"+name+".env"), "CLICKHOUSE_"+variable+"_PASSWORD=")
	password, _, _ := strings.Cut(rest, "\n")
	return warehouse.Config{Host: "127.0.0.1", Port: a.engine.HTTPPort(), User: user + "_" + name, Password: password,
		Database: "zakaz_" + name}
}

func (a *agency) read(file string) string {
	a.Helper()
	text, err := os.ReadFile(filepath.Join(a.clickhouse, file))
	if err != nil {
		a.Fatal(err)
	}
	return string(text)
}

func (a *agency) write(path, text string) {
	a.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		a.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		a.Fatal(err)
	}
}

// run is a command as a unit runs it: nothing but the env file says whose it is.
func (a *agency) run(arguments ...string) outcome {
	var stdout, stderr bytes.Buffer
	code := cli.Run(a.Context(), arguments, cli.Process{Stdout: &stdout, Stderr: &stderr})
	return outcome{code, stdout.String(), stderr.String()}
}

// query sends a statement as a user and returns the code of the error, "" for none.
func (a *agency) query(c warehouse.Config, statement string) (text, code string) {
	a.Helper()
	address := fmt.Sprintf("http://%s:%d/?%s", c.Host, c.Port, url.Values{"query": {statement}}.Encode())
	request, err := http.NewRequestWithContext(a.Context(), http.MethodPost, address, nil)
	if err != nil {
		a.Fatal(err)
	}
	request.SetBasicAuth(c.User, c.Password)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		a.Fatal(err)
	}
	return strings.TrimSpace(string(body)), response.Header.Get("X-ClickHouse-Exception-Code")
}

// few and many organisers; fifty took 122 seconds of CPU.
const fewOrganisers, manyOrganisers = 3, 12

// TestManyOrganisers: organisers on one ClickHouse, set up by the operator's script. Each loads into a database
// of its own what its own account sold, while the QTickets of one does not answer; nobody reads another's tables; and
// "all" says of each how it stands.
func TestManyOrganisers(t *testing.T) {
	t.Parallel()
	a := newAgency(t, testkit.Rounds(fewOrganisers, manyOrganisers))
	for _, name := range a.names {
		if err := warehouse.Migrate(t.Context(), a.as(name, "admin_min", "ADMIN")); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	a.load()
	for _, name := range a.names[1:] {
		testkit.CheckFacts(t, a.as(name, "datalens_reader", "READER"), a.worlds[name])
	}
	a.rights()
	a.all()
}

// load runs a load for each organiser; the one whose QTickets is dead is the first to begin, and the last to end unless
// its patience ends before on a busy machine.
func (a *agency) load() {
	a.Helper()
	dead := make(chan outcome, 1)
	go func() { dead <- a.run("sync", "--envfile", a.file(a.names[0])) }()
	<-a.held
	for _, name := range a.names[1:] {
		if out := a.run("sync", "--envfile", a.file(name)); out.code != 0 {
			a.Errorf("%s: exit %d\n%s", name, out.code, out.text())
		}
	}
	a.apis[a.names[0]].SetFault(simulator.Fault{Kind: simulator.Dropped})
	close(a.hold)
	if out := <-dead; out.code != 1 {
		a.Errorf("the load of the dead QTickets ends with %d\n%s", out.code, out.text())
	}
}

// rights tries a statement for each pair of organisers and each kind of user: its own tables are readable, nobody
// else's are. Only an administrator sees that there are others.
func (a *agency) rights() {
	a.Helper()
	pairs := 0
	for _, kind := range [][2]string{{"datalens_reader", "READER"}, {"etl_writer", "ETL"}, {"admin_min", "ADMIN"}} {
		for _, mine := range a.names {
			c := a.as(mine, kind[0], kind[1])
			if text, _ := a.query(c, "SELECT groupArray(name) FROM system.databases WHERE name LIKE 'zakaz%'"); kind[0] !=
				"admin_min" && text != "['zakaz_"+mine+"']" {
				a.Errorf("%s sees the databases %s", c.User, text)
			}
			for _, other := range a.names {
				want := "497" // not enough privileges
				if other == mine {
					want = ""
				}
				text, code := a.query(c, "SELECT count() FROM zakaz_"+other+".fact_qtickets_sales_daily")
				if code != want {
					a.Fatalf("%s reads zakaz_%s: code %q, want %q: %s", c.User, other, code, want, text)
				}
				pairs++
			}
		}
	}
	if want := 3 * len(a.names) * len(a.names); pairs != want {
		a.Errorf("%d pairs were tried, want %d", pairs, want)
	}
}

// all looks at everybody at once: a line for each, whatever is wrong with the others, and the worst exit status.
func (a *agency) all() {
	a.Helper()
	dead, well := a.names[0], a.names[1]
	a.expect("check", a.secrets, append([]string{dead + " 1"}, suffixed(a.names[1:], " 0")...))

	few := a.TempDir() // the other commands at some of them
	a.expect("check", few, nil)
	a.write(filepath.Join(few, well+".env"), a.readFile(a.file(well)))
	a.expect("check", few, []string{well + " 0"})
	a.expect("doctor", few, []string{well + " 0"})
	a.write(filepath.Join(few, dead+".env"), a.readFile(a.file(dead)))
	a.expect("doctor", few, []string{well + " 0", dead + " 1"})
	a.write(filepath.Join(few, "NoName.env"), a.readFile(a.file(well)))
	a.write(filepath.Join(few, "twin.env"), a.readFile(a.file(well)))
	a.write(filepath.Join(few, ".env.qtickets_api"), "TZ=Europe/Moscow\n")
	a.expect("check", few, []string{well + " 0", dead + " 1", "NoName 2", "twin 2", ".env.qtickets_api 2"})

	out := a.run("check", "--all", "--secrets", few).stdout
	wantLine(a.T, out, "✓ "+well+" ", "✓")
	wantLine(a.T, out, "✗ "+dead+" ", "data is fresh: no good load yet")
	wantLine(a.T, out, "✗ twin ", "is the database of "+well)
	wantLine(a.T, out, "✗ NoName ", "a-z, 0-9 and _")
	wantLine(a.T, out, "✗ .env.qtickets_api ", "CLICKHOUSE_HOST")
}

// expect runs a command for all organisers of a folder: "NAME EXIT" for each of them.
func (a *agency) expect(command, secrets string, want []string) {
	a.Helper()
	out := a.run(command, "--all", "--secrets", secrets, "--json")
	var found []struct {
		Organiser string
		Exit      int `json:"exit_status"`
		Results   []struct{ Check, Status, Found string }
	}
	if want != nil {
		if err := json.Unmarshal([]byte(out.stdout), &found); err != nil {
			a.Fatalf("%s --all: %v\n%s", command, err, out.text())
		}
	}
	worst := 0
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprint(f.Organiser, " ", f.Exit))
		worst = max(worst, f.Exit) // of 0, 1 and 2 the highest is the worst
	}
	if want == nil {
		worst = 2 // nobody to look at
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || out.code != worst {
		a.Errorf("%s --all: exit %d, want %d; found %q, want %q\n%s", command, out.code, worst, got, want, out.text())
	}
}

func suffixed(names []string, suffix string) []string {
	var all []string
	for _, name := range names {
		all = append(all, name+suffix)
	}
	return all
}

func (a *agency) readFile(path string) string {
	a.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		a.Fatal(err)
	}
	return string(text)
}

// TestAllNeedsEnvFiles: without an env file there is nobody to look at, and one that is named is one alone.
func TestAllNeedsEnvFiles(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for _, command := range []string{"check", "doctor"} {
		for _, arguments := range [][]string{
			{"--all", "--secrets", empty},
			{"--all", "--secrets", filepath.Join(empty, "nowhere")},
			{"--all", "--secrets", empty, "--envfile", "x.env"},
		} {
			if out := bare(t, append([]string{command}, arguments...)...); out.code != 2 || out.stderr == "" {
				t.Errorf("%s %q: exit %d\n%s", command, arguments, out.code, out.text())
			}
		}
	}
}

// TestProxyOfOrganisers runs the examples of docs/organisers.md with the real proxies: each name leads to its own page,
// no name to what is for machines, and a name of nobody to nobody.
func TestProxyOfOrganisers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../docs/organisers.md")
	if err != nil {
		t.Fatal(err)
	}
	ports := []string{}
	for name, port := range map[string]string{"alpha": "8101", "beta": "8103"} {
		page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "%s of %s for %s", r.URL.Path, name, r.Host)
		}))
		t.Cleanup(page.Close)
		ports = append(ports, "127.0.0.1:"+port, strings.TrimPrefix(page.URL, "http://"))
	}
	found := examples.FindAllStringSubmatch(string(text), -1)
	if len(found) != 2 {
		t.Fatalf("%d examples in docs/organisers.md, this test knows 2", len(found))
	}
	for _, example := range found {
		t.Run(example[1], func(t *testing.T) {
			t.Parallel()
			p := behind(t, example[1], strings.NewReplacer(ports...).Replace(example[2]), "")
			for name, open := range map[string]bool{"alpha": true, "beta": true, "gamma": false} {
				its := *p
				its.address = strings.Replace(p.address, proxiedName, name+"."+proxiedName, 1)
				if !open && example[1] == "caddy" {
					continue // it knows no such name, and ends the handshake
				}
				for _, path := range []string{"/", "/webhooks/qtickets", "/metrics", "/readyz"} {
					want := open && path != "/metrics" && path != "/readyz"
					status, body, _ := its.ask(http.MethodGet, path, "")
					if (status == http.StatusOK) != want || want && !strings.HasPrefix(body, path+" of "+name+" for "+name+".") {
						t.Errorf("%s%s: %d %s", name, path, status, body)
					}
				}
			}
		})
	}
}
