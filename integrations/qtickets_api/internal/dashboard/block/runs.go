package block

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var _ = define(Block{ID: "runs", Screen: address.Data, Order: 30, Question: "feeds"}, (*figures.Store).Feeds,
	Builder.runs)

// shownRuns is how many lines of the log are seen at once.
const shownRuns = 10

func (b Builder) runs(v *View, feeds figures.Feeds) {
	runs := feeds.Runs
	if len(runs) == 0 {
		v.Empty = b.T("runs.empty")
		return
	}
	v.Title = b.T("runs.heading", len(runs))
	v.Table = &format.Table{Open: shownRuns, Columns: []format.Column{
		{Name: b.T("column.started"), Plain: true}, {Name: b.T("column.mode"), Plain: true},
		{Name: b.T("column.status"), Plain: true}, {Name: b.T("column.orders")}, {Name: b.T("column.duration")},
		{Name: b.T("column.published"), Plain: true, Extra: true}, {Name: b.T("column.text"), Plain: true},
	}}
	for _, run := range runs {
		v.Table.Rows = append(v.Table.Rows, b.run(run, format.Moment(&run.StartedAt)))
	}
	for _, line := range logLines(runs) {
		row := b.run(line[0], format.Text(b.ClockSeconds(line[0].StartedAt)))
		if len(line) > 1 {
			row = b.runsOfHour(line)
		}
		row.Group = b.DayOfWeek(line[0].StartedAt.In(sales.Moscow))
		v.Table.Folded = append(v.Table.Folded, row)
	}
}

// logLines are the runs of each line of the log, newest first as they are: runs after webhooks that follow each other,
// all succeeded and began in one hour of the Moscow clock are one line.
func logLines(runs []figures.Run) [][]figures.Run {
	folds := func(r figures.Run) bool { return r.Mode == "webhook" && r.Status == "ok" }
	hour := func(r figures.Run) time.Time { return r.StartedAt.Truncate(time.Hour) }
	var lines [][]figures.Run
	for i, run := range runs {
		if i > 0 && folds(run) && folds(runs[i-1]) && hour(run).Equal(hour(runs[i-1])) {
			last := &lines[len(lines)-1]
			*last = append(*last, run)
		} else {
			lines = append(lines, []figures.Run{run})
		}
	}
	return lines
}

// run is the row of one run.
func (b Builder) run(run figures.Run, started format.Cell) format.Row {
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
	return format.Row{Cells: []format.Cell{started, format.Text(b.TOr("mode."+run.Mode, run.Mode)), status,
		format.Count(run.Orders), duration, format.Text(published), format.Name(b.say(run.Message))}}
}

// runsOfHour is the row of several runs that succeeded; the files tell of each whether it was published.
func (b Builder) runsOfHour(runs []figures.Run) format.Row {
	first, last := runs[len(runs)-1].StartedAt, runs[0].StartedAt
	var longest time.Duration
	var orders uint64
	for _, run := range runs {
		longest, orders = max(longest, run.Duration), orders+run.Orders
	}
	started := b.Clock(first)
	if b.Clock(last) != started {
		started += "–" + b.Clock(last)
	}
	return format.Row{Cells: []format.Cell{format.Text(started),
		format.Text(b.TOr("mode."+runs[0].Mode, runs[0].Mode)),
		format.Text(statusSign("ok") + " " + b.T("runs.good", len(runs))), format.Count(orders),
		format.Text(b.T("runs.longest", b.Duration(longest))), {}, format.Text(b.T("runs.each"))}}
}
