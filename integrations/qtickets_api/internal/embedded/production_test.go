package embedded

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"text/template"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// infra is what an operator mounts into the ClickHouse server.
const infra = "../../../../infra/clickhouse/"

// production are the users of that server.
var production = []struct {
	Name, Env, Profile string
	Networks           []string
}{
	{"admin_min", "CLICKHOUSE_ADMIN_PASSWORD_SHA256", "default", []string{"127.0.0.1", "::1", "172.31.231.1"}},
	{"etl_writer", "CLICKHOUSE_ETL_PASSWORD_SHA256", "default", []string{"127.0.0.1", "::1", "172.31.231.1"}},
	{"datalens_reader", "CLICKHOUSE_READER_PASSWORD_SHA256", "datalens_reader",
		[]string{"127.0.0.1", "::1", "172.31.231.0/28"}},
	{"backup", "CLICKHOUSE_BACKUP_PASSWORD_SHA256", "default", []string{"127.0.0.1", "::1"}},
}

// TestProductionUsersAreGenerated: the server's users have the rights of grants.sql and the limits of the embedded
// engine. After a change run the tests with QTICKETS_UPDATE_DOCS=1.
func TestProductionUsersAreGenerated(t *testing.T) { // not in parallel: others read the file
	const path = infra + "users.d/qtickets.xml"
	want := productionUsers(t)
	if os.Getenv("QTICKETS_UPDATE_DOCS") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatal("infra/clickhouse/users.d/qtickets.xml is not up to date: run this test with QTICKETS_UPDATE_DOCS=1")
	}
}

func productionUsers(t *testing.T) []byte {
	t.Helper()
	grants, err := warehouse.Grants(warehouse.DefaultDatabase)
	if err != nil {
		t.Fatal(err)
	}
	rights := map[string][]string{}
	for _, g := range grants {
		rights[g.User] = append(rights[g.User], g.Rights)
	}
	type setting struct {
		Name, Value string
		chserver.Constraint
	}
	type user struct {
		Name, Env, Profile string
		Networks, Grants   []string
		Listed             string
	}
	var data struct {
		Settings, Constraints []setting
		Users                 []user
	}
	for name, value := range readerLimits {
		data.Settings = append(data.Settings, setting{Name: name, Value: value})
	}
	for name, constraint := range readerConstraints {
		data.Constraints = append(data.Constraints, setting{Name: name, Constraint: constraint})
	}
	byName := func(a, b setting) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(data.Settings, byName)
	slices.SortFunc(data.Constraints, byName)
	for _, u := range production {
		listed := ""
		if u.Name == Reader {
			listed = warehouse.Listed(warehouse.DefaultDatabase)
		}
		data.Users = append(data.Users, user{u.Name, u.Env, u.Profile, u.Networks, rights[u.Name], listed})
		delete(rights, u.Name)
	}
	if len(rights) > 0 {
		t.Errorf("grants.sql has users the server does not: %v", rights)
	}
	var text bytes.Buffer
	if err := template.Must(template.ParseFiles("testdata/users.xml.tmpl")).Execute(&text, data); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// TestComposeKnowsTheUsers: the compose file hands over every hash, and has the addresses the users may come from.
func TestComposeKnowsTheUsers(t *testing.T) {
	t.Parallel()
	compose := read(t, infra+"docker-compose.yml")
	for _, u := range production {
		plain := strings.TrimSuffix(u.Env, "_SHA256")
		if !strings.Contains(compose, u.Env+": ${"+u.Env+":?") || strings.Contains(compose, "{"+plain+"}") {
			t.Errorf("docker-compose.yml does not pass %s, or passes the password itself", u.Env)
		}
		if !strings.Contains(read(t, infra+".env.example"), plain+"=\n") {
			t.Errorf(".env.example lacks %s, or holds one", plain)
		}
	}
	for _, line := range []string{"subnet: 172.31.231.0/28\n", "gateway: 172.31.231.1\n", "- 127.0.0.1:8123:8123",
		"- 127.0.0.1:9000:9000"} {
		if !strings.Contains(compose, line) {
			t.Errorf("docker-compose.yml lacks %q", line)
		}
	}
}

// TestProductionLogins starts the engine with the very file an operator mounts and logs in as each user.
func TestProductionLogins(t *testing.T) {
	t.Parallel()
	s := startProduction(t)
	for _, u := range production {
		if got := s.mustQuery(t, u.Name, "SELECT currentUser(), currentProfiles()[-1]"); got != u.Name+"\t"+u.Profile {
			t.Errorf("%s is told it is %q", u.Name, got)
		}
		for _, wrong := range []string{"", "x", sum(passwordOf(u.Name))} {
			if text, code := s.query(t, u.Name, wrong, "SELECT 1", nil); code != "516" {
				t.Errorf("%s logs in with password %q: %s %s", u.Name, wrong, code, text)
			}
		}
	}
	for _, stranger := range []string{"default", "root"} {
		if _, code := s.query(t, stranger, "", "SELECT 1", nil); code == "" {
			t.Errorf("%s logs in without a password", stranger)
		}
	}
}

// TestProductionHasNoDefaultUser: with nothing but the operator's file the engine, which runs as "default", cannot
// start.
func TestProductionHasNoDefaultUser(t *testing.T) {
	t.Parallel()
	o := productionOptions(t)
	if err := os.Remove(o.DataDir + engineUser); err != nil {
		t.Fatal(err)
	}
	s, err := chserver.Start(t.Context(), o)
	if err == nil {
		_ = s.Close()
		t.Fatal("the user default is still there")
	}
	if !strings.Contains(err.Error(), "default") {
		t.Errorf("the engine does not start for another reason: %v", err)
	}
}

// TestProductionRights: what the checklist prints to look at rights shows those of grants.sql.
func TestProductionRights(t *testing.T) {
	t.Parallel()
	s := startProduction(t)
	grants, err := warehouse.Grants(warehouse.DefaultDatabase)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for _, g := range grants {
		want[g.User] = append(want[g.User], "GRANT "+g.Rights+" TO "+g.User)
	}
	for user, lines := range want {
		for _, got := range []string{s.mustQuery(t, Admin, "SHOW GRANTS FOR "+user), s.mustQuery(t, user, "SHOW GRANTS")} {
			if a, b := sortedGrants(strings.Split(got, "\n")), sortedGrants(lines); a != b {
				t.Errorf("rights of %s\n got: %s\nwant: %s", user, a, b)
			}
		}
	}
}

// sortedGrants makes rights comparable whatever the order in which the server lists them.
func sortedGrants(lines []string) string {
	var sorted []string
	for _, line := range lines {
		what, on, _ := strings.Cut(strings.TrimPrefix(line, "GRANT "), " ON ")
		rights := strings.Split(what, ", ")
		slices.Sort(rights)
		sorted = append(sorted, strings.Join(rights, ", ")+" ON "+on)
	}
	slices.Sort(sorted)
	return strings.Join(sorted, "\n      ")
}

// TestFault3_10_HeavyReadersGiveWay: what BI asks has a lower priority than what the program asks, unless it is the
// page, and what a query has read is counted though it ran into its time limit.
func TestFault3_10_HeavyReadersGiveWay(t *testing.T) {
	t.Parallel()
	s := startProduction(t)
	if got := s.mustQuery(t, Reader, "SELECT getSetting('priority')"); got != "10" {
		t.Errorf("BI has priority %s", got)
	}
	if err := warehouse.Migrate(t.Context(), warehouse.Config{Host: "127.0.0.1", Port: s.HTTPPort(), User: Admin,
		Password: passwordOf(Admin), Database: warehouse.DefaultDatabase}); err != nil {
		t.Fatal(err)
	}
	if got := s.mustQuery(t, Reader, "SHOW TABLES FROM zakaz"); !strings.Contains(got, "v_qtickets_movements") ||
		strings.Contains(got, "batch_") {
		t.Errorf("the reader is shown %s", got)
	}
	for _, user := range []string{Loader, Reader} {
		db, err := warehouse.Open(t.Context(), warehouse.Config{Host: "127.0.0.1", Port: s.HTTPPort(), User: user,
			Password: passwordOf(user), Database: warehouse.DefaultDatabase})
		if err != nil {
			t.Fatal(err)
		}
		var priority uint64
		if err := db.Read(t.Context(), "SELECT toUInt64(getSetting('priority'))", nil, func(scan func(...any) error) error {
			return scan(&priority)
		}); err != nil || priority != 1 {
			t.Errorf("the program as %s has priority %d, %v", user, priority, err)
		}
		_ = db.Close()
	}
	if _, code := s.query(t, Reader, passwordOf(Reader), "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)",
		map[string]string{"max_execution_time": "1"}); code != "159" {
		t.Fatalf("the heavy query ends with %q", code)
	}
	var quota struct {
		Read uint64 `json:"read_rows"`
		Most uint64 `json:"max_read_rows"`
	}
	shown := s.mustQuery(t, Reader, "SHOW CURRENT QUOTA FORMAT JSONEachRow")
	if err := json.Unmarshal([]byte(shown), &quota); err != nil ||
		quota.Read < 1_000_000 || quota.Most == 0 {
		t.Errorf("what it has read is not counted: %+v, %v", quota, err)
	}
}

// TestProductionLimits: the reader's limits hold, also against settings sent with a query.
func TestProductionLimits(t *testing.T) {
	t.Parallel()
	s := startProduction(t)
	for _, c := range []struct{ setting, value, code string }{
		{"join_use_nulls", "1", ""}, // DataLens
		{"readonly", "2", ""},
		{"max_execution_time", "30", ""}, // Grafana
		{"max_execution_time", "600", "452"},
		{"max_execution_time", "0", "452"},
		{"max_memory_usage", "0", "452"},
		{"max_memory_usage_for_user", "0", "452"},
		{"max_result_rows", "0", "452"},
		{"max_threads", "64", "452"},
		{"max_concurrent_queries_for_user", "0", "452"},
		{"priority", "0", "452"}, // none: it would not give way to a load
		{"priority", "1", ""},    // the page
		{"readonly", "0", "164"},
	} {
		if text, code := s.query(t, Reader, passwordOf(Reader), "SELECT 1",
			map[string]string{c.setting: c.value}); code != c.code {
			t.Errorf("%s=%s: code %q, want %q: %s", c.setting, c.value, code, c.code, text)
		}
	}
	if got := s.mustQuery(t, Reader, "SELECT timezone(), getSetting('max_execution_time')"); got != "Europe/Moscow\t60" {
		t.Errorf("zone and time limit: %s", got)
	}
	if got := s.mustQuery(t, Reader, "SHOW CURRENT QUOTA"); !strings.Contains(got, "datalens_reader") ||
		!strings.Contains(got, "20000") {
		t.Errorf("quota: %s", got)
	}
	if _, code := s.query(t, Reader, passwordOf(Reader), "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)",
		map[string]string{"max_execution_time": "1"}); code != "159" {
		t.Errorf("a query over its time ends with code %q, want 159", code)
	}
}
