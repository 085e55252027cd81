package block

import (
	"fmt"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
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
	end := endOfDay(feeds, b.Now)
	v.Hours = b.hourMarks(end)
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
		v.Feeds = append(v.Feeds, b.feedView(name, feed, end))
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

// feedView is a feed with the runs of 24 hours up to end as ticks, the oldest on the left.
func (b Builder) feedView(name string, feed figures.Feed, end time.Time) FeedView {
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
	for _, tick := range feed.Day {
		if x := placeInDay(tick.At, end); x >= 0 {
			v.Ticks = append(v.Ticks, TickView{X: fmt.Sprintf("%.1f", x), State: tick.Status})
		}
	}
	return v
}

// endOfDay is now, or the last run where that is later: a run may begin after the figures were read.
func endOfDay(feeds []figures.Feed, now time.Time) time.Time {
	for _, feed := range feeds {
		for _, tick := range feed.Day {
			if tick.At.After(now) {
				now = tick.At
			}
		}
	}
	return now
}

// placeInDay is where a moment stands on the line of 24 hours up to end, in per cent.
func placeInDay(t, end time.Time) float64 { return 100 * (1 - end.Sub(t).Hours()/24) }

// Marks of the hours, and how much of the line, in per cent, the word at its right end may take on a phone.
const (
	hoursApart = 6
	wordAtEnd  = 17
)

// hourMarks are 00, 06, 12 and 18 of the Moscow clock within 24 hours up to end, the oldest first, and now.
func (b Builder) hourMarks(end time.Time) []HourMark {
	end = end.In(sales.Moscow)
	at := time.Date(end.Year(), end.Month(), end.Day(), end.Hour()/hoursApart*hoursApart, 0, 0, 0, sales.Moscow)
	var marks []HourMark
	for at = at.Add(-18 * time.Hour); !at.After(end); at = at.Add(hoursApart * time.Hour) {
		x := placeInDay(at, end)
		mark := HourMark{X: fmt.Sprintf("%.1f", x)}
		if x < 100-wordAtEnd {
			mark.Text = at.Format("15")
		}
		marks = append(marks, mark)
	}
	return append(marks, HourMark{X: "100.0", Text: b.T("feeds.now")})
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
