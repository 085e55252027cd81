package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/contract"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "assumptions", Screen: address.Data, Order: 55}, (*figures.Store).Assumptions,
	Builder.assumptions)

// assumptions lists what is assumed about the API: the refuted first, then what nobody has seen.
func (b Builder) assumptions(v *View, lines []figures.AssumptionLine) {
	stored := map[contract.ID]figures.AssumptionLine{}
	for _, l := range lines {
		stored[contract.ID(l.ID)] = l
	}
	t := &format.Table{Columns: []format.Column{
		{Name: b.T("column.assumes"), Plain: true, Wide: true}, {Name: b.T("column.assumption_state"), Plain: true},
		{Name: b.T("column.affects"), Plain: true}, {Name: b.T("column.evidence"), Plain: true},
		{Name: b.T("column.seen_at"), Plain: true},
	}}
	count := map[contract.State]int{}
	for _, group := range []struct {
		state      contract.State
		sign, mark string
	}{{contract.Refuted, "▲ ", "bad"}, {contract.NotSeen, "○ ", ""}, {contract.Confirmed, "● ", ""}} {
		for _, q := range contract.Questions() {
			l, known := stored[q.ID]
			if !known {
				l.State = string(contract.NotSeen)
			}
			if l.State != string(group.state) {
				continue
			}
			count[group.state]++
			t.Rows = append(t.Rows, format.Row{Cells: []format.Cell{
				format.Text(q.Assumes.In(string(b.Locale))),
				format.Text(group.sign + b.T("assumption."+l.State)).WithMark(group.mark),
				format.Text(q.Affects.In(string(b.Locale))), format.Text(b.evidence(&q, l)), format.Moment(l.SeenAt),
			}})
		}
	}
	v.Title = b.T("assumptions.heading", count[contract.Refuted], count[contract.NotSeen],
		count[contract.Confirmed])
	v.Note = b.T("assumptions.note")
	v.Table = t
}

// evidence says what was counted, or why nothing can be.
func (b Builder) evidence(q *contract.Question, l figures.AssumptionLine) string {
	switch {
	case !q.Visible():
		return q.Unseen.In(string(b.Locale))
	case l.For+l.Against == 0:
		return b.T("assumptions.none")
	default:
		return b.T("assumptions.evidence", q.For.In(string(b.Locale)), l.For, q.Against.In(string(b.Locale)), l.Against)
	}
}
