package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const repository = "../.."

// documents are the texts of the repository for people, by path.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(repository, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "node_modules", "dist", "bin"}, d.Name()):
			return filepath.SkipDir
		case filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	})
	if err != nil || len(texts) < 10 {
		t.Fatalf("%d documents, %v", len(texts), err)
	}
	return texts
}

var (
	fence   = regexp.MustCompile("(?ms)^ *```([a-z]*)\n(.*?)^ *```$")
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	filled  = regexp.MustCompile(`<[\p{L}_ ]+>`) // what the operator fills in
	mark    = regexp.MustCompile(`[^\p{L}\p{N}_\- ]`)
)

// anchors of a document, as a forge makes them of its headings.
func anchors(text string) []string {
	var found []string
	for _, h := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		found = append(found, strings.ReplaceAll(mark.ReplaceAllString(strings.ToLower(strings.TrimSpace(h[1])), ""), " ",
			"-"))
	}
	return found
}

// TestLinks: every link inside the repository leads to a file, and to a heading where it names one.
func TestLinks(t *testing.T) {
	texts := documents(t)
	links := 0
	for path, text := range texts {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			links++
			file := path
			if target != "" {
				file = filepath.Join(filepath.Dir(path), target)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %s leads nowhere", path, m[1])
			} else if anchor != "" && !slices.Contains(anchors(texts[file]), anchor) {
				t.Errorf("%s: %s names no heading, there are %v", path, m[1], anchors(texts[file]))
			}
		}
	}
	if links < 10 {
		t.Errorf("%d links were looked at", links)
	}
}

// TestShellBlocks: every block of commands can be parsed by the shell.
func TestShellBlocks(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal("bash is needed to parse the documents' commands: ", err)
	}
	blocks := 0
	for path, text := range documents(t) {
		for _, m := range fence.FindAllStringSubmatch(text, -1) {
			if m[1] != "sh" && m[1] != "bash" {
				continue
			}
			blocks++
			cmd := exec.CommandContext(t.Context(), bash, "-n")
			cmd.Stdin = strings.NewReader(filled.ReplaceAllString(m[2], "x"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s\n%s", path, err, out, m[2])
			}
		}
	}
	if blocks == 0 {
		t.Error("no block was looked at")
	}
}

var level = regexp.MustCompile(`(?m)^#+ `)

// TestTranslations: a document in English has the headings, the commands and the SQL of the one in Russian beside it,
// and each links to the other.
func TestTranslations(t *testing.T) {
	texts := documents(t)
	untagged := strings.NewReplacer("'без метки'", "'no tag'") // the only text in Russian within a block
	// outline is the levels of the headings and the blocks, whatever language the operator's values are named in.
	outline := func(text string) (lines []string) {
		lines = level.FindAllString(fence.ReplaceAllString(text, ""), -1)
		for _, m := range fence.FindAllStringSubmatch(text, -1) {
			lines = append(lines, untagged.Replace(filled.ReplaceAllString(m[2], "<>")))
		}
		return lines
	}
	pairs := 0
	for path, english := range texts {
		name, translated := strings.CutSuffix(path, ".en.md")
		if !translated {
			continue
		}
		pairs++
		russian, base := texts[name+".md"], filepath.Base(name)
		if diff := cmp.Diff(outline(russian), outline(english)); diff != "" {
			t.Errorf("%s (-Russian +English):\n%s", path, diff)
		}
		if !strings.Contains(russian, "*[In English]("+base+".en.md)*") ||
			!strings.Contains(english, "*[По-русски]("+base+".md)*") {
			t.Errorf("%s and the document in Russian do not link to each other", path)
		}
	}
	if pairs == 0 {
		t.Error("no document in English was looked at")
	}
}

// goFiles are the texts of the module's Go files, by path.
func goFiles(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	})
	if err != nil || len(texts) < 100 {
		t.Fatalf("%d Go files, %v", len(texts), err)
	}
	return texts
}

var (
	commentBreak = regexp.MustCompile(`\n\s*//\s*`)
	citation     = regexp.MustCompile(`\bsection \d+(?:\.\d+)?|\bsections \d+(?:\.\d+)?(?:(?:, | and )\d+(?:\.\d+)?)*`)
	number       = regexp.MustCompile(`\d+(?:\.\d+)?`)
	section      = regexp.MustCompile(`(?m)^#+ (\d+(?:\.\d+)?)\.? `)
)

// TestCitedSections: every section of the API notes that a comment cites is there.
func TestCitedSections(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository, "docs", "qtickets-api.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]bool{}
	for _, m := range section.FindAllStringSubmatch(string(text), -1) {
		sections[m[1]] = true
	}
	cited := 0
	for path, text := range goFiles(t) {
		for _, m := range citation.FindAllString(commentBreak.ReplaceAllString(text, " "), -1) {
			for _, n := range number.FindAllString(m, -1) {
				cited++
				if !sections[n] {
					t.Errorf("%s cites section %s, docs/qtickets-api.md has none", path, n)
				}
			}
		}
	}
	if cited < 50 {
		t.Errorf("only %d citations were found", cited)
	}
}

var testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")

// TestPromisesNameTests: every test that docs/guarantees.md names as a proof is there.
func TestPromisesNameTests(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository, "docs", "guarantees.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, text := range goFiles(t) {
		all.WriteString(text)
	}
	names := testName.FindAllStringSubmatch(string(text), -1)
	for _, m := range names {
		if !strings.Contains(all.String(), "func "+m[1]+"(") {
			t.Errorf("docs/guarantees.md names %s, there is no such test", m[1])
		}
	}
	if len(names) < 20 {
		t.Errorf("only %d tests are named", len(names))
	}
}
