package figures

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Forecast is the final number of tickets: one case in ten ends below P10, half of them below P50, nine below P90. With
// 3 or 4 comparables only P50 is known.
type Forecast struct {
	P50      int64
	P10, P90 *int64
}

// forecast is the final number of tickets: from 20 sold by the growth of the comparables from as many days left, below
// that by the part of their halls they sold since; never less than what is sold nor more than there are places (0:
// unknown).
func forecast(sold, places int64, days int, comparables []Comparable) (*Forecast, PacingGap) {
	var growth []decimal.Decimal
	for _, c := range comparables {
		then := soldAt(c.Points, days)
		switch {
		case sold >= ratioFrom && then > 0:
			growth = append(growth, decimal.NewFromInt(c.Final).DivRound(decimal.NewFromInt(then), 6))
		case sold < ratioFrom && c.Capacity != nil && *c.Capacity > 0:
			growth = append(growth, decimal.NewFromInt(c.Final-then).DivRound(decimal.NewFromInt(*c.Capacity), 6))
		}
	}
	if sold < ratioFrom && places == 0 {
		return nil, GapNoSeats
	}
	if len(growth) < lineComparables {
		return nil, GapFewShows
	}
	slices.SortFunc(growth, decimal.Decimal.Cmp)
	final := func(share float64) int64 {
		g := quantile(growth, share)
		if sold >= ratioFrom {
			g = g.Mul(decimal.NewFromInt(sold))
		} else {
			g = g.Mul(decimal.NewFromInt(places)).Add(decimal.NewFromInt(sold))
		}
		n := max(g.Round(0).IntPart(), sold)
		if places > 0 {
			n = min(n, max(places, sold))
		}
		return n
	}
	f := &Forecast{P50: final(0.5)}
	if len(growth) >= bandComparables {
		low, high := final(0.1), final(0.9)
		f.P10, f.P90 = &low, &high
	}
	return f, GapNone
}

// quantile of sorted values, between neighbours.
func quantile(sorted []decimal.Decimal, share float64) decimal.Decimal {
	at := share * float64(len(sorted)-1)
	low := int(at)
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low].Add(sorted[low+1].Sub(sorted[low]).Mul(decimal.NewFromFloat(at - float64(low))))
}

// pastError forecasts each comparable with as many days left from the earlier ones alone.
func (p *Pacing) pastError(days int) {
	byDate := slices.Clone(p.Comparables)
	slices.SortFunc(byDate, func(a, b Comparable) int { return a.LocalDate.Compare(b.LocalDate) })
	var errors []decimal.Decimal
	for i, c := range byDate {
		if i < lineComparables {
			continue
		}
		var places int64
		if c.Capacity != nil {
			places = *c.Capacity
		}
		f, _ := forecast(soldAt(c.Points, days), places, days, byDate[:i])
		if f == nil {
			continue
		}
		miss := decimal.NewFromInt(f.P50-c.Final).Abs().Mul(hundred).DivRound(decimal.NewFromInt(c.Final), 1)
		errors = append(errors, miss)
	}
	if p.PastShows = len(errors); p.PastShows >= lineComparables {
		p.PastError = median(errors)
	}
}
