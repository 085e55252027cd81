package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "quarantine", Screen: address.Data, Order: 40}, (*figures.Store).Quarantine,
	Builder.quarantine)

func (b Builder) quarantine(v *View, q figures.Quarantine) {
	if q.Total == 0 {
		v.Title = b.T("quarantine.none")
		return
	}
	v.Title, v.Note = b.T("quarantine.heading", q.Total), b.T("quarantine.note")
	t := &format.Table{Columns: []format.Column{
		{Name: b.T("column.feed"), Plain: true}, {Name: b.T("column.text"), Plain: true}, {Name: b.T("column.rows")},
		{Name: b.T("column.oldest"), Plain: true}, {Name: b.T("column.newest"), Plain: true},
	}}
	for _, line := range q.Rows {
		t.Rows = append(t.Rows, format.Row{Cells: []format.Cell{
			format.Name(b.say(line.Feed)), format.Name(b.say(line.Reason)), format.Count(line.Count),
			format.Moment(&line.Oldest), format.Moment(&line.Newest)}})
	}
	v.Table = t
}
