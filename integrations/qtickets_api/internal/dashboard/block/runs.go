package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "runs", Screen: address.Data, Order: 30, Question: "feeds"}, (*figures.Store).Feeds,
	Builder.runs)

func (b Builder) runs(v *View, feeds figures.Feeds) {
	runs := feeds.Runs
	if len(runs) == 0 {
		v.Empty = b.T("runs.empty")
		return
	}
	t := &format.Table{Columns: []format.Column{
		{Name: b.T("column.started"), Plain: true}, {Name: b.T("column.mode"), Plain: true},
		{Name: b.T("column.status"), Plain: true},
		{Name: b.T("column.duration")}, {Name: b.T("column.published"), Plain: true}, {Name: b.T("column.text"), Plain: true},
	}}
	for _, run := range runs {
		status := format.Text(statusSign(run.Status) + " " + b.TOr("status."+run.Status, run.Status))
		if run.Status == "failed" {
			status = status.WithMark("bad")
		}
		duration := format.Duration(run.Duration)
		if run.FinishedAt == nil {
			duration = format.Cell{}
		}
		published := b.T("no")
		if run.Published {
			published = b.T("yes")
		}
		t.Rows = append(t.Rows, format.Row{Cells: []format.Cell{format.Moment(&run.StartedAt),
			format.Text(b.TOr("mode."+run.Mode, run.Mode)), status, duration, format.Text(published),
			format.Name(b.say(run.Message))}})
	}
	v.Title = b.T("runs.heading", len(runs))
	v.Table = t
}
