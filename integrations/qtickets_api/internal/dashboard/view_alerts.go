package dashboard

import (
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

func (b builder) alertsBlock(id string) Block {
	block, ok := made(b, id, b.d.alerts)
	if !ok {
		return block
	}
	if len(b.d.alerts.value) == 0 {
		if b.ask.screen == screenToday { // good news needs no room on the first page
			return Block{}
		}
		block.Title = b.T("alerts.none")
		return block
	}
	block.Title = b.T("alerts.open", len(b.d.alerts.value))
	block.Table = b.alertTable(b.d.alerts.value)
	for _, a := range b.d.alerts.value {
		block.Lines = append(block.Lines, Line{
			Text: b.ruleName(a.Rule) + subjectOf(a) + ". " + foreign(a.Text),
			Note: b.T("alerts.since", b.Moment(a.OpenedAt, b.now)),
			Next: b.nextStep(a.Rule), Open: true,
		})
	}
	return block
}

func subjectOf(a figures.AlertLine) string {
	if a.Subject == "" {
		return ""
	}
	return " (" + isolated(a.Subject) + ")"
}

func (b builder) ruleName(rule string) string { return b.known("rule."+rule, rule) }

func (b builder) nextStep(rule string) string { return b.known("next."+rule, "") }

// known is a text of the catalogue, or what to show where a newer loader knows more than this page.
func (b builder) known(key, otherwise string) string {
	if _, found := catalogues()[b.lang][key]; found {
		return b.T(key)
	}
	return otherwise
}

func (b builder) alertTable(list []figures.AlertLine) *Table {
	t := &Table{Columns: []Column{
		{Name: b.T("column.opened"), Plain: true}, {Name: b.T("column.ended"), Plain: true},
		{Name: b.T("column.rule"), Plain: true}, {Name: b.T("column.text"), Plain: true},
	}}
	for _, a := range list {
		ended := momentCell(a.EndedAt)
		if a.EndedAt == nil {
			ended = textCell(b.T("alerts.goes_on")).mark("bad")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			momentCell(&a.OpenedAt), ended, textCell(b.ruleName(a.Rule) + subjectOf(a)), namedCell(a.Text),
		}})
	}
	return t
}
