package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

var _ = defineStatic(Block{ID: "glossary", Screen: address.Data, Order: 60}, Builder.glossary)

func (b Builder) glossary(v *View) {
	terms := glossaryTerms(b.Locale)
	t := &format.Table{Columns: []format.Column{
		{Name: b.T("column.term"), Plain: true}, {Name: b.T("column.definition"), Plain: true},
		{Name: b.T("column.view"), Plain: true}, {Name: b.T("column.cabinet"), Plain: true},
	}}
	for _, term := range terms {
		t.Rows = append(t.Rows, format.Row{Cells: []format.Cell{format.Text(term.Name), format.Text(term.Definition),
			format.Text(term.View), format.Text(term.Cabinet)}})
	}
	v.Terms, v.Table = terms, t
}

// Term is a line of the glossary.
type Term struct {
	Key        string
	Name       string
	Definition string
	View       string // where the figure comes from
	Cabinet    string // why QTickets' own cabinet may show another; "": it should not
}
