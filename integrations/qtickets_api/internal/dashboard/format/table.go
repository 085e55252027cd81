package format

import (
	"strconv"
	"strings"
)

// Table is what a block shows as figures. The page, the «numbers» behind a chart and the CSV are all made from
// it, so they cannot differ.
type Table struct {
	Columns []Column
	Rows    []Row
	// Folded are the rows of the page where one of them may stand for several of Rows, which the files have; nil: the page
	// has Rows.
	Folded []Row
	// Limit is how many rows the page has, 0 for all; the CSV has them all.
	Limit int
	// Open is how many of them stand open, the others open under the table; 0: all stand open. Closed says what the others
	// are, beside their number.
	Open   int
	Closed string
	// Total is what the columns add up to, in a last row of the page, Blank where a column does not; files, which others
	// add up, have none. nil: no such row.
	Total []Cell
}

// Column is one column: Name stands above it.
type Column struct {
	Name string
	// Plain columns hold words, others figures and stand to the right.
	Plain bool
	// Extra columns are for the CSV: the page says the same in the line under another cell.
	Extra bool
	// Less columns are left out on a phone, where two lines must do; Bare ones need no name there.
	Less, Bare bool
	// Wide columns hold names of people, which need room.
	Wide bool
}

// Row is one row; its first cell is the header of the row.
type Row struct {
	Cells []Cell
	// Level is the depth in a tree: 0 for most rows.
	Level int
	// Mark says what is special about the row: "gap" for a hole in loading, "now", "bad".
	Mark string
	// Group is the heading above this row and the next ones of the same group; "": none.
	Group string
}

// Group is rows that follow each other under one heading, or the last row of what all add up to.
type Group struct {
	Name  string
	Rows  []Row
	Total bool
}

// Groups are the rows for the page, by their headings; one group without a name where there are none.
func (t *Table) Groups() []Group {
	groups := []Group{{}}
	for i, row := range t.shown() {
		if i > 0 && row.Group != groups[len(groups)-1].Name {
			groups = append(groups, Group{})
		}
		last := &groups[len(groups)-1]
		last.Name = row.Group
		last.Rows = append(last.Rows, row)
	}
	if t.Total != nil {
		groups = append(groups, Group{Rows: []Row{{Cells: t.Total}}, Total: true})
	}
	return groups
}

// AddUp sets what the columns add up to; one row is its own total.
func (t *Table) AddUp(total ...Cell) {
	if len(t.Rows) > 1 {
		t.Total = total
	}
}

func (t *Table) shown() []Row {
	rows := t.onPage()
	return rows[:len(rows)-len(t.Rest())]
}

// Rest are the rows of the page that open under it.
func (t *Table) Rest() []Row {
	if rows := t.onPage(); t.Open > 0 && len(rows) > t.Open {
		return rows[t.Open:]
	}
	return nil
}

func (t *Table) onPage() []Row {
	rows := t.lines()
	if t.TruncatedFrom() > 0 {
		rows = rows[:t.Limit]
	}
	return rows
}

// lines are the rows as the page tells them, all of them.
func (t *Table) lines() []Row {
	if t.Folded != nil {
		return t.Folded
	}
	return t.Rows
}

// TruncatedFrom is how many rows there are when the page leaves some out, else 0.
func (t *Table) TruncatedFrom() int {
	if n := len(t.lines()); t.Limit > 0 && n > t.Limit {
		return n
	}
	return 0
}

// ShownColumns are those of the page, without the extra ones of the CSV.
func (t *Table) ShownColumns() int {
	n := 0
	for _, c := range t.Columns {
		if !c.Extra {
			n++
		}
	}
	return n
}

// Class of the row.
func (r Row) Class() string {
	if r.Level > 0 {
		return strings.TrimSpace(r.Mark + " l" + strconv.Itoa(r.Level))
	}
	return r.Mark
}
