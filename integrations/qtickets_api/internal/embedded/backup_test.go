package embedded

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// scripts runs an operator's scripts, with "docker" being this test program (see docker_test.go).
type scripts struct {
	*testing.T
	server
	dir string
}

func newScripts(t *testing.T, s server) scripts {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"backup.sh", "restore.sh", "restore_drill.sh", "copies.sh", "passwords.sh",
		".env.example"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(read(t, infra+name)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(dir, dockerName)); err != nil {
		t.Fatal(err)
	}
	return scripts{t, s, dir}
}

// run returns what a script prints and its exit code.
func (s scripts) run(script string, env ...string) (string, int) {
	s.Helper()
	fields := strings.Fields(script)
	cmd := exec.CommandContext(s.Context(), filepath.Join(s.dir, fields[0]), fields[1:]...)
	cmd.Env = append(os.Environ(), "PATH="+s.dir+":"+os.Getenv("PATH"))
	if s.Server != nil {
		cmd.Env = append(cmd.Env, envPort+"="+strconv.Itoa(s.HTTPPort()), envBackups+"="+s.backups)
	}
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		s.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func (s scripts) must(script string, env ...string) string {
	s.Helper()
	out, code := s.run(script, env...)
	if code != 0 {
		s.Fatalf("%s ends with %d: %s", script, code, out)
	}
	return out
}

// refused demands exit 1 and a text.
func (s scripts) refused(text, script string, env ...string) {
	s.Helper()
	if out, code := s.run(script, env...); code != 1 || !strings.Contains(out, text) {
		s.Errorf("%s: exit %d, want 1 and %q in: %s", script, code, text, out)
	}
}

// secrets writes .env with the users' passwords.
func (s scripts) secrets(backup string) {
	s.Helper()
	text := "CLICKHOUSE_ADMIN_PASSWORD=" + passwordOf(Admin) + "\nCLICKHOUSE_BACKUP_PASSWORD=" + backup + "\n"
	if err := os.WriteFile(filepath.Join(s.dir, ".env"), []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
}

// copyNamed makes a folder that looks like an older copy.
func (s scripts) copyNamed(name string, complete bool) {
	s.Helper()
	err := os.MkdirAll(filepath.Join(s.backups, name), 0o700)
	if err == nil && complete {
		err = os.WriteFile(filepath.Join(s.backups, name, ".backup"), []byte("x"), 0o600)
	}
	if err != nil {
		s.Fatal(err)
	}
}

func (s scripts) copies() []string {
	s.Helper()
	entries, err := os.ReadDir(s.backups)
	if err != nil {
		s.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestBackupAndRestore runs the scripts against a real engine: a copy is made, the database is lost and brought back,
// and every user reads and writes as before.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	s := newScripts(t, startProduction(t))
	admin := warehouse.Config{Host: "127.0.0.1", Port: s.HTTPPort(), User: Admin, Password: passwordOf(Admin),
		Database: warehouse.DefaultDatabase}
	if err := warehouse.Migrate(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	s.mustQuery(t, Loader,
		"INSERT INTO zakaz.state_orders (order_id, version, created_at, sale_ts) VALUES (1, 1, now(), now()), (2, 1, "+
			"now(), now())")
	s.mustQuery(t, Loader, "INSERT INTO zakaz.store_sales_daily (batch, sales_date, revenue) VALUES (7, today(), 12.34)")
	s.mustQuery(t, Loader, "INSERT INTO zakaz.publish (seq, batch) VALUES (1, 7)")
	const read = "SELECT revenue, (SELECT count() FROM zakaz.dim_events) FROM zakaz.fact_qtickets_sales_daily"
	before := s.mustQuery(t, Reader, read)

	s.secrets("wrong")
	s.refused("nothing was copied", "backup.sh")
	s.secrets(passwordOf("backup"))
	for _, old := range []string{"zakaz-2025-01-01T00-00-00Z", "zakaz-2025-01-02T00-00-00Z"} {
		s.copyNamed(old, true)
	}
	s.copyNamed("zakaz-2025-01-03T00-00-00Z", false)
	s.copyNamed("somebody-elses", false)
	out := s.must("backup.sh", "KEEP=2")
	copies := s.copies()
	if len(copies) != 3 || copies[0] != "somebody-elses" || copies[1] != "zakaz-2025-01-02T00-00-00Z" ||
		!strings.Contains(out, "Copied to "+copies[2]) {
		t.Fatalf("copies %v after: %s", copies, out)
	}
	if strings.Contains(out, passwordOf("backup")) {
		t.Error("the password is printed: ", out)
	}

	s.refused("nothing was changed", "restore.sh latest")
	s.refused("there is no copy", "restore.sh "+warehouse.DefaultDatabase)
	s.refused("not there or not complete", "restore.sh zakaz-2020-01-01T00-00-00Z")
	if out, code := s.run("restore.sh"); code != 2 || !strings.Contains(out, copies[2]) {
		t.Errorf("the list of copies: exit %d, %s", code, out)
	}
	s.mustQuery(t, Admin, "DROP DATABASE zakaz")
	if out := s.must("restore.sh latest"); !strings.Contains(out, "2 orders") {
		t.Error(out)
	}
	if after := s.mustQuery(t, Reader, read); after != before {
		t.Errorf("the reader reads %q, before the loss it was %q", after, before)
	}
	s.mustQuery(t, Loader, "INSERT INTO zakaz.state_orders (order_id, version, created_at) VALUES (3, 1, now())")
	if err := warehouse.Migrate(t.Context(), admin); err != nil {
		t.Error("migration after the restore: ", err)
	}
}

// TestTwoCopiesInASecond: a copy whose name is taken gets the next second's.
func TestTwoCopiesInASecond(t *testing.T) {
	t.Parallel()
	s := newScripts(t, startProduction(t))
	s.secrets(passwordOf("backup"))
	s.mustQuery(t, Admin, "CREATE DATABASE IF NOT EXISTS zakaz")
	// A clock that goes on by a second each second time it is asked.
	write(t, filepath.Join(s.dir, "date"), "#!/bin/sh\necho >>"+filepath.Join(s.dir, "asked")+
		"\necho 2026-01-01T00-00-0$(($(wc -l <"+filepath.Join(s.dir, "asked")+") / 2))Z\n")
	write(t, filepath.Join(s.dir, "sleep"), "#!/bin/sh\n")
	for _, name := range []string{"date", "sleep"} {
		if err := os.Chmod(filepath.Join(s.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.must("backup.sh")
	s.copyNamed("zakaz-2026-01-01T00-00-01Z", true)
	s.must("backup.sh")
	want := []string{"zakaz-2026-01-01T00-00-00Z", "zakaz-2026-01-01T00-00-01Z", "zakaz-2026-01-01T00-00-02Z"}
	if got := s.copies(); !slices.Equal(got, want) {
		t.Errorf("copies %v, want %v", got, want)
	}
}

// TestFault3_9_WrongKeepDeletesNothing: a number of copies that is none, or that no shell can count to, ends with 2 and
// touches no copy. The copies of the stand-in are only looked at: nothing runs behind it.
func TestFault3_9_WrongKeepDeletesNothing(t *testing.T) {
	t.Parallel()
	s := newScripts(t, server{backups: t.TempDir()})
	s.secrets("x")
	s.copyNamed("zakaz-2025-01-01T00-00-00Z", true)
	s.copyNamed("zakaz-2025-01-02T00-00-00Z", false)
	for _, keep := range []string{"18446744073709551615", "9223372036854775808", "18446744073709551617", "10000", "0",
		"-1",
		"1e3", " 7", "7 ", "07", "+7", "0x10", "", "7\n8", "all", "1+1", "a[$(touch x)]"} {
		if out, code := s.run("backup.sh", "KEEP="+keep); code != 2 || !strings.Contains(out, "KEEP") {
			t.Errorf("KEEP=%q: exit %d, want 2: %s", keep, code, out)
		}
	}
	if copies := s.copies(); len(copies) != 2 {
		t.Errorf("the copies are %v", copies)
	}
}

// TestBackupCopiesOneThingOnly: the user of backups can copy this database to that disk and nothing else.
func TestBackupCopiesOneThingOnly(t *testing.T) {
	t.Parallel()
	s := startProduction(t)
	s.mustQuery(t, Admin, "CREATE DATABASE zakaz")
	s.mustQuery(t, Admin, "CREATE TABLE zakaz.state_a (a UInt8) ENGINE = MergeTree ORDER BY a")
	for _, c := range []struct{ sql, code string }{
		{"BACKUP DATABASE zakaz TO Disk('backups', 'a')", ""},
		{"BACKUP DATABASE system TO Disk('backups', 'b')", "497"},
		{"BACKUP ALL TO Disk('backups', 'c')", "497"},
		{"BACKUP DATABASE zakaz TO Disk('backups', '../data')", "36"},
		{"BACKUP DATABASE zakaz TO File('/tmp/d')", "318"},
		{"RESTORE DATABASE zakaz FROM Disk('backups', 'a')", "497"},
		{"SELECT * FROM zakaz.state_a", "497"},
		{"INSERT INTO zakaz.state_a VALUES (1)", "497"},
		{"DROP TABLE zakaz.state_a", "497"},
		{"CREATE DATABASE zakaz_drill", "497"}, // may be that of an organiser
		{"CREATE DATABASE drill_zakaz", ""},
		{"CREATE VIEW drill_zakaz.v AS SELECT a FROM zakaz.state_a", "497"},
		{"DROP DATABASE drill_zakaz", ""},
	} {
		if text, got := s.query(t, "backup", passwordOf("backup"), c.sql, nil); got != c.code {
			t.Errorf("%s: code %q, want %q: %s", c.sql, got, c.code, text)
		}
	}
}

// TestPasswords: the script makes what is missing, keeps what is there, and nobody else may read the file.
func TestPasswords(t *testing.T) {
	t.Parallel()
	s := newScripts(t, server{})
	s.must("passwords.sh")
	path := filepath.Join(s.dir, ".env")
	first := read(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != fs.FileMode(0o600) {
		t.Errorf("mode of .env: %v, %v", info.Mode(), err)
	}
	values := map[string]string{}
	for line := range strings.Lines(first) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			values[name] = value
		}
	}
	var passwords []string
	for _, u := range production {
		password := values[strings.TrimSuffix(u.Env, "_SHA256")]
		if len(password) < 32 || slices.Contains(passwords, password) || values[u.Env] != sum(password) {
			t.Errorf("%s: %d letters, hash right: %v", u.Env, len(password), values[u.Env] == sum(password))
		}
		passwords = append(passwords, password)
	}
	s.must("passwords.sh")
	if read(t, path) != first {
		t.Error("a second run changes .env")
	}
	changed := strings.Replace(first, passwords[1], "chosen1", 1)
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	s.must("passwords.sh")
	if !strings.Contains(read(t, path), production[1].Env+"="+sum("chosen1")+"\n") {
		t.Error("the hash of a changed password is the old one")
	}
	if err := os.WriteFile(path, []byte("CLICKHOUSE_ADMIN_PASSWORD=a$b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.refused("letters and digits", "passwords.sh")
}
