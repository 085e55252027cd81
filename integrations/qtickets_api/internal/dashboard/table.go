package dashboard

import (
	"time"

	"github.com/shopspring/decimal"
)

// Table is what a block shows as figures. The page, the «numbers» behind a chart and the CSV are all made from
// it, so they cannot differ.
type Table struct {
	Columns []Column
	Rows    []Row
	// Most is how many rows the page shows, 0 for all; the CSV has them all.
	Most int
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

type cellKind int

const (
	kindText cellKind = iota
	kindForeign
	kindCount
	kindNumber
	kindMoney
	kindPercent
	kindDate
	kindMoment
	kindDuration
)

// Cell is one typed value. Only a value knows how it is written in a language and in a CSV.
type Cell struct {
	kind     cellKind
	known    bool
	text     string
	count    int64
	amount   decimal.Decimal
	currency string
	time     time.Time
	lasted   time.Duration

	// Href leads one level deeper.
	Href string
	// Bar is the length of a bar beside the value, 0 to 1; nil draws none.
	Bar *float64
	// Under is a second line, for the page only: it repeats or explains.
	Under string
	// Mark styles the cell: "bad", "quiet", "h0" to "h5" for heat.
	Mark string
}

func textCell(s string) Cell { return Cell{kind: kindText, known: s != "", text: s} }

// named is a text that other people wrote.
func namedCell(s string) Cell { return Cell{kind: kindForeign, known: s != "", text: s} }

func countCell[N int | int64 | uint64](n N) Cell {
	return Cell{kind: kindCount, known: true, count: int64(n)}
}

func maybeCountCell(n *int64) Cell {
	if n == nil {
		return Cell{kind: kindCount}
	}
	return countCell(*n)
}

func numberCell(x *decimal.Decimal) Cell {
	if x == nil {
		return Cell{kind: kindNumber}
	}
	return Cell{kind: kindNumber, known: true, amount: *x}
}

func moneyCell(d decimal.Decimal, currency string) Cell {
	return Cell{kind: kindMoney, known: true, amount: d, currency: currency}
}

func maybeMoneyCell(d *decimal.Decimal, currency string) Cell {
	if d == nil {
		return Cell{kind: kindMoney}
	}
	return moneyCell(*d, currency)
}

// percentCell takes a ratio: 0.642 is 64.2 %.
func percentCell(ratio *decimal.Decimal) Cell {
	if ratio == nil {
		return Cell{kind: kindPercent}
	}
	return Cell{kind: kindPercent, known: true, amount: *ratio}
}

func dateCell(t time.Time) Cell { return Cell{kind: kindDate, known: !t.IsZero(), time: t} }

func momentCell(t *time.Time) Cell {
	if t == nil || t.IsZero() {
		return Cell{kind: kindMoment}
	}
	return Cell{kind: kindMoment, known: true, time: *t}
}

func lastedCell(d time.Duration) Cell {
	return Cell{kind: kindDuration, known: true, lasted: d}
}

func (c Cell) link(href string) Cell { c.Href = href; return c }

func (c Cell) mark(m string) Cell { c.Mark = m; return c }

func (c Cell) under(s string) Cell { c.Under = s; return c }

// bar draws the share of a whole; no whole, no bar.
func (c Cell) bar(part, whole float64) Cell {
	if whole > 0 && part >= 0 {
		share := min(part/whole, 1)
		c.Bar = &share
	}
	return c
}

// Cell writes a value for the page. What is not known is a dash, never a zero.
func (f format) Cell(c Cell) string {
	if !c.known {
		return unknown
	}
	switch c.kind {
	case kindForeign:
		return foreign(c.text)
	case kindCount:
		return f.Int(c.count)
	case kindNumber:
		return f.Number(c.amount, 1)
	case kindMoney:
		return f.Money(c.amount, c.currency)
	case kindPercent:
		return f.Percent(c.amount)
	case kindDate:
		return f.DayOfWeek(c.time)
	case kindMoment:
		return f.MomentFull(c.time)
	case kindDuration:
		return f.Duration(c.lasted)
	default:
		return c.text
	}
}
