package format

import (
	"strings"
	"testing"
)

func TestSanitize(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  a\n\tb  ": "a b", "\u202eabc\u202c": "abc", "a\x00b": "a b", "Ёлка 🎄": "Ёлка 🎄", "": "", "\u2066\u2069": "",
		strings.Repeat("я", 500): strings.Repeat("я", 120) + "…",
	} {
		if got := Sanitize(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Isolate("שלום"); got != "\u2068שלום\u2069" {
		t.Errorf("%q", got)
	}
}
