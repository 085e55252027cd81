package format

import (
	"strings"
	"unicode"
)

// shownRunes is how much of such a text the page shows; the CSV has it whole.
const shownRunes = 120

// Sanitize makes a text of other people (names of events, UTM parameters, promo codes) fit to stand in a line
// of ours: one line, of a bounded length, with no marks that turn the direction of what stands beside it.
// html/template makes it inert; this makes it safe to look at.
func Sanitize(s string) string {
	var b strings.Builder
	n, space := 0, true
	for _, r := range s {
		if n == shownRunes {
			return strings.TrimRight(b.String(), " ") + "…"
		}
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if space {
				continue
			}
			r, space = ' ', true
		case r == unicode.ReplacementChar, isDirectionMark(r), unicode.Is(unicode.Co, r):
			continue
		default:
			space = false
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimRight(b.String(), " ")
}

// isDirectionMark tells the invisible marks that order text by hand.
func isDirectionMark(r rune) bool {
	return r == 0x061c || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// Isolate is Sanitize for a text inside a sentence of ours: letters written from right to left stay among
// themselves.
func Isolate(s string) string {
	s = Sanitize(s)
	for _, r := range s {
		if r >= 0x0590 && r <= 0x08ff || r >= 0xfb1d && r <= 0xfeff {
			return "\u2068" + s + "\u2069"
		}
	}
	return s
}
