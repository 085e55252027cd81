package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"
)

// TestHelpIsInBothLanguages: every text of the help has its Russian one, in which the only words of the other language
// are names; and no translation is left of a text that is gone.
func TestHelpIsInBothLanguages(t *testing.T) {
	unused := map[string]bool{}
	for english := range russianHelp() {
		unused[english] = true
	}
	err := kong.Visit(newParser(&commands{}, "en").Model, func(v kong.Visitable, next kong.Next) error {
		for _, text := range helpTexts(v) {
			if delete(unused, *text); *text != "" && russianHelp()[*text] == "" {
				t.Errorf("no Russian for %q: add it to help_ru.txt", *text)
			}
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	for english := range unused {
		t.Errorf("help_ru.txt translates what no help says: %q", english)
	}
	for _, russian := range russianHelp() {
		if !strings.ContainsFunc(russian, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			t.Errorf("not Russian: %q", russian)
		}
	}
}

func TestHelpSpeaksTheLanguageAskedFor(t *testing.T) {
	for _, c := range []struct {
		arguments, environ []string
		want, not          string
	}{
		{[]string{"--help"}, nil, "Usage: ", "Использование"},
		{[]string{"--help", "--lang", "ru"}, nil, "Использование: ", "Usage"},
		{[]string{"--lang=ru", "sync", "--help"}, nil, "прочитать изменения", "Flags:"},
		{[]string{"explain", "--help"}, []string{"LANG=ru_RU.UTF-8"}, "Аргументы:", "Arguments:"},
		{[]string{"explain", "--help", "--lang", "en"}, []string{"LANG=ru_RU.UTF-8"}, "Arguments:", "Аргументы:"},
	} {
		var out bytes.Buffer
		code := Run(context.Background(), c.arguments, Process{Stdout: &out, Stderr: &out, Environ: c.environ})
		if got := out.String(); code != 0 || !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%v, %v: exit %d, want %q and no %q in\n%s", c.arguments, c.environ, code, c.want, c.not, got)
		}
	}
}
