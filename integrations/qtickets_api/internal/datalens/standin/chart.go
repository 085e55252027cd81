package standin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// slots are the places of each visualisation, those that it must have first.
var slots = map[string]struct{ required, optional string }{
	"line": {"x y", "y2 colors shapes labels sort segments"}, "column": {"x y", "colors labels sort segments"},
	"bar": {"x y", "colors labels sort"}, "metric": {"measures", "colors"},
	"flatTable": {"columns", "colors sort"}, "pivotTable": {"rows measures", "columns colors sort"},
}

func (s *Server) createWizardChart(b object) any {
	only(b, "createWizardChart", "name workbookId data", "annotation")
	body := object{"data": s.chartData(part(b, "data")), "annotation": b["annotation"]}
	e := s.store(stored{workbook: text(b, "workbookId"), scope: "widget", kind: "graph_wizard_node", name: text(b, "name"),
		body: body})
	return s.chartEntry(e)
}

// chartData checks what a chart shows and fills in defaults.
func (s *Server) chartData(d object) object {
	d = copied(only(d, "data", "sources visualization", ""))
	sources := only(part(d, "sources"), "sources", "datasetsIds", "filters updates links")
	for _, id := range list(sources, "datasetsIds") {
		name, _ := id.(string)
		s.entry("dataset", name)
	}
	if sources["filters"] != nil {
		for _, f := range objects(list(sources, "filters"), "filters") {
			only(f, "filter", "guid datasetId filter", "")
			s.item(f)
			condition := only(part(f, "filter"), "filter", "operation value", "")
			text(part(condition, "operation"), "code")
			list(condition, "value")
		}
	}
	v := part(d, "visualization")
	of, known := slots[text(v, "type")]
	if !known {
		panic(bad("visualization: no type %q", text(v, "type")))
	}
	only(v, "visualization", "type "+of.required, of.optional+" chartSettings")
	for name := range v {
		if name == "type" || name == "chartSettings" {
			continue
		}
		slot := only(part(v, name), name, "items", "settings")
		for _, item := range objects(list(slot, "items"), name) {
			only(item, "item", "guid datasetId", "fakeTitle formatting hideLabelMode")
			f := s.item(item)
			item["fakeTitle"], item["hideLabelMode"] = f["title"], "show"
		}
		slot["settings"] = object{}
	}
	for name := range strings.FieldsSeq(of.optional) {
		if v[name] == nil {
			v[name] = object{"items": []any{}}
		}
	}
	v["chartSettings"] = object{"titleMode": "show"}
	return d
}

// item is the field that an item names.
func (s *Server) item(i object) object {
	f := field(s.entry("dataset", text(i, "datasetId")).body, "guid", text(i, "guid"))
	if f == nil {
		panic(bad("the dataset has no field %s", text(i, "guid")))
	}
	return f
}

func (s *Server) chartEntry(e *stored) any {
	return object{"entry": object{"entryId": e.id, "key": e.workbook + "/" + e.name, "scope": e.scope, "type": e.kind,
		"version": 1, "workbookId": e.workbook, "data": copied(part(e.body, "data")), "annotation": e.body["annotation"],
		"revId": fmt.Sprint(e.revision), "savedId": fmt.Sprint(e.revision), "publishedId": fmt.Sprint(e.revision)}}
}

func (s *Server) getWizardChart(b object) any {
	only(b, "getWizardChart", "chartId", "workbookId revId branch includePermissions includeLinks includeFavorite")
	return s.chartEntry(s.entry("widget", text(b, "chartId")))
}

func (s *Server) updateWizardChart(b object) any {
	only(b, "updateWizardChart", "chartId mode data", "annotation revId")
	if text(b, "mode") != "publish" && text(b, "mode") != "save" {
		panic(bad("mode: save or publish"))
	}
	data := s.chartData(part(b, "data"))
	e := s.edit("widget", text(b, "chartId"))
	e.body["data"], e.body["annotation"] = data, b["annotation"]
	return s.chartEntry(e)
}

// Shown is what a chart shows: its fields in order with their types, and a row per group.
type Shown struct {
	Titles []string
	Types  []string
	Rows   [][]any
	SQL    string
}

// Choice is what a person chose in a selector.
type Choice struct {
	Title  string // of the selector
	Values []string
}

// Show computes a chart as DataLens does, by its name; with choices, as it stands on its tab of the dashboard.
func (s *Server) Show(name string, choices ...Choice) (shown Shown, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		if p := recover(); p != nil {
			of, ours := p.(refusal)
			if !ours {
				panic(p)
			}
			err = of
		}
	}()
	for _, e := range s.entries {
		if e.scope == "widget" && e.name == name {
			selected := map[string][]any{}
			for _, c := range choices {
				s.choose(selected, e.id, c)
			}
			return s.show(part(e.body, "data"), selected), nil
		}
	}
	return shown, fmt.Errorf("no chart %q", name)
}

// show computes a chart with the values that are selected, by the guids of their fields.
func (s *Server) show(data object, selected map[string][]any) Shown {
	sources, v := part(data, "sources"), part(data, "visualization")
	id, _ := list(sources, "datasetsIds")[0].(string)
	q := newQuery(s.entry("dataset", id).body)
	var shown Shown
	for _, slot := range []string{"rows", "columns", "x", "y", "colors", "measures"} {
		if v[slot] == nil {
			continue
		}
		for _, item := range objects(list(part(v, slot), "items"), slot) {
			f := q.show(text(item, "guid"))
			shown.Titles, shown.Types = append(shown.Titles, text(f, "title")), append(shown.Types, text(f, "data_type"))
		}
	}
	if sources["filters"] != nil {
		for _, f := range objects(list(sources, "filters"), "filters") {
			condition := part(f, "filter")
			q.filter(text(f, "guid"), text(part(condition, "operation"), "code"), list(condition, "value"))
		}
	}
	for guid, values := range selected {
		if field(q.content, "guid", guid) != nil { // another field is nothing to this chart
			q.filter(guid, "IN", values)
		}
	}
	shown.SQL = q.sql(1_000_001)
	shown.Rows = s.ask(q.connection, shown.SQL, true).Data
	q.run(shown.Rows)
	return shown
}

// query is a question to the view of a dataset.
type query struct {
	content       object
	connection    string
	view          string
	shown         []node
	where, having []string
}

func newQuery(content object) *query {
	source := objects(list(content, "sources"), "sources")[0]
	at := part(source, "parameters")
	return &query{content: content, connection: text(source, "connection_id"),
		view: text(at, "db_name") + "." + text(at, "table_name")}
}

// show adds a field to what is asked.
func (q *query) show(guid string) object {
	f := q.field(guid)
	q.shown = append(q.shown, compileField(q.content, f))
	return f
}

func (q *query) field(guid string) object {
	f := field(q.content, "guid", guid)
	if f == nil {
		panic(bad("the dataset has no field %s", guid))
	}
	return f
}

var operators = map[string]string{"EQ": "=", "NE": "!=", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}

func (q *query) filter(guid, code string, values []any) {
	n := compileField(q.content, q.field(guid))
	var literals []string
	for _, v := range values {
		literals = append(literals, literal(n.kind, fmt.Sprint(v)))
	}
	var condition string
	switch {
	case code == "ISNOTNULL":
		condition = "isNotNull(" + n.sql + ")"
	case code == "IN" && len(literals) > 0:
		condition = n.sql + " IN (" + strings.Join(literals, ", ") + ")"
	case operators[code] != "" && len(literals) == 1:
		condition = n.sql + " " + operators[code] + " " + literals[0]
	default:
		panic(bad("filter: %s with %d values is not stood in for", code, len(values)))
	}
	if n.aggregate {
		q.having = append(q.having, condition)
	} else {
		q.where = append(q.where, condition)
	}
}

func literal(kind, value string) string {
	switch kind {
	case "boolean":
		return map[string]string{"true": "1", "false": "0"}[value]
	case "integer", "float":
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			panic(bad("filter: %q is no number", value))
		}
		return value
	case "date":
		return "toDate32(" + quoted(value) + ")"
	}
	return quoted(value)
}

func quoted(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// sql in the recorded shape.
func (q *query) sql(limit int) string {
	var b strings.Builder
	var columns, groups []string
	for i, n := range q.shown {
		columns = append(columns, fmt.Sprintf("%s AS res_%d", n.sql, i))
		if !n.aggregate {
			groups = append(groups, fmt.Sprintf("res_%d", i))
		}
	}
	fmt.Fprintf(&b, "SELECT %s\nFROM %s AS t1\n", strings.Join(columns, ", "), q.view)
	for _, clause := range []struct {
		word, between string
		parts         []string
	}{{"WHERE", " AND ", q.where}, {"GROUP BY", ", ", groups}, {"HAVING", " AND ", q.having}} {
		if clause.parts != nil {
			fmt.Fprintf(&b, "%s %s\n", clause.word, strings.Join(clause.parts, clause.between))
		}
	}
	fmt.Fprintf(&b, "LIMIT %d", limit)
	return b.String()
}

// run replaces a running total, which DataLens computes itself, by the order of the first field.
func (q *query) run(rows [][]any) {
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(sortable(a[0]), sortable(b[0])) })
	for i, n := range q.shown {
		if !n.running {
			continue
		}
		total := 0.0
		for _, row := range rows {
			total += number(row[i])
			row[i] = total
		}
	}
}

// sortable orders numbers by their value and all else by its text.
func sortable(v any) string {
	if f, err := strconv.ParseFloat(fmt.Sprint(v), 64); err == nil {
		return fmt.Sprintf("%030.6f", f)
	}
	return fmt.Sprint(v)
}

func number(v any) float64 {
	f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if err != nil {
		panic(bad("%v is no number", v))
	}
	return f
}
