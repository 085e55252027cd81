package figures

import (
	"context"
	"time"

	"github.com/shopspring/decimal"
)

// Hours is today, cumulative, over the band of the same weekdays of 8 weeks.
type Hours struct {
	Day      time.Time
	Weeks    int
	Currency string      `money:"yes"` // of Revenue: the main one
	Points   []HourPoint // each full hour from 00:00 to 24:00 and the minute of Version.AsOf, ascending
}

// HourPoint is what was sold from midnight to a minute of the day.
type HourPoint struct {
	Minute  int // of the Moscow day, 0 to 1440
	Tickets Band
	Revenue Band `money:"yes"`
}

// Band is a figure of today beside those of the weeks before. nil is unknown: a minute to come, no such week.
type Band struct {
	Today, Low, Median, High *decimal.Decimal `money:"no"` // of tickets, or where the whole band is of money
}

// Side is where a figure of today lies among those of the weeks before.
type Side int

// The sides. What no week can be compared with is usual.
const (
	Below Side = iota - 1 // less than in each of these weeks
	Usual
	Above // more than in each of them
)

// Side is the one verdict on a figure: headings and cards follow it, so that none says "as usual" where another says
// "+94 %".
func (b Band) Side() Side {
	switch {
	case b.Today == nil || b.Low == nil || b.High == nil:
		return Usual
	case b.Today.LessThan(*b.Low):
		return Below
	case b.Today.GreaterThan(*b.High):
		return Above
	}
	return Usual
}

// percent is today against the median, +12.3. nil where today is usual, or where fewer than 10 of what is counted are.
func (b Band) percent(often *decimal.Decimal) *decimal.Decimal {
	if b.Side() == Usual || often == nil || often.LessThan(leastBaseline) || !b.Median.IsPositive() {
		return nil
	}
	percent := b.Today.Sub(*b.Median).Mul(hundred).DivRound(*b.Median, 1)
	return &percent
}

// Hours is the day of the data by hour.
func (s *Store) Hours(ctx context.Context, f Filter) (Hours, error) {
	w, err := s.weekdays(ctx, f)
	if err != nil {
		return Hours{}, err
	}
	h := Hours{Day: w.day, Weeks: w.weeks}
	if h.Currency, err = s.mainCurrency(ctx, f.Version); err != nil {
		return h, err
	}
	var sums [baselineWeeks + 1]Totals
	for hour := range 25 {
		h.Points = append(h.Points, h.point(w, hour*60, sums))
		if hour == 24 {
			break
		}
		if w.minute/60 == hour && w.minute%60 != 0 {
			cut := sums
			for ago := range cut {
				cut[ago] = Totals{}
				cut[ago].plus(sums[ago])
				cut[ago].plus(w.toMinute[ago][hour])
			}
			cut[0] = w.until(0)
			h.Points = append(h.Points, h.point(w, w.minute, cut))
		}
		for ago := range sums {
			sums[ago].plus(w.hours[ago][hour])
		}
	}
	return h, nil
}

// point is a moment of the chart: today's figure is known to the minute of the data.
func (h *Hours) point(w *weekdays, minute int, sums [baselineWeeks + 1]Totals) HourPoint {
	p := HourPoint{Minute: minute}
	known := minute <= w.minute
	p.Tickets = band(w, known, sums, func(f Totals) decimal.Decimal { return decimal.NewFromInt(f.Tickets) })
	if h.Currency != "" {
		p.Revenue = band(w, known, sums, func(f Totals) decimal.Decimal { return f.In(h.Currency).Gross })
	}
	return p
}

func band(w *weekdays, known bool, sums [baselineWeeks + 1]Totals, of func(Totals) decimal.Decimal) Band {
	pointer := func(f Totals) *decimal.Decimal { v := of(f); return &v }
	var today *decimal.Decimal
	if known {
		today = pointer(sums[0])
	}
	return bandOf(today, sums[1:w.weeks+1], pointer)
}
