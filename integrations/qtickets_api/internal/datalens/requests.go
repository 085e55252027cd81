package datalens

import (
	"crypto/sha1"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Object is a body of the API, or a part of one.
type Object = map[string]any

// Comments are the column comments of the schema, by view and column.
type Comments map[string]map[string]string

// Wording is the description in one language.
type Wording struct {
	Lang     string // ru or en
	Comments Comments
}

// ClickHouse is how DataLens reaches the marts.
type ClickHouse struct {
	Host, User, Password, Database string
	Port                           int
	Secure                         bool
}

// Guids are those of the fields of a dataset, by the name of the field.
type Guids map[string]string

// Place is a dataset as DataLens knows it.
type Place struct {
	Workbook, Dataset string
	Guids             Guids
}

// about ends a description with the mark.
func (w Wording) about(text Text) string { return text.In(w.Lang) + "\n\n" + markLine.In(w.Lang) }

// Workbook is the body of createWorkbook. title is that of the organisation; "": there is only one.
func (w Wording) Workbook(org string) Object {
	return Object{"title": strings.TrimSpace("QTickets " + org), "collectionId": nil,
		"description": w.about(DashboardAbout)}
}

// Connection is the body of createConnection.
func (w Wording) Connection(workbook string, c ClickHouse) Object {
	body := w.ConnectionData(c)
	body["type"], body["name"], body["workbook_id"] = "clickhouse", ConnectionName.In(w.Lang), workbook
	return body
}

// ConnectionData is what can be changed of a connection: data of updateConnection.
func (w Wording) ConnectionData(c ClickHouse) Object {
	secure := "off"
	if c.Secure {
		secure = "on"
	}
	return Object{"host": c.Host, "port": c.Port, "username": c.User, "password": c.Password, "secure": secure,
		"db_name": c.Database, "readonly": 2, "raw_sql_level": "off", "cache_ttl_sec": 60,
		"description": w.about(ConnectionAbout)}
}

// Source is that of a dataset; it has one.
func (d Dataset) Source(connection, database string) Object {
	return Object{"id": id("source", d.View), "source_type": "CH_TABLE", "title": d.View, "connection_id": connection,
		"parameters": Object{"db_name": database, "table_name": d.View}}
}

// NewSource are the updates that make a dataset of a view; DataLens answers with the fields and their guids.
func (d Dataset) NewSource(connection, database string) []any {
	return []any{
		Object{"action": "add_source", "source": d.Source(connection, database)},
		Object{"action": "add_source_avatar", "source_avatar": Object{"id": id("avatar", d.View),
			"source_id": id("source", d.View), "title": d.View, "is_root": true}},
	}
}

// id is a UUID that is always the same for a name.
func id(kind, name string) string {
	h := sha1.Sum([]byte(Mark + "/" + kind + "/" + name))
	h[6], h[8] = h[6]&0x0f|0x50, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// DatasetAbout is the description of a dataset.
func (w Wording) DatasetAbout(d Dataset) string {
	return w.about(Text{RU: "Строка: " + d.Row.RU + ". Для чего: " + d.Use.RU + ".",
		EN: "A row: " + d.Row.EN + ". Use: " + d.Use.EN + "."})
}

// Say is the title and the meaning of a field. In Russian they are the comment of the column: its first sentence, and
// the rest.
func (w Wording) Say(d Dataset, f Field) (title, about string) {
	if f.Formula != "" || w.Lang != "ru" {
		return f.Title.In(w.Lang), f.About.In(w.Lang)
	}
	title, about, _ = strings.Cut(w.Comments[d.View][f.Name], ". ")
	return title, about
}

// Field is the field of an update_field, or of an add_field where it is calculated.
func (w Wording) Field(d Dataset, f Field, guids Guids) Object {
	title, about := w.Say(d, f)
	body := Object{"guid": guids[f.Name], "title": title, "description": about}
	if f.Formula != "" {
		body["calc_mode"], body["formula"] = "formula", w.formula(d, f)
		return body
	}
	body["aggregation"], body["hidden"] = "none", f.Hidden
	if f.Aggregation != "" {
		body["aggregation"] = f.Aggregation
	}
	return body
}

var bracketed = regexp.MustCompile(`\[[a-z0-9_]+\]`)

// formula names fields by their titles.
func (w Wording) formula(d Dataset, f Field) string {
	text := bracketed.ReplaceAllStringFunc(f.Formula, func(name string) string {
		field, _ := d.Field(name[1 : len(name)-1])
		title, _ := w.Say(d, field)
		return "[" + title + "]"
	})
	return strings.ReplaceAll(text, noMark.RU, noMark.In(w.Lang))
}

// Chart is the body of createWizardChart.
func (w Wording) Chart(c Chart, at Place) Object {
	return Object{"name": c.Name.In(w.Lang), "workbookId": at.Workbook, "annotation": w.ChartAnnotation(c),
		"data": c.Data(at)}
}

// ChartAnnotation is the description of a chart.
func (w Wording) ChartAnnotation(c Chart) Object {
	return Object{"description": w.about(Text{RU: "Страница: " + c.About.RU + ".", EN: "Page: " + c.About.EN + "."})}
}

// Data is what a chart shows; it is the same in both languages.
func (c Chart) Data(at Place) Object {
	field := func(name string) Object { return Object{"guid": at.Guids[name], "datasetId": at.Dataset} }
	sources := Object{"datasetsIds": []any{at.Dataset}}
	var filters []any
	for _, f := range c.Filters {
		values := []any{}
		for _, v := range f.Values {
			values = append(values, v)
		}
		filter := field(f.Field)
		filter["filter"] = Object{"operation": Object{"code": f.Code}, "value": values}
		filters = append(filters, filter)
	}
	if filters != nil {
		sources["filters"] = filters
	}
	visualization := Object{"type": c.Kind}
	for _, slot := range c.Slots {
		var items []any
		for _, name := range slot.Fields {
			items = append(items, field(name))
		}
		visualization[slot.Name] = Object{"items": items}
	}
	return Object{"sources": sources, "visualization": visualization}
}

// Made are the things of a workbook that a dashboard refers to.
type Made struct {
	Datasets map[string]Place  // by view
	Charts   map[string]string // id by the chart's name in English
}

// DashboardEntry is the entry of createDashboard.
func (w Wording) DashboardEntry(workbook string, made Made) Object {
	tabs := []any{}
	for _, t := range Tabs {
		tabs = append(tabs, w.Tab(t, made))
	}
	return Object{"name": DashboardName.In(w.Lang), "workbookId": workbook, "meta": nil,
		"annotation": Object{"description": w.about(DashboardAbout)},
		"data": Object{"counter": 100, "salt": "0.7", "tabs": tabs,
			"settings": Object{"autoupdateInterval": 60, "maxConcurrentRequests": nil, "silentLoading": true,
				"dependentSelectors": true, "expandTOC": false}}}
}

// Tab of the dashboard.
func (w Wording) Tab(t Tab, made Made) Object {
	items, layout, aliases := []any{}, []any{}, Object{}
	place := func(id string, wi Widget) {
		layout = append(layout, Object{"i": id, "x": wi.X, "y": wi.Y, "w": wi.W, "h": wi.H})
	}
	if len(t.Selectors) > 0 {
		var group, same []any
		for _, s := range t.Selectors {
			group = append(group, w.selector(t, s, made))
			if names := aliasesOf(s, made); len(names) > 1 {
				same = append(same, names)
			}
		}
		if same != nil {
			aliases["default"] = same
		}
		items = append(items, Object{"id": t.ID + "_selectors", "namespace": "default", "type": "group_control",
			"data": Object{"autoHeight": false, "buttonApply": false, "buttonReset": false, "updateControlsOnChange": true,
				"showGroupName": false, "group": group}})
		place(t.ID+"_selectors", Widget{W: 36, H: 2})
	}
	for _, widget := range t.Widgets {
		name := ChartOf(widget.Chart).Name
		key := Prefix + strings.ReplaceAll(strings.ToLower(name.EN), " ", "_")
		items = append(items, Object{"id": key, "namespace": "default", "type": "widget",
			"data": Object{"hideTitle": false, "tabs": []any{Object{"id": key + "_tab", "title": name.In(w.Lang),
				"chartId": made.Charts[name.EN], "isDefault": true, "params": Object{}}}}})
		place(key, widget)
	}
	return Object{"id": t.ID, "title": t.Title.In(w.Lang), "items": items, "layout": layout, "connections": []any{},
		"aliases": aliases}
}

func (w Wording) selector(t Tab, s Selector, made Made) Object {
	first := made.Datasets[s.Views[0]]
	field, _ := DatasetOf(s.Views[0]).Field(s.Field)
	title, _ := w.Say(DatasetOf(s.Views[0]), field)
	guid := first.Guids[s.Field]
	return Object{"id": t.ID + "_" + s.Field, "namespace": "default", "title": title,
		"sourceType": "dataset", "placementMode": "auto", "width": "", "defaults": Object{guid: []any{}},
		"source": Object{"datasetId": first.Dataset, "datasetFieldId": guid, "elementType": "select",
			"fieldType": "string", "datasetFieldType": "DIMENSION", "multiselectable": true, "showTitle": true,
			"required": false, "showHint": false, "titlePlacement": "left"}}
}

// aliasesOf are the guids under which the datasets of a selector know its field.
func aliasesOf(s Selector, made Made) []any {
	var names []string
	for _, view := range s.Views {
		names = append(names, made.Datasets[view].Guids[s.Field])
	}
	slices.Sort(names)
	var all []any
	for _, name := range slices.Compact(names) {
		all = append(all, name)
	}
	return all
}
