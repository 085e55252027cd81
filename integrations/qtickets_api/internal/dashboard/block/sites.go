package block

import (
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "sites", Screen: address.Channels, Order: 65, Half: true}, (*figures.Store).Sites,
	Builder.sites)

func (b Builder) sites(v *View, sites figures.Sites) {
	if len(sites.Sites) == 0 {
		v.Empty = b.T("period.nothing")
		return
	}
	v.Note = b.span(sites.Span)
	if first := sites.Sites[0]; first.Name != "" && first.Share != nil {
		v.Title = b.T("sites.heading", b.siteName(first.Name), b.PercentRounded(*first.Share))
	}
	var all []figures.Totals
	for _, s := range sites.Sites {
		all = append(all, s.Totals)
	}
	currencies, sum := currenciesOf(all...), figures.SumOf(all...)
	v.Table = &format.Table{Columns: b.columns("column.site", "column.tickets", "column.share"), Limit: 12}
	for i, c := range currencies {
		v.Table.Columns = append(v.Table.Columns, format.Column{Name: b.T("column.gross", c), Extra: i > 0},
			format.Column{Name: b.T("column.refunds", c), Extra: i > 0},
			format.Column{Name: b.T("column.net_in", c), Extra: i > 0})
	}
	compared := sites.Span.BeforeFrom != nil
	if compared {
		v.Table.Columns = append(v.Table.Columns, format.Column{Name: b.T("column.before"), Less: true},
			format.Column{Name: b.T("column.change")})
	}
	line := func(n numbers, s figures.Site, name, share format.Cell) []format.Cell {
		n = n.in(sites.Span)
		cells := []format.Cell{name, n.link(format.Count(s.Tickets), figures.FigureTickets, ""), share}
		cells = append(cells, underMain(currencies, func(c string) []format.Cell {
			return append(grossAndRefunds(s.In(c), sum.In(c), n),
				n.link(format.Money(s.In(c).Net(), c), figures.FigureRevenue, c))
		})...)
		if compared {
			cells = append(cells, beforeCell(s.Before, n.before(sites.Span)), changeCell(s.Tickets, s.Before))
		}
		return cells
	}
	for _, s := range sites.Sites {
		name := format.Name(b.siteName(s.Name))
		if s.Name == "" {
			name = name.WithMark("quiet")
		}
		cells := line(b.numbers().of(figures.BySite, s.Name), s, name, format.Percent(s.Share))
		v.Table.Rows = append(v.Table.Rows, format.Row{Cells: cells})
	}
	total := figures.Site{Totals: sum,
		Before: sumOfBefore(sites.Sites, func(s figures.Site) *figures.Totals { return s.Before })}
	v.Table.AddUp(line(b.numbers(), total, b.totalName(), format.Blank())...)
}

// siteName is the address of a site, or what else is known of it.
func (b Builder) siteName(name string) string {
	number, only := strings.CutPrefix(name, "#")
	switch {
	case name == "":
		return b.T("sites.unknown")
	case only:
		return b.T("sites.number", format.Sanitize(number))
	default:
		return format.Isolate(name)
	}
}
