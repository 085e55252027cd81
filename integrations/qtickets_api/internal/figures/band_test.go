package figures

import (
	"testing"

	"github.com/shopspring/decimal"
)

// TestFault1_15_OneVerdictOnOneFigure: 34 tickets where 4 to 37 are sold by then are usual, for the heading and for the
// card: no "+94 %" beside "as usual". A percentage has the sign of the verdict.
func TestFault1_15_OneVerdictOnOneFigure(t *testing.T) {
	t.Parallel()
	weeks := []int64{4, 9, 16, 17, 18, 20, 31, 37} // the median is 17.5
	for _, c := range []struct {
		today   int64
		before  []int64
		side    Side
		percent string
	}{
		{34, weeks, Usual, ""},
		{37, weeks, Usual, ""},
		{4, weeks, Usual, ""},
		{38, weeks, Above, "117.1"},
		{3, weeks, Below, "-82.9"},
		{0, weeks, Below, "-100"},
		{9, []int64{1, 2, 8}, Above, ""}, // too few to say how many per cent
		{5, nil, Usual, ""},
		{5, []int64{5}, Usual, ""},
	} {
		before := make([]Totals, len(c.before))
		for i, n := range c.before {
			before[i].Tickets = n
		}
		tickets := func(f Totals) *decimal.Decimal { return number(f.Tickets) }
		b := bandOf(number(c.today), before, tickets)
		percent := ""
		if p := b.percent(b.Median); p != nil {
			percent = p.String()
		}
		if b.Side() != c.side || percent != c.percent {
			t.Errorf("%d among %v: side %d, %q, want %d, %q", c.today, c.before, b.Side(), percent, c.side, c.percent)
		}
	}
}
