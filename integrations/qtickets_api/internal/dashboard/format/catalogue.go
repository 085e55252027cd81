package format

import (
	_ "embed" // texts.json
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The texts of the page, each in both languages. {0} is the first argument, and {0|билет|билета|билетов} the form that
// its number asks for.
//
//go:embed texts.json
var textFile []byte

// catalogues are read by LoadLocales or the first text: other commands do not pay for them.
var catalogues = sync.OnceValue(func() map[Locale]map[string]string {
	var texts map[string]map[Locale]string
	if err := json.Unmarshal(textFile, &texts); err != nil {
		panic(fmt.Errorf("texts.json: %w", err))
	}
	byLocale := map[Locale]map[string]string{Russian: {}, English: {}}
	for key, translations := range texts {
		for l, text := range translations {
			byLocale[l][key] = unbroken(text)
		}
	}
	return byLocale
})

var numberAndWord = regexp.MustCompile(`(\{\d\}) (\{\d\|)`)

// unbroken keeps a number with its word, and a dash with the word before it, on one line.
func unbroken(text string) string {
	return numberAndWord.ReplaceAllString(strings.ReplaceAll(text, " — ", nbsp+"— "), "$1"+nbsp+"$2")
}

var placeholder = regexp.MustCompile(`\{(\d)((?:\|[^{}|]*)*)\}`)

// T is a text of the page. Numbers are dressed, other arguments stand as they are. A key that is not in the
// catalogue shows itself: a test looks for those.
func (l Locale) T(key string, args ...any) string {
	text, found := catalogues()[l][key]
	if !found {
		return "⟨" + key + "⟩"
	}
	if len(args) == 0 {
		return text
	}
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		part := placeholder.FindStringSubmatch(match)
		index, _ := strconv.Atoi(part[1])
		if index >= len(args) {
			return match
		}
		n, isNumber := integer(args[index])
		switch {
		case part[2] != "":
			return l.plural(n, strings.Split(part[2][1:], "|"))
		case isNumber:
			return l.Int(n)
		default:
			return fmt.Sprint(args[index])
		}
	})
}

func integer(x any) (int64, bool) {
	switch n := x.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case uint64:
		return int64(n), true
	}
	return 0, false
}

// TOr is T, or otherwise where the catalogue has no such key: a newer loader may know more than this page.
func (l Locale) TOr(key, otherwise string) string {
	if _, found := catalogues()[l][key]; found {
		return l.T(key)
	}
	return otherwise
}

// LoadLocales reads the catalogues now, so that a broken one never reaches a reader: it panics then.
func LoadLocales() { catalogues() }

// plural chooses a form: one, few, many in Russian; one, other in English.
func (l Locale) plural(n int64, forms []string) string {
	n = max(n, -n)
	pick := 0
	switch {
	case !l.ru():
		if n != 1 {
			pick = 1
		}
	case n%100 >= 11 && n%100 <= 14, n%10 == 0, n%10 >= 5:
		pick = 2
	case n%10 != 1:
		pick = 1
	}
	return forms[min(pick, len(forms)-1)]
}

// Capital begins a heading.
func Capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
