package datalens

import (
	"fmt"
	"strings"
)

// Heads of the tables.
var (
	datasetHead = Text{RU: "| датасет | представление | строка | для чего |", EN: "| dataset | view | row | what for |"}
	chartHead   = Text{RU: "| вкладка | график | вид | датасет | поля | фильтры | блок страницы |",
		EN: "| tab | chart | kind | dataset | fields | filters | block of the page |"}
	fieldHead = Text{RU: "| датасет | поле | формула | что это |", EN: "| dataset | field | formula | what it is |"}
)

// Tables are what docs/datalens.md and docs/datalens.en.md say of datasets, fields, charts and tabs. Made from the
// description, so that a document cannot differ from what is made.
func (w Wording) Tables() string {
	var b strings.Builder
	b.WriteString("\n" + datasetHead.In(w.Lang) + "\n|---|---|---|---|\n")
	for _, d := range Datasets {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", d.Name.In(w.Lang), d.View, d.Row.In(w.Lang), d.Use.In(w.Lang))
	}
	return b.String()
}

// ChartTable lists the charts with their tabs.
func (w Wording) ChartTable() string {
	var b strings.Builder
	b.WriteString("\n" + chartHead.In(w.Lang) + "\n|---|---|---|---|---|---|---|\n")
	for _, t := range Tabs {
		for _, widget := range t.Widgets {
			c := ChartOf(widget.Chart)
			d := DatasetOf(c.View)
			var fields, filters []string
			for _, s := range c.Slots {
				for _, name := range s.Fields {
					f, _ := d.Field(name)
					fields = append(fields, w.title(d, f))
				}
			}
			for _, filter := range c.Filters {
				f, _ := d.Field(filter.Field)
				filters = append(filters, w.title(d, f)+w.said(filter))
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", t.Title.In(w.Lang), c.Name.In(w.Lang),
				kinds[c.Kind].In(w.Lang), d.Name.In(w.Lang), strings.Join(fields, "; "), strings.Join(filters, "; "),
				c.About.In(w.Lang))
		}
	}
	return b.String()
}

// CalculatedTable lists the fields that are not columns.
func (w Wording) CalculatedTable() string {
	var b strings.Builder
	b.WriteString("\n" + fieldHead.In(w.Lang) + "\n|---|---|---|---|\n")
	for _, d := range Datasets {
		for _, f := range d.Fields {
			if f.Formula != "" {
				fmt.Fprintf(&b, "| %s | %s | `%s` | %s |\n", d.Name.In(w.Lang), f.Title.In(w.Lang), w.formula(d, f),
					f.About.In(w.Lang))
			}
		}
	}
	return b.String()
}

func (w Wording) title(d Dataset, f Field) string {
	title, _ := w.Say(d, f)
	return title
}

// kinds are the types of charts as the interface of DataLens names them.
var kinds = map[string]Text{
	"line": {RU: "линейная диаграмма", EN: "line chart"}, "column": {RU: "столбчатая диаграмма", EN: "column chart"},
	"bar": {RU: "линейчатая диаграмма", EN: "bar chart"}, "metric": {RU: "индикатор", EN: "indicator"},
	"flatTable": {RU: "таблица", EN: "table"}, "pivotTable": {RU: "сводная таблица", EN: "pivot table"},
}

// said is a filter in words.
func (w Wording) said(f Filter) string {
	values := strings.Join(f.Values, ", ")
	switch {
	case values == "true":
		return ""
	case f.Code == "ISNOTNULL":
		return Text{RU: " известно", EN: " is known"}.In(w.Lang)
	case f.Code == "GT":
		return " > " + values
	case f.Code == "GTE":
		return " ≥ " + values
	case f.Code == "LT":
		return " < " + values
	case f.Code == "NE":
		return Text{RU: " не ", EN: " is not "}.In(w.Lang) + values
	}
	return ": " + values
}
