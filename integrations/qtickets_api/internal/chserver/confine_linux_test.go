package chserver_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	llsyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
)

// secretInEnviron is in the environment of this process, as a token is in that of the loader.
const secretInEnviron = "canary-in-the-environment"

// outside are files the engine must not show, and a word of each.
func outside(t *testing.T, s *chserver.Server) map[string]string {
	t.Helper()
	parent := filepath.Dir(s.DataDir())
	password := filepath.Join(parent, "admin_min.password")
	if err := os.WriteFile(password, []byte("canary-of-the-administrator\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		password:      "canary-of-the-administrator",
		"/etc/passwd": "root:",
		fmt.Sprintf("/proc/%d/environ", os.Getpid()):                            secretInEnviron,
		"/proc/self/root" + password:                                            "canary-of-the-administrator",
		fmt.Sprintf("/proc/%d/cwd/go.mod", os.Getpid()):                         "module",
		filepath.Join(s.DataDir(), "data", "..", "..", filepath.Base(password)): "canary-of-the-administrator",
		"../" + filepath.Base(password):                                         "canary-of-the-administrator",
	}
	for _, folder := range []string{"data/user_files", "."} {
		link := filepath.Join(s.DataDir(), folder, "link")
		if err := os.MkdirAll(filepath.Dir(link), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(password, link); err != nil {
			t.Fatal(err)
		}
		files[link] = "canary-of-the-administrator"
	}
	whole := filepath.Join(s.DataDir(), "folder")
	if err := os.Symlink(parent, whole); err != nil {
		t.Fatal(err)
	}
	files[filepath.Join(whole, filepath.Base(password))] = "canary-of-the-administrator"
	return files
}

// TestFault3_4_EngineSeesItsFolderOnly: no user of the embedded engine reads a file of this machine through it, by
// whatever path, nor writes one; and what it needs for its work it has.
func TestFault3_4_EngineSeesItsFolderOnly(t *testing.T) {
	t.Setenv("QTICKETS_TOKEN", secretInEnviron)
	if abi, err := llsyscall.LandlockGetABIVersion(); err != nil || abi < 2 {
		t.Skipf("the kernel cannot confine a process (Landlock %d, %v)", abi, err)
	}
	o := options(t, filepath.Join(t.TempDir(), "server"))
	o.Env = []string{"OWN=of-the-engine"}
	s := start(t, o)
	if !s.Confined() {
		t.Fatal("not confined")
	}
	for path, word := range outside(t, s) {
		for _, u := range []chserver.User{reader, nobody, admin} {
			for _, sql := range []string{
				"SELECT file('%s')", "SELECT file('%s', 'nothing')", "SELECT * FROM file('%s', RawBLOB)",
				"SELECT * FROM file('%s', LineAsString, 'line String')", "SELECT _path FROM file('%s', One)",
			} {
				text, code := query(t, s, u, fmt.Sprintf(sql, path))
				if strings.Contains(text, word) || (code == "" && text != "nothing") {
					t.Errorf("%s: %s: %q, code %q", u.Name, fmt.Sprintf(sql, path), text, code)
				}
			}
		}
	}
	written := filepath.Join(filepath.Dir(s.DataDir()), "written")
	for _, sql := range []string{
		"SELECT 1 INTO OUTFILE '" + written + "'", "INSERT INTO FUNCTION file('" + written + "', TSV, 'a UInt8') VALUES (1)",
		"BACKUP DATABASE zakaz TO File('" + written + "')",
	} {
		if text, code := query(t, s, admin, sql); code == "" {
			t.Errorf("%s: %s", sql, text)
		}
	}
	if _, err := os.Stat(written); err == nil {
		t.Error("a file was written outside")
	}
	works(t, s)
	complaints, err := os.ReadFile(filepath.Join(s.DataDir(), "engine.log"))
	if err != nil || strings.Contains(string(complaints), "ThreadStatus") {
		t.Errorf("the engine complains of every statement: %v\n%s", err, complaints)
	}
}

// TestFault3_4_EnvironmentOfTheEngine: what it was given, and nothing of ours.
func TestFault3_4_EnvironmentOfTheEngine(t *testing.T) {
	t.Setenv("QTICKETS_TOKEN", secretInEnviron)
	o := options(t, t.TempDir())
	o.Env = []string{"OWN=of-the-engine"}
	s := start(t, o)
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", s.Pid()))
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"LC_ALL", "TZ", "LD_LIBRARY_PATH", "TMPDIR", "OWN"}
	for line := range strings.SplitSeq(strings.TrimRight(string(text), "\x00"), "\x00") {
		if name, _, _ := strings.Cut(line, "="); !slices.Contains(allowed, name) {
			t.Errorf("the engine has %s", name)
		}
	}
}

// TestFault3_4_KernelWithoutLandlock: the engine starts all the same, says that it is not confined, and works.
func TestFault3_4_KernelWithoutLandlock(t *testing.T) {
	t.Parallel()
	s := start(t, chserver.Unconfined(options(t, t.TempDir())))
	if s.Confined() {
		t.Error("confined")
	}
	if text, code := query(t, s, reader, "SELECT file('/etc/passwd')"); code != "" || !strings.Contains(text, "root:") {
		t.Errorf("the attack this is about no longer works, so the tests beside prove nothing: %s %s", text, code)
	}
	works(t, s)
}

// works does what a load does: tables, inserts, merges, changes, drops.
func works(t *testing.T, s *chserver.Server) {
	t.Helper()
	for _, sql := range []string{
		"CREATE DATABASE IF NOT EXISTS zakaz",
		"CREATE TABLE zakaz.store_w (a UInt8, b String) ENGINE = MergeTree PARTITION BY a ORDER BY b",
		"INSERT INTO zakaz.store_w SELECT number % 3, toString(number) FROM numbers(100000)",
		"ALTER TABLE zakaz.store_w DELETE WHERE b = '7' SETTINGS mutations_sync = 1",
		"ALTER TABLE zakaz.store_w DROP PARTITION 1", "ALTER TABLE zakaz.store_w DETACH PARTITION 2",
		"ALTER TABLE zakaz.store_w ATTACH PARTITION 2",
		"SELECT uniqExact(b) FROM zakaz.store_w GROUP BY a SETTINGS max_bytes_before_external_group_by = 1",
		"SELECT b FROM zakaz.store_w ORDER BY b SETTINGS max_bytes_before_external_sort = 1",
		"SELECT toDateTime('2026-07-01 12:00:00', 'America/New_York'), generateUUIDv4(), formatDateTime(now(), '%F')",
		"DROP TABLE zakaz.store_w",
	} {
		must(t, s, admin, sql)
	}
}
