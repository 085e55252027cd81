package dashboard

import (
	"bytes"
	"html/template"
	"strings"
	"testing"
	"unicode/utf8"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

// FuzzHostileName: whatever a name is, the page that shows it has the same tags as with a plain one.
func FuzzHostileName(f *testing.F) {
	for _, s := range hostileNames {
		f.Add(s)
	}
	page := func(t *testing.T, name string) []byte {
		cells := []format.Cell{format.Name(name).WithLink("/?city=" + template.URLQueryEscaper(name)), format.Name(name)}
		view := block.View{
			Locale: format.Russian, ID: "x", Title: format.Isolate(name),
			Chart: &format.Chart{XTicks: []format.AxisTick{{Text: name}}},
			Table: &format.Table{Columns: []format.Column{{Name: name, Plain: true}, {Name: "n"}},
				Rows: []format.Row{{Cells: cells}}},
		}
		var out bytes.Buffer
		if err := templates().ExecuteTemplate(&out, "block", view); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	f.Fuzz(func(t *testing.T, name string) {
		shown := format.Sanitize(name)
		if !utf8.ValidString(shown) || utf8.RuneCountInString(shown) > 121 ||
			strings.ContainsAny(shown, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\n\r\t\x00") {
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
