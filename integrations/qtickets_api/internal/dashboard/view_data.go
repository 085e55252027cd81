package dashboard

import (
	"fmt"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

func (b builder) feedsBlock() Block {
	block, ok := made(b, "feeds", b.d.feeds)
	if !ok {
		return block
	}
	feeds := b.d.feeds.value.Feeds
	block.Note = b.T("feeds.note")
	t := &Table{Columns: []Column{
		{Name: b.T("column.feed"), Plain: true}, {Name: b.T("column.as_of"), Plain: true}, {Name: b.T("column.last_run"), Plain: true},
		{Name: b.T("column.status"), Plain: true}, {Name: b.T("column.duration")}, {Name: b.T("column.rows")}, {Name: b.T("column.failed")},
		{Name: b.T("column.runs_day")}, {Name: b.T("column.rows_day")}, {Name: b.T("column.fails_day")},
	}}
	var bad []string
	partial := false
	for _, feed := range feeds {
		name := b.known("feed."+string(feed.Name), string(feed.Name))
		row := Row{Cells: []Cell{textCell(name), momentCell(feed.AsOf)}}
		if run := feed.LastRun; run != nil {
			row.Cells = append(row.Cells, momentCell(&run.StartedAt), textCell(b.known("status."+run.Status, run.Status)), lastedCell(run.Duration))
			partial = partial || run.Status == "partial"
			if run.Status == "failed" || feed.Failed > 0 {
				bad = append(bad, name)
			}
		} else {
			row.Cells = append(row.Cells, Cell{}, Cell{}, Cell{})
		}
		row.Cells = append(row.Cells, countCell(feed.Rows), countCell(feed.Failed), countCell(len(feed.Day)), countCell(feed.DayRows), countCell(feed.DayFails))
		t.Rows = append(t.Rows, row)
		block.Feeds = append(block.Feeds, b.feedView(name, feed))
	}
	switch {
	case len(feeds) == 0:
		block.Empty = b.T("runs.empty")
		return block
	case len(bad) > 0:
		block.Title = b.T("feeds.bad", strings.Join(bad, ", "))
	case partial:
		block.Title = b.T("feeds.partial")
	default:
		block.Title = b.T("feeds.good")
	}
	block.Table = t
	return block
}

// feedView is a feed with the runs of 24 hours as ticks, the oldest on the left.
func (b builder) feedView(name string, feed figures.Feed) FeedView {
	v := FeedView{Name: name, AsOf: unknown, Last: b.T("feeds.never"), State: "unknown", Sign: "?"}
	if feed.AsOf != nil {
		v.AsOf = b.Moment(*feed.AsOf, b.now)
	}
	if run := feed.LastRun; run != nil {
		v.State, v.Sign = run.Status, statusSign(run.Status)
		v.Last = fmt.Sprintf("%s, %s", b.known("status."+run.Status, run.Status), b.Duration(run.Duration))
		v.Rows = b.T("feeds.rows", feed.Rows)
	}
	v.Says = b.T("feeds.day", len(feed.Day), feed.DayFails)
	end := b.now
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

func (b builder) runsBlock() Block {
	block, ok := made(b, "runs", b.d.feeds)
	if !ok {
		return block
	}
	runs := b.d.feeds.value.Runs
	if len(runs) == 0 {
		block.Empty = b.T("runs.empty")
		return block
	}
	t := &Table{Columns: []Column{
		{Name: b.T("column.started"), Plain: true}, {Name: b.T("column.mode"), Plain: true}, {Name: b.T("column.status"), Plain: true},
		{Name: b.T("column.duration")}, {Name: b.T("column.published"), Plain: true}, {Name: b.T("column.text"), Plain: true},
	}}
	for _, run := range runs {
		status := textCell(statusSign(run.Status) + " " + b.known("status."+run.Status, run.Status))
		if run.Status == "failed" {
			status = status.mark("bad")
		}
		duration := lastedCell(run.Duration)
		if run.FinishedAt == nil {
			duration = Cell{kind: kindDuration}
		}
		published := b.T("no")
		if run.Published {
			published = b.T("yes")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{momentCell(&run.StartedAt), textCell(b.known("mode."+run.Mode, run.Mode)), status, duration, textCell(published), namedCell(run.Message)}})
	}
	block.Title = b.T("runs.heading", len(runs))
	block.Table = t
	return block
}

func (b builder) quarantineBlock() Block {
	block, ok := made(b, "quarantine", b.d.refused)
	if !ok {
		return block
	}
	q := b.d.refused.value
	if q.Total == 0 {
		block.Title = b.T("quarantine.none")
		return block
	}
	block.Title, block.Note = b.T("quarantine.heading", q.Total), b.T("quarantine.note")
	t := &Table{Columns: []Column{
		{Name: b.T("column.feed"), Plain: true}, {Name: b.T("column.text"), Plain: true}, {Name: b.T("column.rows")},
		{Name: b.T("column.oldest"), Plain: true}, {Name: b.T("column.newest"), Plain: true},
	}}
	for _, line := range q.Rows {
		t.Rows = append(t.Rows, Row{Cells: []Cell{namedCell(line.Feed), namedCell(line.Reason), countCell(line.Count), momentCell(&line.Oldest), momentCell(&line.Newest)}})
	}
	block.Table = t
	return block
}

func (b builder) historyBlock() Block {
	block, ok := made(b, "history", b.d.history)
	if !ok {
		return block
	}
	if len(b.d.history.value) == 0 {
		block.Title = b.T("history.none")
		return block
	}
	block.Title = b.T("history.heading", len(b.d.history.value))
	block.Table = b.alertTable(b.d.history.value)
	return block
}

func (b builder) glossaryBlock() Block {
	terms := Glossary(b.lang)
	t := &Table{Columns: []Column{
		{Name: b.T("column.term"), Plain: true}, {Name: b.T("column.definition"), Plain: true},
		{Name: b.T("column.view"), Plain: true}, {Name: b.T("column.cabinet"), Plain: true},
	}}
	for _, term := range terms {
		t.Rows = append(t.Rows, Row{Cells: []Cell{textCell(term.Name), textCell(term.Definition), textCell(term.View), textCell(term.Cabinet)}})
	}
	return Block{ID: "glossary", Title: b.T("glossary.title"), Terms: terms, Table: t}
}

// freshView is the line that is always in sight.
type freshView struct {
	State, Sign, Text, Why string
	At                     time.Time
}

// freshLine says up to when the figures are complete and whether that is as usual: by a form, a word and a
// colour.
func (f format) freshLine(sight sight) freshView {
	fresh, now := sight.fresh, sight.at
	v := freshView{State: string(fresh.State), At: fresh.AsOf, Sign: map[figures.FreshnessState]string{figures.Fresh: "●", figures.Late: "◐", figures.Stale: "▲"}[fresh.State]}
	v.Text = f.T("fresh.as_of", f.Moment(fresh.AsOf, now)) + " · " + f.T("fresh."+string(fresh.State))
	if sight.problem == problemAway { // how fresh it is, nobody can tell
		v.State, v.Sign = "away", "▲"
		v.Text = f.T("fresh.as_of", f.Moment(fresh.AsOf, now)) + " · " + f.T("fresh.away")
		return v
	}
	usual := ""
	if fresh.MedianGap != nil {
		usual = f.Duration(fresh.MedianGap.Round(time.Minute))
	}
	switch fresh.Reason {
	case figures.ReasonNone:
	case figures.ReasonNoLoad:
		v.Why = f.T("fresh.why.no_load", usual)
	default:
		v.Why = f.T("fresh.why." + string(fresh.Reason))
	}
	return v
}

// Term is a line of the glossary.
type Term struct {
	Key        string
	Name       string
	Definition string
	View       string // where the figure comes from
	Cabinet    string // why QTickets' own cabinet may show another; "": it should not
}
