package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "backups", Screen: address.Data, Order: 57}, (*figures.Store).Backups, Builder.backups)

// backups stand only where somebody makes them with the operator's scripts.
func (b Builder) backups(v *View, lines []figures.BackupLine) {
	v.hidden = len(lines) == 0
	v.Note = b.T("backups.note")
	t := &format.Table{Columns: []format.Column{{Name: b.T("column.backup"), Plain: true},
		{Name: b.T("column.backup_good"), Plain: true}, {Name: b.T("column.backup_failed"), Plain: true},
		{Name: b.T("column.backup_copy"), Plain: true}}}
	for _, l := range lines {
		failed := format.Moment(l.FailedAt)
		if l.FailedAt != nil {
			failed = failed.WithMark("bad")
		}
		t.Rows = append(t.Rows, format.Row{Cells: []format.Cell{format.Text(b.TOr("backups."+l.Kind, l.Kind)),
			format.Moment(l.GoodAt), failed, format.Name(l.Copy)}})
	}
	v.Table = t
}
