package chserver_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
)

func TestFindLibrary(t *testing.T) {
	cache, named := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	cached := filepath.Join(cache, "qtickets_api", "chdb-"+chserver.LibraryVersion, "libchdb.so")

	_, err := chserver.FindLibrary("")
	if err == nil || !strings.Contains(err.Error(), "make deps") || !strings.Contains(err.Error(), "CHDB_LIB") {
		t.Errorf("nothing installed: error is %v, want both remedies in it", err)
	}
	for _, path := range []string{cached, filepath.Join(named, "libchdb.so")} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found := []struct{ name, explicit, want string }{
		{"cache", "", cached},
		{"named file", filepath.Join(named, "libchdb.so"), filepath.Join(named, "libchdb.so")},
		{"named folder", named, filepath.Join(named, "libchdb.so")},
	}
	for _, c := range found {
		if got, err := chserver.FindLibrary(c.explicit); got != c.want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", c.name, got, err, c.want)
		}
	}
	// A wrong CHDB_LIB is an error, although the cache has a library.
	for _, explicit := range []string{filepath.Join(named, "nothing.so"), cache, "/dev/null"} {
		if got, err := chserver.FindLibrary(explicit); err == nil || !strings.Contains(err.Error(), "CHDB_LIB="+explicit) {
			t.Errorf("%s: got %q, %v, want an error that names it", explicit, got, err)
		}
	}
}

// The version is written in three places; deps/fetch.sh reads the third.
func TestLibraryVersionIsPinnedOnce(t *testing.T) {
	t.Parallel()
	const name = "@chdb/lib-linux-x64-gnu"
	deps := filepath.Join("..", "..", "deps")
	var manifest struct{ Dependencies map[string]string }
	readJSON(t, filepath.Join(deps, "package.json"), &manifest)
	var lock struct {
		Packages map[string]struct{ Version, Integrity, Resolved string }
	}
	readJSON(t, filepath.Join(deps, "package-lock.json"), &lock)
	locked := lock.Packages["node_modules/"+name]
	if v := manifest.Dependencies[name]; v != chserver.LibraryVersion || locked.Version != v {
		t.Errorf("package.json has %q, its lock %q, LibraryVersion is %q", v, locked.Version, chserver.LibraryVersion)
	}
	if !strings.HasPrefix(locked.Integrity, "sha512-") {
		t.Errorf("lock has integrity %q, want a SHA-512", locked.Integrity)
	}
	for path, p := range lock.Packages {
		if p.Resolved != "" {
			t.Errorf("lock names an address for %q", path)
		}
	}
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
