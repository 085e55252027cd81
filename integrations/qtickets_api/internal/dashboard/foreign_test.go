package dashboard

import (
	"bytes"
	"html/template"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestForeign(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  a\n\tb  ": "a b", "\u202eabc\u202c": "abc", "a\x00b": "a b", "Ёлка 🎄": "Ёлка 🎄", "": "", "\u2066\u2069": "",
		strings.Repeat("я", 500): strings.Repeat("я", 120) + "…",
	} {
		if got := foreign(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := isolated("שלום"); got != "\u2068שלום\u2069" {
		t.Errorf("%q", got)
	}
}

// FuzzForeign: whatever a name is, the page that shows it has the same tags as with a plain one.
func FuzzForeign(f *testing.F) {
	for _, s := range hostileNames {
		f.Add(s)
	}
	page := func(t *testing.T, name string) []byte {
		b := Block{ID: "x", Title: isolated(name), Chart: &Chart{XTicks: []AxisTick{{0, name}}}, Table: &Table{
			Columns: []Column{{Name: name, Plain: true}, {Name: "n"}}, Rows: []Row{{Cells: []Cell{namedCell(name).link("/?city=" + template.URLQueryEscaper(name)), namedCell(name)}}},
		}}
		var out bytes.Buffer
		if err := templates().ExecuteTemplate(&out, "block", pair(frame{format: format{"ru"}}, b)); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	f.Fuzz(func(t *testing.T, name string) {
		shown := foreign(name)
		if !utf8.ValidString(shown) || utf8.RuneCountInString(shown) > shownRunes+1 || strings.ContainsAny(shown, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\n\r\t\x00") {
			t.Fatalf("%q is shown as %q", name, shown)
		}
		got, plain := page(t, name), page(t, "name")
		if a, b := bytes.Count(got, []byte("<")), bytes.Count(plain, []byte("<")); a != b && shown != "" {
			t.Fatalf("%q makes %d tags of %d:\n%s", name, a, b, got)
		}
		for _, quote := range []string{"<script", "onerror=\"", "javascript:"} {
			if bytes.Contains(got, []byte(quote)) && !strings.Contains(name, "javascript:") {
				t.Fatalf("%q: %s", name, got)
			}
		}
	})
}
