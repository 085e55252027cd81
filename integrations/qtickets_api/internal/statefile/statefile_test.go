package statefile

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestOneAtATime: a second evaluation waits for the first one, or for the end of its patience.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := Open[[]int](t.Context(), dir, "numbers")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if second, err := Open[[]int](ctx, dir, "numbers"); err == nil {
		second.Close()
		t.Error("two hold the folder")
	}
	first.Close()
	second, err := Open[[]int](t.Context(), dir, "numbers")
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}

func TestFileThatDoesNotWork(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "numbers.json"), []byte(`[1, `), 0o600); err != nil {
		t.Fatal(err)
	}
	taken := t.TempDir()
	if err := os.MkdirAll(filepath.Join(taken, "numbers.json", "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{file: "ALERT_STATE_DIR", damaged: "remove it", taken: "ALERT_STATE_DIR"} {
		f, err := Open[[]int](t.Context(), path, "numbers")
		if err == nil {
			f.Close()
			t.Errorf("%s was opened", path)
		} else if !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %q", err, says)
		}
	}
	blocked := &File[[]int]{path: filepath.Join(taken, "numbers.json")} // nothing can be written where a folder stands
	if err := blocked.Save(); err == nil || !strings.Contains(err.Error(), "ALERT_STATE_DIR") {
		t.Errorf("%v does not say ALERT_STATE_DIR", err)
	}
}
