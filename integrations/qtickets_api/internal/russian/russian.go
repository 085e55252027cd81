// Package russian says in Russian what the program says in English: errors, messages of runs, verdicts of checks. These
// are made and stored in English, once, and translated where a person reads them.
package russian

import (
	"cmp"
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// texts holds pairs of lines: an English text with the verbs of fmt, and the Russian one, in which {1} stands for the
// first of them.
//
//go:embed texts.txt
var texts string

// template is a text with places for values.
type template struct {
	english string
	russian string
	piece   string // the longest part between the places: no text without it fits
	form    *regexp.Regexp
	values  []int // which value the groups of the form hold, counted from 1
	weight  int   // how much of it is fixed
}

var (
	verb  = regexp.MustCompile(`%(?:\[\d+\])?[dqsvwT]`)
	place = regexp.MustCompile(`\{(\d)\}`)
)

// templates are those of the file, the most exact ones first.
var templates = sync.OnceValue(func() []template {
	var all []template
	for _, pair := range strings.Split(strings.TrimSuffix(texts, "\n"), "\n\n") {
		english, russian, _ := strings.Cut(pair, "\n")
		all = append(all, newTemplate(unescape(english), unescape(russian)))
	}
	slices.SortStableFunc(all, func(a, b template) int { return cmp.Compare(b.weight, a.weight) })
	return all
})

func unescape(s string) string { return strings.ReplaceAll(s, `\n`, "\n") }

func newTemplate(english, russian string) template {
	t := template{english: english, russian: russian}
	pieces, verbs := verb.Split(english, -1), verb.FindAllString(english, -1)
	form := "(?s)^" + regexp.QuoteMeta(pieces[0])
	for i, v := range verbs {
		form += group(v, i == 0 && pieces[0] == "") + regexp.QuoteMeta(pieces[i+1])
		number, _, indexed := strings.Cut(strings.TrimPrefix(v, "%["), "]")
		if n, err := strconv.Atoi(number); err == nil && indexed {
			t.values = append(t.values, n)
		} else {
			t.values = append(t.values, i+1)
		}
	}
	for _, piece := range pieces {
		t.weight += len(piece)
		if len(piece) > len(t.piece) {
			t.piece = piece
		}
	}
	t.form = regexp.MustCompile(form + "$")
	return t
}

// group is what a value can be. A name at the beginning is no sentence before a colon, an error may be one.
func group(verb string, first bool) string {
	switch verb[len(verb)-1] {
	case 'd':
		return `(-?\d+)`
	case 'q':
		return `("(?:[^"\\]|\\.)*"|\[.*\])`
	case 's':
		if first {
			return `((?:[^:]|:[^ ])+?)`
		}
	}
	return "(.+?)"
}

// In is a text in a language: what is not known stays as it is.
func In(language, text string) string {
	if language != "ru" {
		return text
	}
	return say(text, maxDepth)
}

// Bounds of one text: errors are nested, messages of runs have many parts.
const (
	maxDepth = 12
	maxText  = 16 << 10
)

// separators stand between the parts of a text that have nothing to do with each other's words.
var separators = []string{"\n", "; ", ": ", ", "}

// say translates a text as a whole, or the longest beginning or end of it that is known and then the rest.
func say(text string, depth int) string {
	if depth == 0 || len(text) > maxText || !strings.ContainsFunc(text, latin) {
		return text
	}
	if whole, ok := fit(text, depth); ok {
		return whole
	}
	cuts := cutsOf(text)
	for _, c := range slices.Backward(cuts) {
		if first, ok := fit(text[:c.at], depth); ok {
			return first + c.separator + say(text[c.at+len(c.separator):], depth-1)
		}
	}
	for _, c := range cuts {
		if last, ok := fit(text[c.at+len(c.separator):], depth); ok {
			return say(text[:c.at], depth-1) + c.separator + last
		}
	}
	if at := strings.LastIndex(text, " ("); at > 0 && strings.HasSuffix(text, ")") { // facts, as of a response
		return say(text[:at], depth-1) + text[at:]
	}
	return text
}

type cut struct {
	at        int
	separator string
}

// cutsOf are the places where a text may be cut, in their order.
func cutsOf(text string) []cut {
	var cuts []cut
	for _, separator := range separators {
		for at := 0; ; at += len(separator) {
			next := strings.Index(text[at:], separator)
			if next < 0 {
				break
			}
			at += next
			cuts = append(cuts, cut{at, separator})
		}
	}
	slices.SortFunc(cuts, func(a, b cut) int { return cmp.Compare(a.at, b.at) })
	return cuts
}

// fit translates a text that a template fits as a whole, and the values in it.
func fit(text string, depth int) (string, bool) {
	for _, t := range templates() {
		if !strings.Contains(text, t.piece) {
			continue
		}
		values := t.form.FindStringSubmatch(text)
		if values == nil {
			continue
		}
		return place.ReplaceAllStringFunc(t.russian, func(p string) string {
			n, _ := strconv.Atoi(p[1 : len(p)-1])
			return say(values[1+slices.Index(t.values, n)], depth-1)
		}), true
	}
	return "", false
}

func latin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
