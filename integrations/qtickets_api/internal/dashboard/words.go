package dashboard

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// The texts of the page: one flat file per language with the same keys. {0} is the first argument, and
// {0|билет|билета|билетов} the form that its number asks for.
//
//go:embed words/*.json
var wordFiles embed.FS

// catalogues are read by the first page: other commands do not pay for them.
var catalogues = sync.OnceValue(func() map[string]map[string]string {
	return map[string]map[string]string{"ru": catalogue("ru"), "en": catalogue("en")}
})

func catalogue(lang string) map[string]string {
	data, err := fs.ReadFile(wordFiles, "words/"+lang+".json")
	if err != nil { // embedded above
		panic(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(data, &texts); err != nil {
		panic(fmt.Errorf("words/%s.json: %w", lang, err))
	}
	for key, text := range texts {
		texts[key] = unbroken(text)
	}
	return texts
}

var numberAndWord = regexp.MustCompile(`(\{\d\}) (\{\d\|)`)

// unbroken keeps a number with its word, and a dash with the word before it, on one line.
func unbroken(text string) string {
	return numberAndWord.ReplaceAllString(strings.ReplaceAll(text, " — ", nbsp+"— "), "$1"+nbsp+"$2")
}

var placeholder = regexp.MustCompile(`\{(\d)((?:\|[^{}|]*)*)\}`)

// T is a text of the page. Numbers are dressed, other arguments stand as they are. A key that is not in the
// catalogue shows itself: a test looks for those.
func (f format) T(key string, args ...any) string {
	text, found := catalogues()[f.lang][key]
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
		n, isNumber := wholeNumber(args[index])
		switch {
		case part[2] != "":
			return f.plural(n, strings.Split(part[2][1:], "|"))
		case isNumber:
			return f.Int(n)
		default:
			return fmt.Sprint(args[index])
		}
	})
}

func wholeNumber(x any) (int64, bool) {
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
