package datalens_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// testdata/minimal_payloads.json are the smallest bodies that passed the published OpenAPI and a real back end
// (November 2026). They are made up and hold nothing of anybody: ids of a laboratory, no password.

// shape is what the minimal bodies have at one place: their kinds, how many there are, and how often each member.
type shape struct {
	kinds   map[string]bool
	objects int
	members map[string]int
}

// shapes of the minimal bodies, by place. A place names the members on the way; lists are left out, objects of several
// sorts are told apart by their action or type, and where names are free there is a star.
type shapes map[string]*shape

// free are the places whose members are named by guids or, in a visualisation, by the type of the chart.
var free = map[string]bool{"defaults": true, "visualization": true, "aliases": true}

// optional are members that all minimal bodies have and that need not be there.
var optional = map[string]bool{"filters": true}

// added are members that no minimal body has, with the reason.
var added = map[string]string{
	"validateDataset.data.dataset": "the updates of fields need the guids of the first answer, and go on from it",
	"createDashboard.entry.data.tabs.aliases.*": "a list of lists of guids: datasets whose guids differ share a " +
		"selector; the minimal dashboard has one dataset",
}

func kindOf(v any) string { return strings.TrimSuffix(fmt.Sprintf("%T", v), " {}") }

// walk visits every place of a body.
func walk(place string, v any, visit func(place string, v any)) {
	switch value := v.(type) {
	case []any:
		for _, item := range value {
			walk(place, item, visit)
		}
		return
	case map[string]any:
		for _, tag := range []string{"action", "type"} {
			name, is := value[tag].(string)
			if is && strings.Contains(place, ".") && !strings.HasSuffix(place, "visualization") {
				place += "(" + name + ")"
			}
		}
		visit(place, v)
		for name, member := range value {
			if free[place[strings.LastIndexByte(place, '.')+1:]] && name != "type" {
				name = "*"
			}
			walk(place+"."+name, member, visit)
		}
		return
	}
	visit(place, v)
}

func (s shapes) at(place string) *shape {
	if s[place] == nil {
		s[place] = &shape{kinds: map[string]bool{}, members: map[string]int{}}
	}
	return s[place]
}

func (s shapes) learn(place string, v any) {
	at := s.at(place)
	at.kinds[kindOf(v)] = true
	if object, is := v.(map[string]any); is {
		at.objects++
		for name := range object {
			at.members[name]++
		}
	}
}

// wrong is how a value differs from the minimal ones at its place; "": not at all.
func (s shapes) wrong(place string, v any) string {
	if added[place] != "" {
		return ""
	}
	at := s[place]
	if at == nil || !at.kinds[kindOf(v)] {
		return fmt.Sprintf("no minimal body has a %s there", kindOf(v))
	}
	object, is := v.(map[string]any)
	if !is || free[place[strings.LastIndexByte(place, '.')+1:]] {
		return ""
	}
	for name, n := range at.members {
		if _, has := object[name]; !has && n == at.objects && !optional[name] {
			return "lacks " + name
		}
	}
	return ""
}

// sameAs are the parts of updates that are those of creations.
var sameAs = []struct{ update, create string }{
	{"updateWizardChart.data", "createWizardChart.data"},
	{"updateWizardChart.annotation", "createWizardChart.annotation"},
	{"updateDashboard.entry.data", "createDashboard.entry.data"},
	{"updateDashboard.entry.annotation", "createDashboard.entry.annotation"},
}

// part of a body by its place; nil: it has none.
func part(body any, place string) any {
	for name := range strings.SplitSeq(place, ".") {
		object, _ := body.(map[string]any)
		body = object[name]
	}
	return body
}

// TestShapesOfTheInterface: every body that is sent has the members of the minimal body of its method, no others but
// those named above, and values of the same kinds.
func TestShapesOfTheInterface(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/minimal_payloads.json")
	if err != nil {
		t.Fatal(err)
	}
	var minimal map[string][]any
	if err := json.Unmarshal(text, &minimal); err != nil {
		t.Fatal(err)
	}
	known := shapes{}
	for method, bodies := range minimal {
		for _, body := range bodies {
			walk(method, body, known.learn)
		}
	}
	for _, lang := range []string{"ru", "en"} {
		text, err := encoded(datalens.Wording{Lang: lang, Comments: warehouse.Comments()})
		if err != nil {
			t.Fatal(err)
		}
		var sent map[string][]any
		if err := json.Unmarshal([]byte(text), &sent); err != nil {
			t.Fatal(err)
		}
		compared := map[string]int{}
		compare := func(method string, body any) {
			walk(method, body, func(place string, v any) {
				compared[method]++
				if why := known.wrong(place, v); why != "" {
					t.Errorf("%s: %s: %s: %v", lang, place, why, v)
				}
			})
		}
		for method := range minimal {
			for _, body := range sent[method] {
				compare(method, body)
			}
		}
		for _, same := range sameAs {
			method, place, _ := strings.Cut(same.update, ".")
			for _, body := range sent[method] {
				compare(same.create, part(body, place))
			}
		}
		for method := range minimal {
			if compared[method] == 0 {
				t.Errorf("%s: nothing is sent to %s", lang, method)
			}
		}
	}
}

// TestMembersOfOtherRequests: requests that have no minimal body have the members that the published interface names
// (api version 3, November 2026), which refuses others.
func TestMembersOfOtherRequests(t *testing.T) {
	t.Parallel()
	bodies := datalens.Wording{Lang: "ru", Comments: warehouse.Comments()}.Requests(Example)
	for place, want := range map[string]string{
		"getWorkbooksList": "filterString", "getWorkbookEntries": "page pageSize workbookId",
		"getConnection": "connectionId workbookId", "updateConnection": "connectionId data",
		"updateConnection.data": "cache_ttl_sec db_name description host password port raw_sql_level readonly secure " +
			"username",
		"getDataset": "datasetId workbookId", "updateDataset": "data datasetId workbookId",
		"updateDataset.data": "dataset mode", // without the mode a draft may be kept, that nobody sees
		"getDatasetData":     "columns datasetId limit",
		"getWizardChart":     "chartId workbookId", "updateWizardChart": "annotation chartId data mode",
		"getDashboard": "dashboardId workbookId", "updateDashboard": "entry mode",
		"updateDashboard.entry": "annotation data entryId meta",
	} {
		method, inner, deep := strings.Cut(place, ".")
		if len(bodies[method]) == 0 {
			t.Errorf("there is no %s", method)
		}
		for _, body := range bodies[method] {
			if deep {
				body = part(body, inner)
			}
			object, _ := body.(datalens.Object)
			if got := strings.Join(slices.Sorted(maps.Keys(object)), " "); got != want {
				t.Errorf("%s has %q, want %q", place, got, want)
			}
		}
	}
}
