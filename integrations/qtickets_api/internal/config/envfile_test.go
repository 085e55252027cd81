package config

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func openEnvFile(t *testing.T, text string) *EnvFile {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.env")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := OpenEnvFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestEnvFileKeepsTheRest: comments, order, foreign lines and what was not set stay to the letter.
func TestEnvFileKeepsTheRest(t *testing.T) {
	t.Parallel()
	f := openEnvFile(t, "# ours\r\nTZ=Europe/Moscow\n\nQTICKETS_TOKEN=first\nPROXY=a=b # c\nQTICKETS_TOKEN=last\n"+
		"#ORG_NAME=x\n")
	if token, named := f.Value("QTICKETS_TOKEN"); token != "last" || !named {
		t.Errorf("%q, %v", token, named)
	}
	f.Set("TZ", "Europe/Moscow")
	if len(f.Changed()) > 0 {
		t.Errorf("an equal value changes %q", f.Changed())
	}
	f.Set("QTICKETS_TOKEN", "new")
	f.Set("ORG_NAME", "a b")
	if !slices.Equal(f.Changed(), []string{"QTICKETS_TOKEN", "ORG_NAME"}) {
		t.Errorf("changed: %q", f.Changed())
	}
	old, err := os.Open(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := f.Write(); err != nil {
		t.Fatal(err)
	}
	const want = "# ours\nTZ=Europe/Moscow\n\nQTICKETS_TOKEN=new\nPROXY=a=b # c\n#ORG_NAME=x\nORG_NAME=a b\n"
	if text, err := os.ReadFile(f.Path); err != nil || string(text) != want {
		t.Errorf("%q, %v", text, err)
	}
	if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	// The old file was not written into: whoever is interrupted leaves it whole.
	if text, err := io.ReadAll(old); err != nil || !strings.Contains(string(text), "QTICKETS_TOKEN=last") {
		t.Errorf("%q, %v", text, err)
	}
	if left, err := os.ReadDir(filepath.Dir(f.Path)); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
}

// TestEnvFileOneOfTwo: a secret stands in the file or in a file of its own.
func TestEnvFileOneOfTwo(t *testing.T) {
	t.Parallel()
	f := openEnvFile(t, "QTICKETS_TOKEN_FILE=/token\nORG_NAME=x\n")
	f.Set("QTICKETS_TOKEN", "typed")
	if err := f.Write(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(f.Path); err != nil || string(text) != "QTICKETS_TOKEN=typed\nORG_NAME=x\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestEnvFileBegins makes the file and its folder; what cannot be read or written is a mistake that names the flag.
func TestEnvFileBegins(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "some.env")
	f, err := OpenEnvFile(path)
	if err != nil || f.Exists {
		t.Fatal(f, err)
	}
	f.Set("ORG_NAME", "x")
	if err := f.Write(); err != nil {
		t.Fatal(err)
	}
	if values, err := Values(nil, path); err != nil || values["ORG_NAME"] != "x" {
		t.Errorf("%v, %v", values, err)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := OpenEnvFile(filepath.Dir(path)); !errors.Is(err, ErrInvalid) ||
		!strings.Contains(err.Error(), "--envfile") {
		t.Errorf("a folder: %v", err)
	}
	under, err := OpenEnvFile(filepath.Join(t.TempDir(), "some.env"))
	if err != nil {
		t.Fatal(err)
	}
	under.Path = filepath.Join(path, "below.env")
	if err := under.Write(); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "--envfile") {
		t.Errorf("below a file: %v", err)
	}
}
