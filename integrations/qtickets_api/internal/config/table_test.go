package config

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// TestVariablesAreDocumented: docs/variables.md ends with the table of this package. After a change run
// the tests with QTICKETS_UPDATE_DOCS=1.
func TestVariablesAreDocumented(t *testing.T) {
	const path = "../../../../docs/variables.md"
	var table bytes.Buffer
	if err := writeTable(&table); err != nil {
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

// writeTable writes the variables as a Markdown table, for docs/variables.md.
func writeTable(w io.Writer) error {
	if _, err := fmt.Fprint(w, "| variable | default | meaning |\n|---|---|---|\n"); err != nil {
		return err
	}
	for _, v := range variables {
		name, value := "`"+v.Name+"`", ""
		if v.Secret {
			name += ", `" + v.Name + "_FILE`"
		}
		if v.Default != "" {
			value = "`" + v.Default + "`"
		}
		if _, err := fmt.Fprintf(w, "| %s | %s | %s |\n", name, value, v.Doc); err != nil {
			return err
		}
	}
	return nil
}
