package datalens

// Text is said in both languages.
type Text struct{ RU, EN string }

// In is the text in a language, ru or en.
func (t Text) In(lang string) string {
	if lang == "ru" {
		return t.RU
	}
	return t.EN
}

// Field is a column of a view, or calculated by DataLens.
type Field struct {
	Name        string // of the column; of a calculated field its guid, with the Prefix
	Title       Text   // unique in its dataset; of a column in English only, its comment is the Russian one
	About       Text   // what it means; the same holds
	Aggregation string // "": a dimension, or an aggregate by its formula; else sum, min, max
	Hidden      bool   // for formulas only
	Formula     string // "": a column; names of fields stand in brackets
}

// Dataset is one view.
type Dataset struct {
	Name   Text
	View   string
	Row    Text // what a row of it is
	Use    Text // what it is good for
	Fields []Field
	Number string // the sum that a publication compares with ClickHouse: a column
}

// Field of a dataset by its name; false: there is none.
func (d Dataset) Field(name string) (Field, bool) {
	for _, f := range d.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Chart shows fields of one dataset.
type Chart struct {
	Name    Text
	About   Text // which block of the page it equals
	View    string
	Kind    string // a type of visualisation of DataLens
	Slots   []Slot
	Filters []Filter
}

// Slot is a place of a visualisation with its fields, in their order.
type Slot struct {
	Name   string
	Fields []string
}

// Filter keeps rows, or groups where its field is an aggregate.
type Filter struct {
	Field  string
	Code   string // EQ, NE, GT, LTE, IN, ISNOTNULL, ...
	Values []string
}

// Tab of the dashboard.
type Tab struct {
	ID        string // with the Prefix
	Title     Text
	Selectors []Selector
	Widgets   []Widget
}

// Selector filters all charts of its tab.
type Selector struct {
	Field string   // a column of type text
	Views []string // the datasets it filters; the first gives the choice
}

// Widget is a chart and its place in a grid of 36 columns.
type Widget struct {
	Chart      string // its name in English
	X, Y, W, H int
}
