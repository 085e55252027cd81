package dashboard

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// two things for a template that takes one.
type two struct{ First, Second any }

func pair(first, second any) two { return two{first, second} }

// capital begins a heading.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// Arrow tells a trend by its form.
func (c CardView) Arrow() string {
	return map[string]string{"up": "▲", "down": "▼", "even": "="}[c.Trend]
}

// Behind tells a table that stands behind its chart.
func (b Block) Behind() bool {
	return b.Chart != nil || b.Cards != nil || b.Feeds != nil || b.Terms != nil || b.Lines != nil || b.Heading != nil
}

// stackedFrom is how many columns a narrow screen cannot show side by side.
const stackedFrom = 4

// Stack tells a table whose rows take two lines where there is no room for one.
func (b Block) Stack() bool { return !b.Compact && b.Table.shownColumns() >= stackedFrom }

// TableClass of the block's table.
func (b Block) TableClass() string {
	var list []string
	if b.Stack() {
		list = append(list, "stack")
	}
	if b.Compact {
		list = append(list, "grid")
	}
	wordy := slices.ContainsFunc(b.Table.Columns[1:], func(c Column) bool { return c.Plain && !c.Extra })
	if wordy {
		list = append(list, "wordy")
	}
	if b.Stack() && (wordy || b.Table.shownColumns() > 7 || b.Table.Columns[0].Wide) {
		list = append(list, "many")
	}
	return strings.Join(list, " ")
}

// Shown are the rows for the page.
func (t *Table) Shown() []Row {
	if t.Most > 0 && len(t.Rows) > t.Most {
		return t.Rows[:t.Most]
	}
	return t.Rows
}

// Cut is how many rows there are when not all are shown, else 0.
func (t *Table) Cut() int {
	if len(t.Shown()) == len(t.Rows) {
		return 0
	}
	return len(t.Rows)
}

func (t *Table) shownColumns() int {
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

// Classes of the cell: words stand to the left.
func (c Cell) Classes(column Column) string {
	list := []string{c.Mark}
	for class, is := range map[string]bool{"w": column.Plain, "less": column.Less, "bare": column.Bare} {
		if is {
			list = append(list, class)
		}
	}
	slices.Sort(list)
	return strings.TrimSpace(strings.Join(list, " "))
}

// BarWidth is the length of the bar in per cent, "" for none.
func (c Cell) BarWidth() string {
	if c.Bar == nil || !c.known {
		return ""
	}
	return strconv.FormatFloat(*c.Bar*100, 'f', 1, 64)
}
