package format

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

type cellKind int

const (
	kindText cellKind = iota
	kindName
	kindCount
	kindNumber
	kindMoney
	kindPercent
	kindDate
	kindMoment
	kindDuration
)

// Cell is one typed value. Only a value knows how it is written in a language and in a file. The zero Cell is unknown.
type Cell struct {
	kind     cellKind
	known    bool
	text     string
	count    int64
	amount   decimal.Decimal
	currency string
	time     time.Time
	duration time.Duration

	// Href leads one level deeper, from a number to what it is made of.
	Href string
	// Bar is the length of a bar beside the value, 0 to 1; nil draws none.
	Bar *float64
	// BarFrom is where the bar begins, 0 to 1.
	BarFrom float64
	// Tenths are drawn under the value; nil draws none.
	Tenths *Tenths
	// Subtext is a second line, for the page only: it repeats or explains.
	Subtext string
	// Again tells that the row above has the same name: who sees the page has Subtext alone.
	Again bool
	// Others are the same in other currencies, small lines under the value, for the page only: files have columns of them.
	Others []Cell
	// Rough numbers stand on the page without a fraction.
	Rough bool
	// Signed percentages have a plus too, for the page only.
	Signed bool
	// Mark styles the cell: "bad", "quiet", "h0" to "h5" for heat.
	Mark string
}

// Text is a text of ours; "" is unknown.
func Text(s string) Cell { return Cell{kind: kindText, known: s != "", text: s} }

// Name is a text that other people wrote; "" is unknown.
func Name(s string) Cell { return Cell{kind: kindName, known: s != "", text: s} }

// Count is a whole number of things.
func Count[N int | int64 | uint64](n N) Cell {
	return Cell{kind: kindCount, known: true, count: int64(n)}
}

// MaybeCount is a Count; nil is unknown.
func MaybeCount(n *int64) Cell {
	if n == nil {
		return Cell{}
	}
	return Count(*n)
}

// Number has at most one fraction digit; nil is unknown.
func Number(x *decimal.Decimal) Cell {
	if x == nil {
		return Cell{}
	}
	return Cell{kind: kindNumber, known: true, amount: *x}
}

// Money is an amount in a currency, to the kopeck.
func Money(d decimal.Decimal, currency string) Cell {
	return Cell{kind: kindMoney, known: true, amount: d, currency: currency}
}

// MaybeMoney is Money; nil is unknown.
func MaybeMoney(d *decimal.Decimal, currency string) Cell {
	if d == nil {
		return Cell{}
	}
	return Money(*d, currency)
}

// Percent takes a ratio: 0.642 is 64.2 %; nil is unknown.
func Percent(ratio *decimal.Decimal) Cell {
	if ratio == nil {
		return Cell{}
	}
	return Cell{kind: kindPercent, known: true, amount: *ratio}
}

// Date is a calendar day, taken as it stands: no zone is applied. The zero time is unknown.
func Date(t time.Time) Cell { return Cell{kind: kindDate, known: !t.IsZero(), time: t} }

// Moment is shown on the Moscow clock; nil and the zero time are unknown.
func Moment(t *time.Time) Cell {
	if t == nil || t.IsZero() {
		return Cell{}
	}
	return Cell{kind: kindMoment, known: true, time: *t}
}

// Duration is how long something took; a CSV has it in seconds.
func Duration(d time.Duration) Cell {
	return Cell{kind: kindDuration, known: true, duration: d}
}

// Blank is the place of a value that there cannot be.
func Blank() Cell { return Cell{known: true, Mark: "blank"} }

// Zero tells whether the value is nothing, or not known.
func (c Cell) Zero() bool { return !c.known || c.count == 0 && c.amount.IsZero() }

// WithLink leads one level deeper, or to what a number is made of; "" leads nowhere.
func (c Cell) WithLink(href string) Cell { c.Href = href; return c }

// WithSign shows that a percentage is a change.
func (c Cell) WithSign() Cell { c.Signed = true; return c }

// WithMark styles the cell.
func (c Cell) WithMark(m string) Cell { c.Mark = m; return c }

// WithSubtext adds a second line, for the page only.
func (c Cell) WithSubtext(s string) Cell { c.Subtext = s; return c }

// Roughly leaves out the fraction, for the page only: what is more than nothing and less than one is "<1".
func (c Cell) Roughly() Cell { c.Rough = true; return c }

// WithBar draws the share of a total; no total, no bar.
func (c Cell) WithBar(part, total float64) Cell {
	if total > 0 && part >= 0 {
		share := min(part/total, 1)
		c.Bar = &share
	}
	return c
}

// WithBarFrom draws a part of a total that begins so far from its start; no total, no bar.
func (c Cell) WithBarFrom(from, part, total float64) Cell {
	c = c.WithBar(part, total)
	if c.Bar != nil {
		c.BarFrom = min(max(from/total, 0), 1)
	}
	return c
}

// Tenths are a chance as ten ticks, so many of them full.
type Tenths struct {
	Full, Hollow string // outlines, each tick 6 by 10, 8 apart
	Likely       bool   // 7 or more
}

// WithTenths draws a chance of so many of ten.
func (c Cell) WithTenths(n int) Cell {
	c.Tenths = &Tenths{Likely: n >= 7}
	for i := range 10 {
		if i < n {
			c.Tenths.Full += fmt.Sprintf("M%d 0h6v10h-6z", 8*i)
		} else {
			c.Tenths.Hollow += fmt.Sprintf("M%d.5 .5h5v9h-5z", 8*i)
		}
	}
	return c
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

// BarStart is where the bar begins in per cent, "" for the left end.
func (c Cell) BarStart() string {
	if c.BarFrom == 0 {
		return ""
	}
	return strconv.FormatFloat(c.BarFrom*100, 'f', 1, 64)
}

// Cell writes a value for the page. What is not known is a dash, never a zero.
func (l Locale) Cell(c Cell) string {
	if !c.known {
		return Unknown
	}
	switch c.kind {
	case kindName:
		return Sanitize(c.text)
	case kindCount:
		return l.Int(c.count)
	case kindNumber:
		switch {
		case !c.Rough:
			return l.Number(c.amount, 1)
		case c.amount.IsPositive() && c.amount.LessThan(decimal.NewFromInt(1)):
			return "<1"
		default:
			return l.Number(c.amount, 0)
		}
	case kindMoney:
		return l.Money(c.amount, c.currency)
	case kindPercent:
		if c.Signed && c.amount.IsPositive() {
			return "+" + l.Percent(c.amount)
		}
		return l.Percent(c.amount)
	case kindDate:
		return l.DayOfWeek(c.time)
	case kindMoment:
		return l.MomentFull(c.time)
	case kindDuration:
		return l.Duration(c.duration)
	default:
		return c.text
	}
}
