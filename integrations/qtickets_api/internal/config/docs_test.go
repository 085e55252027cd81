package config

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestVariablesAreDocumented: docs/variables.md ends with the table of this package. After a change run
// the tests with QTICKETS_UPDATE_DOCS=1.
func TestVariablesAreDocumented(t *testing.T) {
	const path = "../../../../docs/variables.md"
	var table bytes.Buffer
	if err := WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(string(text), table.String()) {
		return
	}
	if os.Getenv("QTICKETS_UPDATE_DOCS") == "" {
		t.Fatal("docs/variables.md is not up to date: run this test with QTICKETS_UPDATE_DOCS=1")
	}
	intro, _, _ := strings.Cut(string(text), "| variable |")
	if err := os.WriteFile(path, append([]byte(intro), table.Bytes()...), 0o644); err != nil {
		t.Fatal(err)
	}
}
