// Package corpus keeps what fuzzing found worth keeping: the inputs that reached code no other had, as zip
// files beside the tests. Every test run tries them again, and further fuzzing starts from them.
package corpus

import (
	"archive/zip"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Read gives the inputs of a fuzz target from testdata/corpus, one text for each of its parameters (which
// are texts or bytes).
func Read(t testing.TB, target string) [][]string {
	t.Helper()
	kept, err := zip.OpenReader(filepath.Join("testdata", "corpus", target+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	var inputs [][]string
	for _, file := range kept.File {
		opened, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(opened)
		_ = opened.Close()
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, parse(t, file.Name, string(text)))
	}
	if len(inputs) == 0 {
		t.Fatalf("the corpus of %s is empty", target)
	}
	return inputs
}

// parse reads the form in which "go test -fuzz" keeps an input: a heading, then a line for each parameter.
func parse(t testing.TB, name, text string) (parameters []string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for _, line := range lines[1:] {
		quoted := strings.TrimSuffix(line[strings.IndexByte(line, '(')+1:], ")")
		value, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		parameters = append(parameters, value)
	}
	return parameters
}
