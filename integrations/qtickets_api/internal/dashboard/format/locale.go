// Package format writes what the page says in a language of its readers: texts, numbers, money, times, and the tables,
// charts and CSVs made of them. Scripts and templates get ready text.
package format

// Locale is a language of the page. Its zero value is no language.
type Locale string

// The languages of the page.
const (
	Russian Locale = "ru"
	English Locale = "en"
)

// Locales are all of them.
func Locales() []Locale { return []Locale{Russian, English} }

// Signs of both languages. Figures never break off their unit.
const (
	nbsp  = "\u00a0"
	minus = "\u2212"
	// Unknown is what stands where nothing is known: never a zero.
	Unknown = "—"
)

func (l Locale) ru() bool { return l == Russian }
