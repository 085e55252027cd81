package block

import (
	"math"
	"strconv"

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
	all := b.numbers().in(lead.Span)
	for _, s := range lead.Steps {
		tickets := format.Count(s.Tickets).WithBar(float64(s.Tickets), float64(most))
		v.Table.Rows = append(v.Table.Rows, format.Row{Cells: []format.Cell{
			format.Text(b.leadName(s)), all.of(figures.ByLead, leadKeys(s)...).link(tickets, figures.FigureTickets, ""),
			format.Percent(s.Share),
		}})
	}
	v.Table.AddUp(b.totalName(), all.link(format.Count(lead.Total), figures.FigureTickets, ""), format.Blank())
	if best.Tickets > 0 {
		v.Title = b.T("lead.heading", b.leadName(best), b.Cell(format.Percent(best.Share)))
	}
}

// leadKeys are the first and the last number of days left of a step, as figures.ByLead has them.
func leadKeys(s figures.LeadStep) []string {
	from, to := s.From, math.MaxInt32
	switch {
	case s.Unknown:
		from, to = -1, -1
	case s.To != nil:
		to = *s.To
	}
	return []string{strconv.Itoa(from), strconv.Itoa(to)}
}

// leadOf is the step of these keys.
func leadOf(first, last string) figures.LeadStep {
	from, _ := strconv.Atoi(first) // the address was read
	to, _ := strconv.Atoi(last)
	if to == math.MaxInt32 {
		return figures.LeadStep{From: from}
	}
	return figures.LeadStep{From: from, To: &to, Unknown: from < 0}
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
