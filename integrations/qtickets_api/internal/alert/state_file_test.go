package alert

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStateFileRemembers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "folder")
	f, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	f.Value.Apply([]Finding{firing("quarantine", 3), {Rule: "probe_change", Subject: "x", Verdict: Firing}}, noon)
	f.Value.Apply([]Finding{clearFinding("probe_change")}, noon.Add(time.Minute))
	f.Value.List[0].Notified = map[string]Notified{"key": {At: noon, Level: 3}}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	again, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if diff := cmp.Diff(f.Value.List, again.Value.List); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(filepath.Join(dir, "alerts.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// TestStateFileOfAnEarlierVersion: an upgrade reads what the version before it has written, and writes the same again.
func TestStateFileOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile("testdata/alerts.json")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "alerts.json")
	if err := os.WriteFile(path, written, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n := f.Value.List[0].due(Channel{Key: "0123456789ab"}); n != nothing {
		t.Errorf("an incident that was announced is due again: %d", n)
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	again, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(written)), string(again)); diff != "" {
		t.Error(diff)
	}
}
