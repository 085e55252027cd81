package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "no-shows", Screen: address.Event, Order: 70, OneShow: true, Question: "entries"},
	(*figures.Store).Entries, Builder.noShows)

// leastOfGroup is how many tickets a group must have to stand in a heading.
const leastOfGroup = 10

func (b Builder) noShows(v *View, e figures.Entries) {
	if e.Came == 0 {
		v.hidden = true
		return
	}
	v.Table = &format.Table{Columns: b.columns("column.buyers", "column.sold", "column.came", "column.no_shows"),
		Limit: 16}
	v.Table.Columns[0].Wide = true
	v.Table.Columns = append(v.Table.Columns, format.Column{Name: b.T("column.cut"), Plain: true, Extra: true})
	var worst *figures.EntryGroup
	name := ""
	all := b.numbers().ofShow(e.Show.EventID, e.Show.ShowID)
	add := func(cut string, groups []figures.EntryGroup, call func(figures.EntryGroup) string) {
		for i, g := range groups {
			sold := format.Count(g.Sold)
			if g.Currency == "" { // of a source; a movement has no prices of its tickets
				sold = all.of(figures.ByUTM, g.Source).link(sold, figures.FigureSold, "")
			}
			if g.Sold >= leastOfGroup && (worst == nil || g.NoShows.GreaterThan(worst.NoShows)) {
				worst, name = &groups[i], call(g)
			}
			v.Table.Rows = append(v.Table.Rows, format.Row{Cells: []format.Cell{
				format.Name(call(g)), sold, format.Count(g.Came),
				format.Percent(&g.NoShows).WithBar(g.NoShows.InexactFloat64(), 1), format.Text(cut),
			}})
		}
	}
	add(b.T("column.price"), e.Prices, b.priceGroup)
	add(b.T("column.source"), e.Channels, b.sourceGroup)
	if e.Show.Over && worst != nil && worst.NoShows.IsPositive() {
		v.Title = b.T("no-shows.heading", name, b.PercentRounded(worst.NoShows))
	}
	if !e.Show.Over {
		v.Note = b.T("no-shows.going")
	}
}

func (b Builder) priceGroup(g figures.EntryGroup) string {
	if g.To.IsZero() {
		return b.T("no-shows.free")
	}
	return b.T("no-shows.price", b.MoneyRounded(g.From, g.Currency), b.MoneyRounded(g.To, g.Currency))
}

func (b Builder) sourceGroup(g figures.EntryGroup) string {
	if g.Source == "" {
		return b.T("mark.none")
	}
	return format.Isolate(g.Source)
}
