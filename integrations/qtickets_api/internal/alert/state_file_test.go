package alert

import (
	"context"
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
	f.Apply([]Finding{firing("quarantine", 3), {Rule: "probe_change", Subject: "x", Verdict: Firing}}, noon)
	f.Apply([]Finding{clearFinding("probe_change")}, noon.Add(time.Minute))
	f.List[0].Notified = map[string]Notified{"key": {At: noon, Level: 3}}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	again, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if diff := cmp.Diff(f.List, again.List); diff != "" {
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
	if n := f.List[0].due("0123456789ab"); n != nothing {
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

// TestOneAtATime: a second evaluation waits for the first one, or for the end of its patience.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if second, err := Open(ctx, dir); err == nil {
		second.Close()
		t.Error("two hold the folder")
	}
	first.Close()
	second, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}

func TestStateFileThatDoesNotWork(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "alerts.json"), []byte(`{"incidents": [`), 0o600); err != nil {
		t.Fatal(err)
	}
	taken := t.TempDir()
	if err := os.MkdirAll(filepath.Join(taken, "alerts.json", "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{file: "ALERT_STATE_DIR", damaged: "remove it", taken: "ALERT_STATE_DIR"} {
		f, err := Open(t.Context(), path)
		if err == nil {
			f.Close()
			t.Errorf("%s was opened", path)
		} else if !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %q", err, says)
		}
	}
	blocked := &StateFile{path: filepath.Join(taken, "alerts.json")} // nothing can be written where a folder stands
	if err := blocked.Save(); err == nil || !strings.Contains(err.Error(), "ALERT_STATE_DIR") {
		t.Errorf("%v does not say ALERT_STATE_DIR", err)
	}
}
