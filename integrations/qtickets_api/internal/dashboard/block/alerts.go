package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// The alerts that go on. On the screen of today they stand only where there are any: good news needs no room there.
var (
	_ = define(Block{ID: "alerts", Screen: address.Data, Order: 10}, (*figures.Store).Alerts, Builder.alerts)
	_ = define(Block{ID: "alerts", Screen: address.Today, Order: 10}, (*figures.Store).Alerts, Builder.alertsIfAny)
)

func (b Builder) alerts(v *View, alerts []figures.AlertLine) {
	if len(alerts) == 0 {
		v.Title = b.T("alerts.none")
		return
	}
	v.Title = b.T("alerts.open", len(alerts))
	v.Table = b.alertTable(alerts)
	for _, a := range alerts {
		v.Lines = append(v.Lines, Line{
			Text: b.ruleName(a.Rule) + subjectOf(a) + ". " + format.Sanitize(b.say(a.Text)),
			Note: b.T("alerts.since", b.Moment(a.OpenedAt, b.Now)),
			Next: b.nextStep(a.Rule), Open: true,
		})
	}
}

func (b Builder) alertsIfAny(v *View, alerts []figures.AlertLine) {
	v.hidden = len(alerts) == 0
	b.alerts(v, alerts)
}

func subjectOf(a figures.AlertLine) string {
	if a.Subject == "" {
		return ""
	}
	return " (" + format.Isolate(a.Subject) + ")"
}

func (b Builder) ruleName(rule string) string { return b.TOr("rule."+rule, rule) }

func (b Builder) nextStep(rule string) string { return b.TOr("next."+rule, "") }

func (b Builder) alertTable(list []figures.AlertLine) *format.Table {
	t := &format.Table{Columns: []format.Column{
		{Name: b.T("column.opened"), Plain: true}, {Name: b.T("column.ended"), Plain: true},
		{Name: b.T("column.rule"), Plain: true}, {Name: b.T("column.text"), Plain: true},
	}}
	for _, a := range list {
		ended := format.Moment(a.EndedAt)
		if a.EndedAt == nil {
			ended = format.Text(b.T("alerts.goes_on")).WithMark("bad")
		}
		t.Rows = append(t.Rows, format.Row{Cells: []format.Cell{
			format.Moment(&a.OpenedAt), ended, format.Text(b.ruleName(a.Rule) + subjectOf(a)), format.Name(b.say(a.Text)),
		}})
	}
	return t
}
