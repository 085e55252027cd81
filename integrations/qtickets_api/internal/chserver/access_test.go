package chserver_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
)

func TestLoginsRefused(t *testing.T) {
	t.Parallel()
	s := start(t, options(t, t.TempDir()))
	cases := []struct{ name, user, password, code string }{
		{"nobody named", "", "", "700"},
		{"session user", "default", "", "700"},
		{"session user with a password", "default", "x", "700"},
		{"wrong password", admin.Name, "x", "516"},
		{"unknown user", "stranger", "", "516"},
		{"definer", definer.Name, "", "516"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out, code := query(t, s, chserver.User{Name: c.user, Password: c.password}, "SELECT 1", "max_execution_time=5")
			if code != c.code {
				t.Errorf("code %q, want %s: %s", code, c.code, out)
			}
		})
	}
}

func TestNativeLoginsRefused(t *testing.T) {
	t.Parallel()
	for _, login := range [][2]string{{"default", ""}, {admin.Name, "x"}, {"stranger", ""}, {definer.Name, ""}} {
		t.Run(login[0], func(t *testing.T) {
			t.Parallel()
			s := start(t, options(t, t.TempDir()))
			if err := native(t, s, login[0], login[1]).Ping(t.Context()); err == nil {
				t.Errorf("logged in with password %q", login[1])
			}
			<-s.Done()
			if err := s.Close(); err == nil {
				t.Error("Close hides that the engine has crashed")
			}
		})
	}
}

func TestGrantsAndProfiles(t *testing.T) {
	t.Parallel()
	s := start(t, options(t, t.TempDir()))
	for _, sql := range []string{
		"CREATE DATABASE IF NOT EXISTS zakaz",
		"CREATE TABLE zakaz.store_a (x UInt8) ENGINE = MergeTree ORDER BY x",
		"INSERT INTO zakaz.store_a VALUES (1), (2)",
		"CREATE VIEW zakaz.mart_a DEFINER = mart_definer SQL SECURITY DEFINER AS SELECT sum(x) AS total FROM zakaz.store_a",
	} {
		must(t, s, admin, sql)
	}
	if got := must(t, s, reader, "SELECT total FROM zakaz.mart_a"); got != "3" {
		t.Errorf("view answered %q, want 3", got)
	}
	refused := []struct {
		user      chserver.User
		sql, code string
		setting   string
	}{
		{user: reader, sql: "SELECT * FROM zakaz.store_a", code: "497"},
		{user: reader, sql: "SELECT * FROM file('/etc/hostname', LineAsString)", code: "497"},
		{user: reader, sql: "SYSTEM STOP LISTEN HTTP", code: "497"},
		{user: reader, sql: "SELECT 1", setting: "max_threads=1", code: "452"},
		{user: reader, sql: "SELECT 1", setting: "max_memory_usage=0", code: "452"},
		{user: reader, sql: "SELECT 1", setting: "readonly=0", code: "164"},
		{user: nobody, sql: "SELECT total FROM zakaz.mart_a", code: "497"},
		{user: admin, sql: "CREATE TABLE default.t (x UInt8) ENGINE = Memory", code: "497"},
		{user: admin, sql: "SYSTEM STOP LISTEN HTTP", code: "497"},
		{user: admin, sql: "SELECT * FROM file('/etc/hostname', LineAsString)", code: "497"},
	}
	for _, c := range refused {
		var settings []string
		if c.setting != "" {
			settings = append(settings, c.setting)
		}
		if out, code := query(t, s, c.user, c.sql, settings...); code != c.code {
			t.Errorf("%s: %s %s: code %q, want %s: %s", c.user.Name, c.sql, c.setting, code, c.code, out)
		}
	}
}

func TestPasswordsAreNotStored(t *testing.T) {
	t.Parallel()
	o := options(t, t.TempDir())
	start(t, o)
	files, err := os.ReadDir(o.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(o.DataDir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range o.Users {
			if u.Password != "" && strings.Contains(string(text), u.Password) {
				t.Errorf("%s holds the password of %s", f.Name(), u.Name)
			}
		}
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name(), ".xml") && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o, want 600", f.Name(), info.Mode().Perm())
		}
	}
}
