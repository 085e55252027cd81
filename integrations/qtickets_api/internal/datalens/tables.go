package datalens

import (
	"fmt"
	"strings"
)

// Tables are what docs/datalens.md says of datasets, fields, charts and tabs, in Russian. Made from the description, so
// that a document cannot differ from what is made.
func (w Wording) Tables() string {
	var b strings.Builder
	b.WriteString("\n| датасет | представление | строка | для чего |\n|---|---|---|---|\n")
	for _, d := range Datasets {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", d.Name.RU, d.View, d.Row.RU, d.Use.RU)
	}
	return b.String()
}

// ChartTable lists the charts with their tabs.
func (w Wording) ChartTable() string {
	var b strings.Builder
	b.WriteString("\n| вкладка | график | вид | датасет | поля | фильтры | блок страницы |\n" +
		"|---|---|---|---|---|---|---|\n")
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
				filters = append(filters, w.title(d, f)+said(filter))
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", t.Title.RU, c.Name.RU, kinds[c.Kind], d.Name.RU,
				strings.Join(fields, ", "), strings.Join(filters, "; "), c.About.RU)
		}
	}
	return b.String()
}

// CalculatedTable lists the fields that are not columns.
func (w Wording) CalculatedTable() string {
	var b strings.Builder
	b.WriteString("\n| датасет | поле | формула | что это |\n|---|---|---|---|\n")
	for _, d := range Datasets {
		for _, f := range d.Fields {
			if f.Formula != "" {
				fmt.Fprintf(&b, "| %s | %s | `%s` | %s |\n", d.Name.RU, f.Title.RU, w.formula(d, f), f.About.RU)
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
var kinds = map[string]string{"line": "линейная диаграмма", "column": "столбчатая диаграмма",
	"bar": "линейчатая диаграмма", "metric": "индикатор", "flatTable": "таблица", "pivotTable": "сводная таблица"}

// said is a filter in words.
func said(f Filter) string {
	values := strings.Join(f.Values, ", ")
	switch {
	case values == "true":
		return ""
	case f.Code == "ISNOTNULL":
		return " известно"
	case f.Code == "GT":
		return " > " + values
	case f.Code == "GTE":
		return " ≥ " + values
	case f.Code == "LT":
		return " < " + values
	case f.Code == "NE":
		return " не " + values
	}
	return ": " + values
}
