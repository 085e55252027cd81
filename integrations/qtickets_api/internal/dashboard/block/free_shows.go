package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "free-shows", Screen: address.Channels, Order: 34, Half: true}, (*figures.Store).FreeShows,
	Builder.freeShows)

func (b Builder) freeShows(v *View, free figures.FreeShows) {
	if free.Free == 0 {
		v.Empty = b.T("free-shows.none")
		return
	}
	v.Note = b.T("free-shows.note")
	v.Title = b.T("free-shows.heading", free.Free, len(free.Shows))
	v.Table = &format.Table{Columns: b.columns("column.show", "column.free", "column.tickets", "column.share"), Limit: 7}
	for _, one := range free.Shows {
		all := b.numbers().ofShow(one.Show.EventID, one.Show.ShowID).in(free.Span)
		share := format.Percent(&one.Share).WithBar(one.Share.InexactFloat64(), 1)
		if one.TooMuch {
			share = share.WithMark("over")
		}
		v.Table.Rows = append(v.Table.Rows, format.Row{Cells: []format.Cell{
			format.Name(b.showName(one.Show)).WithLink(b.Params.ToEvent(one.Show.EventID, one.Show.ShowID)),
			all.link(format.Count(one.Free), figures.FigureFree, ""),
			all.link(format.Count(one.Tickets), figures.FigureTickets, ""), share,
		}})
	}
	total := b.numbers().in(free.Span).link(format.Count(free.Free), figures.FigureFree, "")
	v.Table.AddUp(b.totalName(), total, format.Blank(), format.Blank())
}

// showName tells a show from others in few words: the event and the day.
func (b Builder) showName(s figures.ShowLine) string {
	if s.LocalDate == nil {
		return s.Event
	}
	return Joined(", ", s.Event, b.Day(*s.LocalDate))
}
