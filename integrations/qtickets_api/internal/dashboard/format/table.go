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
	// Limit is how many rows the page shows, 0 for all; the CSV has them all.
	Limit int
	// Total is what the last column adds up to, in a last row of the page; files, which others add up, have none. nil: no
	// such row.
	Total *Cell
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
}

// Shown are the rows for the page.
func (t *Table) Shown() []Row {
	if t.Limit > 0 && len(t.Rows) > t.Limit {
		return t.Rows[:t.Limit]
	}
	return t.Rows
}

// TruncatedFrom is how many rows there are when not all are shown, else 0.
func (t *Table) TruncatedFrom() int {
	if len(t.Shown()) == len(t.Rows) {
		return 0
	}
	return len(t.Rows)
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

// BesideTotal is how many columns the name of the total takes.
func (t *Table) BesideTotal() int { return t.ShownColumns() - 1 }

// Class of the row.
func (r Row) Class() string {
	if r.Level > 0 {
		return strings.TrimSpace(r.Mark + " l" + strconv.Itoa(r.Level))
	}
	return r.Mark
}
