package embedded

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestOrganiserBesideTheServersOwnUsers: the users that passwords.sh makes for an organiser log in beside those of the
// server, with their rights in a database of their own and their limits; their data is copied and brought back without
// anybody else's.
func TestOrganiserBesideTheServersOwnUsers(t *testing.T) {
	t.Parallel()
	o := productionOptions(t)
	s := newScripts(t, server{backups: o.DataDir + "/backups"})
	if err := os.Mkdir(filepath.Join(s.dir, "users.d"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.dir, "users.d/qtickets.xml"), read(t, infra+"users.d/qtickets.xml"))
	s.must("passwords.sh alpha")
	secrets, users := filepath.Join(s.dir, "organisers/alpha.env"), filepath.Join(s.dir, "users.d/organiser_alpha.xml")
	first := read(t, secrets) + read(t, users)
	s.must("passwords.sh alpha")
	if read(t, secrets)+read(t, users) != first {
		t.Error("a second run changes the users")
	}
	write(t, o.DataDir+"/users.d/organiser_alpha.xml", read(t, users))
	engine, err := chserver.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	s.Server = engine
	for _, u := range production {
		if got := s.mustQuery(t, u.Name, "SELECT currentUser()"); got != u.Name {
			t.Errorf("%s is told it is %q", u.Name, got)
		}
	}
	password := func(kind string) string {
		_, rest, _ := strings.Cut(read(t, secrets), "CLICKHOUSE_"+kind+"_PASSWORD=")
		value, _, _ := strings.Cut(rest, "\n")
		return value
	}
	as := func(user, kind, statement string) string {
		t.Helper()
		text, code := s.query(t, user+"_alpha", password(kind), statement, nil)
		if code != "" {
			t.Fatalf("%s_alpha: %s: %s", user, statement, text)
		}
		return text
	}
	admin := warehouse.Config{Host: "127.0.0.1", Port: s.HTTPPort(), User: "admin_min_alpha", Password: password("ADMIN"),
		Database: "zakaz_alpha"}
	if err := warehouse.Migrate(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	if got := as(Reader, "READER", "SELECT currentProfiles()[-1]"); got != Reader {
		t.Errorf("the reader has the limits of %s", got)
	}
	if shown := as(Reader, "READER", "SHOW TABLES FROM zakaz_alpha"); !strings.Contains(shown, "v_qtickets_movements") ||
		strings.Contains(shown, "batch_") {
		t.Errorf("the reader is shown %s", shown)
	}
	if quota := as(Reader, "READER", "SHOW CURRENT QUOTA"); !strings.Contains(quota, "20000") {
		t.Errorf("the reader has the quota %s", quota)
	}
	as(Loader, "ETL",
		"INSERT INTO zakaz_alpha.state_orders (order_id, version, created_at, sale_ts) VALUES (1, 1, now(), now())")

	for _, other := range []string{"zakaz-2025-01-01T00-00-00Z", "zakaz_alpha_2-2025-01-01T00-00-00Z",
		"zakaz_alpha-2025-01-01T00-00-00Z"} {
		s.copyNamed(other, true)
	}
	s.must("backup.sh alpha", "KEEP=1")
	copies := s.copies()
	if len(copies) != 3 || slices.Contains(copies, "zakaz_alpha-2025-01-01T00-00-00Z") {
		t.Errorf("copies after a backup that keeps one: %v", copies)
	}
	s.refused("zakaz_alpha holds", "restore.sh latest alpha")
	as(Admin, "ADMIN", "DROP DATABASE zakaz_alpha")
	if out := s.must("restore.sh latest alpha"); !strings.Contains(out, "1 orders") {
		t.Error(out)
	}
	for _, script := range []string{"backup.sh Alpha", "backup.sh alpha beta"} {
		if out, code := s.run(script); code != 2 || !strings.Contains(out, "a-z, 0-9") {
			t.Errorf("%s: exit %d, %s", script, code, out)
		}
	}
	s.refused("passwords.sh beta", "backup.sh beta")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
