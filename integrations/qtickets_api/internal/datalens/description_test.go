package datalens_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestEveryColumnIsDescribed: a dataset has a field for every column of its view and no other, each with a title of its
// own and a meaning in both languages.
func TestEveryColumnIsDescribed(t *testing.T) {
	t.Parallel()
	schema := warehouse.Comments()
	russian := datalens.Wording{Lang: "ru", Comments: schema}
	for _, d := range datalens.Datasets {
		titles := map[string]bool{}
		left := map[string]string{}
		for name, comment := range schema[d.View] {
			left[name] = comment
		}
		for _, f := range d.Fields {
			title, _ := russian.Say(d, f)
			for _, title := range []string{"ru " + title, "en " + f.Title.EN} {
				if titles[title] || len(title) < 4 || strings.ContainsAny(title, "[]") {
					t.Errorf("%s.%s: the title %q is empty, another field's, or breaks formulas", d.View, f.Name, title)
				}
				titles[title] = true
			}
			_, column := left[f.Name]
			delete(left, f.Name)
			calculated := strings.HasPrefix(f.Name, datalens.Prefix)
			if column == calculated || calculated != (f.Formula != "") || f.About.EN == "" ||
				(calculated && f.About.RU == "") {
				t.Errorf("%s.%s: %+v is neither a column of the schema nor a calculated field with its meaning", d.View, f.Name, f)
			}
		}
		for name := range left {
			t.Errorf("%s: the column %s is not described", d.View, name)
		}
		if f, known := d.Field(d.Number); !known || f.Aggregation != "sum" {
			t.Errorf("%s: %q is no sum", d.View, d.Number)
		}
	}
}

var (
	named     = regexp.MustCompile(`\[([a-z0-9_]+)\]`)
	aggregate = regexp.MustCompile(`\b(SUM|MAX|MIN|COUNT|SUM_IF)\(([^()]|\([^()]*\))*\)`)
)

// TestFormulas: a formula names fields of its dataset that are no formulas themselves; within an aggregate stand no
// aggregates, beside it and beside an aggregated field nothing else, as DataLens demands.
func TestFormulas(t *testing.T) {
	t.Parallel()
	for _, d := range datalens.Datasets {
		for _, f := range d.Fields {
			bare := aggregate.ReplaceAllString(f.Formula, "")
			within := strings.Join(aggregate.FindAllString(f.Formula, -1), " ")
			aggregated := map[bool]bool{}
			for part, inside := range map[string]bool{bare: false, within: true} {
				for _, m := range named.FindAllStringSubmatch(part, -1) {
					field, known := d.Field(m[1])
					if !known || field.Formula != "" || (inside && field.Aggregation != "") {
						t.Errorf("%s.%s: the formula cannot name %s here", d.View, f.Name, m[1])
					}
					if !inside {
						aggregated[field.Aggregation != ""] = true
					}
				}
			}
			if len(aggregated) > 1 || (within != "" && aggregated[false]) {
				t.Errorf("%s.%s mixes aggregates with rows: %s", d.View, f.Name, f.Formula)
			}
		}
	}
}

// TestChartsAndTabs: every chart names fields of its dataset and stands once on the dashboard, where nothing overlaps.
func TestChartsAndTabs(t *testing.T) {
	t.Parallel()
	names := map[string]int{}
	for _, c := range datalens.Charts {
		names["ru "+c.Name.RU]++
		names["en "+c.Name.EN]++
		d := datalens.DatasetOf(c.View)
		var used []string
		for _, s := range c.Slots {
			used = append(used, s.Fields...)
		}
		for _, f := range c.Filters {
			used = append(used, f.Field)
		}
		for _, name := range used {
			if f, known := d.Field(name); !known || f.Hidden {
				t.Errorf("%s: the dataset has no field %s to show", c.Name.EN, name)
			}
		}
	}
	placed := map[string]int{}
	for _, tab := range datalens.Tabs {
		taken := map[[2]int]string{}
		if tab.Selectors != nil {
			taken = rectangle(taken, datalens.Widget{Chart: "selectors", W: 36, H: 2})
		}
		for _, w := range tab.Widgets {
			placed[w.Chart]++
			size := len(taken)
			if taken = rectangle(taken, w); len(taken) != size+w.W*w.H || w.X+w.W > 36 {
				t.Errorf("tab %s: %s overlaps another widget, or the page", tab.ID, w.Chart)
			}
		}
		for _, s := range tab.Selectors {
			for _, view := range s.Views {
				if _, known := datalens.DatasetOf(view).Field(s.Field); !known {
					t.Errorf("tab %s: %s has no %s to select", tab.ID, view, s.Field)
				}
			}
		}
	}
	for _, c := range datalens.Charts {
		if names["ru "+c.Name.RU] != 1 || names["en "+c.Name.EN] != 1 || placed[c.Name.EN] != 1 {
			t.Errorf("chart %s: its name is another's, or it stands on %d tabs", c.Name.EN, placed[c.Name.EN])
		}
	}
}

func rectangle(taken map[[2]int]string, w datalens.Widget) map[[2]int]string {
	for x := range w.W {
		for y := range w.H {
			taken[[2]int{w.X + x, w.Y + y}] = w.Chart
		}
	}
	return taken
}

// TestRequestsAreKept: docs/datalens holds the requests in both languages, so that they can be checked against the
// published interface from outside. After a change run the tests with QTICKETS_UPDATE_DOCS=1.
func TestRequestsAreKept(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ru", "en"} {
		w := datalens.Wording{Lang: lang, Comments: warehouse.Comments()}
		text, err := encoded(w)
		if err != nil {
			t.Fatal(err)
		}
		kept(t, filepath.Join("..", "..", "..", "..", "docs", "datalens", "requests."+lang+".json"), text)
		if again, err := encoded(w); err != nil || again != text {
			t.Error("the requests differ from one time to the next")
		}
	}
}

// encoded as "datalens print" does.
func encoded(w datalens.Wording) (string, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(w.Requests(Example))
	return b.String(), err
}

// Example is the server of the kept requests.
var Example = datalens.ClickHouse{Host: "ch.example.test", Port: 8443, Secure: true, User: "datalens_reader",
	Password: "***", Database: "zakaz"}

// TestGuideIsMadeOfTheDescription: the tables of docs/datalens.md and docs/datalens.en.md between their marks.
func TestGuideIsMadeOfTheDescription(t *testing.T) {
	t.Parallel()
	for lang, path := range map[string]string{
		"ru": "../../../../docs/datalens.md", "en": "../../../../docs/datalens.en.md",
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		w := datalens.Wording{Lang: lang, Comments: warehouse.Comments()}
		want := string(text)
		for name, table := range map[string]string{"datasets": w.Tables(), "charts": w.ChartTable(),
			"fields": w.CalculatedTable()} {
			begin, end := "<!-- "+name+": составлено программой -->\n", "<!-- /"+name+" -->"
			before, rest, one := strings.Cut(want, begin)
			_, after, two := strings.Cut(rest, end)
			if !one || !two {
				t.Fatalf("%s lacks the marks of %s", path, name)
			}
			want = before + begin + table + "\n" + end + after
		}
		kept(t, path, want)
	}
}

// kept compares a file with what it must be.
func kept(t *testing.T, path, want string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil && string(text) == want {
		return
	}
	if os.Getenv("QTICKETS_UPDATE_DOCS") == "" {
		t.Fatalf("%s is not up to date (%v): run this test with QTICKETS_UPDATE_DOCS=1", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
