package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// saying is a text of a catalogue, in the language it should have.
type saying struct{ where, lang, text string }

// TestEveryCatalogueSpeaksItsLanguage walks all catalogues of texts for people: what is English has no Russian letter,
// what is Russian has no English sentence.
func TestEveryCatalogueSpeaksItsLanguage(t *testing.T) {
	t.Parallel()
	said := slices.Concat(jsonTexts(t, "internal/dashboard/format/texts.json"),
		pairs(t, "internal/russian/texts.txt", "\n\n", "\n", "en"),
		pairs(t, "internal/cli/help_ru.txt", "\n===\n", "\n→\n", "en"),
		pairs(t, "internal/warehouse/testdata/comments_en.txt", "\n\n", "\n", "ru"))
	for path, text := range goFiles(t) {
		if !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "/simulator/") {
			said = append(said, goTexts(t, path, text)...)
		}
	}
	found := map[string]int{} // by folder
	for _, s := range said {
		found[filepath.Dir(s.where)]++
		text := sameInBoth.ReplaceAllString(s.text, "·")
		if s.lang == "en" && strings.ContainsFunc(text, isCyrillic) {
			t.Errorf("%s: Russian in English: %q", s.where, s.text)
		}
		if sentence := englishSentence.FindString(text); s.lang == "ru" && sentence != "" {
			t.Errorf("%s: English in Russian, %q: %q", s.where, sentence, s.text)
		}
	}
	for _, catalogue := range []string{"access", "alert", "cli", "contract", "dashboard/format", "datalens", "doctor",
		"explain", "russian", "warehouse/testdata"} {
		if found["internal/"+catalogue] < 4 {
			t.Errorf("%d texts of %s were found: where are they now?", found["internal/"+catalogue], catalogue)
		}
	}
}

var (
	// sameInBoth is what is the same in both languages: what is quoted, commands, names with signs, paths, values.
	sameInBoth = regexp.MustCompile("«[^»]*»|\"[^\"]*\"|`[^`]*`|<[^>]*>|%\\[?\\d?\\]?[a-z]|\\{[^}]*\\}|" +
		`(docker|sudo|echo|grep|journalctl|qtickets_api|openssl|yc|SELECT|verificationMode)( [!-~]+)*|\S*[_/=.:|$-]\S*`)
	englishSentence = regexp.MustCompile(`\b[A-Za-z]{2,}( [a-z]{2,})+\b`)
)

func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// jsonTexts are those of {"key": {"ru": …, "en": …}}.
func jsonTexts(t *testing.T, path string) (said []saying) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var catalogue map[string]map[string]string
	if err := json.Unmarshal(text, &catalogue); err != nil {
		t.Fatal(err)
	}
	for key, texts := range catalogue {
		for lang, text := range texts {
			said = append(said, saying{path + ": " + key, lang, text})
		}
	}
	return said
}

// pairs are those of a file in which a text and its translation stand together; first is the language of the text.
func pairs(t *testing.T, path, between, within, first string) (said []saying) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	second := map[string]string{"en": "ru", "ru": "en"}[first]
	for pair := range strings.SplitSeq(strings.TrimSpace(string(text)), between) {
		a, b, _ := strings.Cut(pair, within)
		said = append(said, saying{path, first, a}, saying{path, second, b})
	}
	return said
}

// languages are by the name of a key, a field or a constant.
var languages = map[string]string{"ru": "ru", "RU": "ru", "Russian": "ru", "russian": "ru", "en": "en", "EN": "en",
	"English": "en", "english": "en"}

// inOrder are types and functions that take a text in each language, in this order.
var inOrder = map[string][]string{"Text": {"ru", "en"}, "Words": {"ru", "en"}, "refusal": {"ru", "en"},
	"text": {"en", "ru"}, "say": {"en", "ru"}}

// goTexts are those of a Go file: keyed by a language, or in an order that the type or function has.
func goTexts(t *testing.T, path, source string) (said []saying) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	add := func(lang string, n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, _ := strconv.Unquote(literal.Value)
				said = append(said, saying{set.Position(literal.Pos()).String(), lang, text})
			}
			return true
		})
	}
	ordered := func(name string, list []ast.Expr) {
		if order := inOrder[name]; len(list) == len(order) {
			for i, lang := range order {
				if _, keyed := list[i].(*ast.KeyValueExpr); !keyed {
					add(lang, list[i])
				}
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if lang := languages[strings.Trim(nameOf(n.Key), `"`)]; lang != "" {
				add(lang, n.Value)
			}
		case *ast.CallExpr:
			ordered(nameOf(n.Fun), n.Args)
		case *ast.CompositeLit:
			ordered(nameOf(n.Type), n.Elts)
			for _, element := range n.Elts {
				if entry, keyed := element.(*ast.KeyValueExpr); keyed && isPair(n.Type) {
					ordered("text", entry.Value.(*ast.CompositeLit).Elts)
				}
			}
		}
		return true
	})
	return said
}

// isPair tells a map to struct{ en, ru string }.
func isPair(e ast.Expr) bool {
	m, isMap := e.(*ast.MapType)
	if !isMap {
		return false
	}
	s, isStruct := m.Value.(*ast.StructType)
	if !isStruct || len(s.Fields.List) != 1 {
		return false
	}
	names := s.Fields.List[0].Names
	return len(names) == 2 && names[0].Name == "en"
}

// nameOf an identifier, the last part of a qualified one, or a literal.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.BasicLit:
		return e.Value
	}
	return ""
}
