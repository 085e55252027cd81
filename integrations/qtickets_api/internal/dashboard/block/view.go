package block

import (
	"slices"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

// View is a block as a template shows it: a heading that is the answer in words, and the figures behind it.
type View struct {
	format.Locale
	ID    string // also the name of its files
	Title string
	Note  string // one line under the heading
	// Failed says that this block alone could not be computed; nothing else is shown then.
	Failed string
	// Empty says why there is nothing to show.
	Empty string
	// hidden leaves the block out.
	hidden bool

	Cards    []CardView
	Lines    []Line
	Chart    *format.Chart
	Under    string // one line under the chart
	Legend   []Key
	Table    *format.Table
	Hall     *HallView
	Feeds    []FeedView
	Hours    []HourMark // of the day that Feeds draw
	Terms    []Term
	Switch   []Link // tickets or money
	Heading  *EventHead
	Forms    []PlanForm
	LinkForm *LinkForm
	Grants   *Grants
	CSV      string // address of the table, and XLSX the same as a workbook
	XLSX     string
	Half     bool // two such blocks stand side by side where there is room
	Compact  bool // a table of short rows
}

// CardView is one big figure.
type CardView struct {
	Label   string
	Value   string
	Trend   string // "up", "down", "even" or "": nothing to compare with
	Change  string
	Note    string
	More    []MoreView // the same in other currencies
	Href    string
	Why     string // address of what the figure is made of
	UpIsBad bool   // up is bad, as with refunds
	Warning string
	Meter   *Meter
}

// MoreView is a figure under another one.
type MoreView struct{ Value, Why string }

// Meter is a bar of what is reached with a mark on it, and where its end is expected; in per cent of its width.
type Meter struct {
	Fill, Mark  string
	From, Width string // "": that cannot be told
}

// Arrow shows a trend by its form, not by its colour alone.
func (c CardView) Arrow() string {
	return map[string]string{"up": "▲", "down": "▼", "even": "="}[c.Trend]
}

// Line is an alert.
type Line struct {
	Text string
	Note string
	Next string // what to do
	Open bool
}

// Key is an entry of a chart's legend.
type Key struct{ Style, Text string }

// Link is a choice that is an address.
type Link struct {
	Text    string
	Href    string
	Current bool
	Key     string // of the keyboard
}

// EventHead is the top of the event screen.
type EventHead struct {
	Name  string
	Where string
	When  string
	Shows []Link
	Facts []CardView
	More  Link // one level aside: its channels
}

// FeedView is one feed with its day of runs.
type FeedView struct {
	Name, AsOf, Last, Rows, State, Sign string
	Ticks                               []TickView
	Says                                string // the day in words
}

// TickView is a run on the line of a day.
type TickView struct {
	X     string // 0 to 100
	State string
}

// HourMark is an hour on the line of a day; Text is "" where there is no room for it.
type HourMark struct{ X, Text string }

// Behind reports whether the table opens behind a chart or cards.
func (v View) Behind() bool {
	return v.Chart != nil || v.Empty != "" || v.Cards != nil || v.Feeds != nil || v.Terms != nil || v.Lines != nil ||
		v.Heading != nil || v.Hall != nil
}

// Rest is the part of the table that opens under it; nil: there is none.
func (v View) Rest() *View {
	rows := v.Table.Rest()
	if rows == nil {
		return nil
	}
	table := *v.Table
	table.Folded, table.Limit, table.Open, table.Total = rows, 0, 0, nil
	v.Title = Joined(": ", v.T("rows.rest", len(rows)), table.Closed)
	v.Table = &table
	return &v
}

// stackedFrom is how many columns a narrow screen cannot show side by side.
const stackedFrom = 4

// Stack reports whether rows take two lines where there is no room for one.
func (v View) Stack() bool { return !v.Compact && v.Table.ShownColumns() >= stackedFrom }

// TableClass of the block's table.
func (v View) TableClass() string {
	var list []string
	if v.Stack() {
		list = append(list, "stack")
	}
	if v.Compact {
		list = append(list, "grid")
	}
	wordy := slices.ContainsFunc(v.Table.Columns[1:], func(c format.Column) bool { return c.Plain && !c.Extra })
	if wordy {
		list = append(list, "wordy")
	}
	if v.Stack() && (wordy || v.Table.ShownColumns() > 7 || v.Table.Columns[0].Wide) {
		list = append(list, "many")
	}
	return strings.Join(list, " ")
}
