package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "lead", Screen: address.Channels, Order: 50, Half: true}, (*figures.Store).Lead, Builder.lead)

func (b Builder) lead(v *View, lead figures.Lead) {
	if lead.Total == 0 {
		v.Empty = b.T("period.nothing")
		return
	}
	var best figures.LeadStep // of the shows whose date is known
	var most int64
	v.Table = &format.Table{Columns: b.columns("column.lead", "column.tickets", "column.share")}
	for _, s := range lead.Steps {
		most = max(most, s.Tickets)
		if s.Tickets > best.Tickets && !s.Unknown {
			best = s
		}
	}
	for _, s := range lead.Steps {
		v.Table.Rows = append(v.Table.Rows, format.Row{Cells: []format.Cell{
			format.Text(b.leadName(s)), format.Count(s.Tickets).WithBar(float64(s.Tickets), float64(most)),
			format.Percent(s.Share),
		}})
	}
	if best.Tickets > 0 {
		v.Title = b.T("lead.heading", b.leadName(best), b.Cell(format.Percent(best.Share)))
	}
}

func (b Builder) leadName(s figures.LeadStep) string {
	switch {
	case s.Unknown:
		return b.T("lead.unknown")
	case s.To == nil:
		return b.T("lead.more", s.From)
	case *s.To == 0:
		return b.T("lead.same_day")
	default:
		return b.T("lead.range", s.From, *s.To)
	}
}
