package block

import (
	"fmt"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "feeds", Screen: address.Data, Order: 20}, (*figures.Store).Feeds, Builder.feeds)

func (b Builder) feeds(v *View, all figures.Feeds) {
	feeds := all.Feeds
	v.Note = b.T("feeds.note")
	t := &format.Table{Columns: []format.Column{
		{Name: b.T("column.feed"), Plain: true}, {Name: b.T("column.as_of"), Plain: true},
		{Name: b.T("column.last_run"), Plain: true},
		{Name: b.T("column.status"), Plain: true}, {Name: b.T("column.duration")}, {Name: b.T("column.rows")},
		{Name: b.T("column.failed")},
		{Name: b.T("column.runs_day")}, {Name: b.T("column.rows_day")}, {Name: b.T("column.fails_day")},
	}}
	var bad []string
	partial := false
	for _, feed := range feeds {
		name := b.TOr("feed."+string(feed.Name), string(feed.Name))
		row := format.Row{Cells: []format.Cell{format.Text(name), format.Moment(feed.AsOf)}}
		if run := feed.LastRun; run != nil {
			row.Cells = append(row.Cells, format.Moment(&run.StartedAt), format.Text(b.TOr("status."+run.Status, run.Status)),
				format.Duration(run.Duration))
			partial = partial || run.Status == "partial"
			if run.Status == "failed" || feed.Failed > 0 {
				bad = append(bad, name)
			}
		} else {
			row.Cells = append(row.Cells, format.Cell{}, format.Cell{}, format.Cell{})
		}
		row.Cells = append(row.Cells, format.Count(feed.Rows), format.Count(feed.Failed), format.Count(len(feed.Day)),
			format.Count(feed.DayRows), format.Count(feed.DayFails))
		t.Rows = append(t.Rows, row)
		v.Feeds = append(v.Feeds, b.feedView(name, feed))
	}
	switch {
	case len(feeds) == 0:
		v.Empty = b.T("runs.empty")
		return
	case len(bad) > 0:
		v.Title = b.T("feeds.bad", strings.Join(bad, ", "))
	case partial:
		v.Title = b.T("feeds.partial")
	default:
		v.Title = b.T("feeds.good")
	}
	v.Table = t
}

// feedView is a feed with the runs of 24 hours as ticks, the oldest on the left.
func (b Builder) feedView(name string, feed figures.Feed) FeedView {
	v := FeedView{Name: name, AsOf: format.Unknown, Last: b.T("feeds.never"), State: "unknown", Sign: "?"}
	if feed.AsOf != nil {
		v.AsOf = b.Moment(*feed.AsOf, b.Now)
	}
	if run := feed.LastRun; run != nil {
		v.State, v.Sign = run.Status, statusSign(run.Status)
		v.Last = fmt.Sprintf("%s, %s", b.TOr("status."+run.Status, run.Status), b.Duration(run.Duration))
		v.Rows = b.T("feeds.rows", feed.Rows)
	}
	v.Says = b.T("feeds.day", len(feed.Day), feed.DayFails)
	end := b.Now
	for _, tick := range feed.Day {
		if tick.At.After(end) {
			end = tick.At
		}
	}
	for _, tick := range feed.Day {
		x := 100 * (1 - end.Sub(tick.At).Hours()/24)
		if x >= 0 {
			v.Ticks = append(v.Ticks, TickView{X: fmt.Sprintf("%.1f", x), State: tick.Status})
		}
	}
	return v
}

// statusSign tells a state by its form, not by its colour alone.
func statusSign(status string) string {
	switch status {
	case "ok":
		return "●"
	case "partial":
		return "◐"
	case "running":
		return "○"
	case "failed":
		return "▲"
	default:
		return "?"
	}
}
