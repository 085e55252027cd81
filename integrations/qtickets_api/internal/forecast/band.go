package forecast

import (
	"math"
	"sort"
)

// expect sets the forecast, bounded by the places. What is sold is no bound: refunds are still to come.
func (f *Forecast) expect(x float64) {
	f.Expected = f.tickets(x)
	f.expected = x
	if f.full() {
		f.expected = toLog(float64(f.most))
	}
}

// mostTickets keeps what is computed from absurd curves a number.
const mostTickets = 1e12

// tickets of a logarithm, bounded by the places.
func (f *Forecast) tickets(x float64) int64 {
	n := int64(math.Round(min(max(fromLog(x), 0), mostTickets)))
	if f.most > 0 {
		n = min(n, f.most)
	}
	return n
}

func (f *Forecast) between(low, high float64) Range { return Range{f.tickets(low), f.tickets(high)} }

// judge makes the band of earlier errors, too high and too low taken together: in a season that rises or falls one side
// alone promises too much.
func (f *Forecast) judge(misses []float64) {
	f.errors, f.Errors = misses, len(misses)
	if f.Errors < leastErrors {
		return
	}
	width := conformal(misses)
	band := f.between(f.expected-width, f.expected+width)
	f.Band = &band
}

// conformal is what 8 of 10 further errors do not exceed: the ⌈0.8 (n+1)⌉-th of n, between neighbours.
func conformal(misses []float64) float64 {
	sizes := make([]float64, len(misses))
	for i, m := range misses {
		sizes[i] = math.Abs(m)
	}
	sort.Float64s(sizes)
	at := min(0.8*float64(len(sizes)+1)-1, float64(len(sizes)-1))
	below, part := math.Modf(at)
	i := int(below)
	return sizes[i] + part*(sizes[min(i+1, len(sizes)-1)]-sizes[i])
}

// ChanceBelow is the chance that fewer tickets than planned are sold in the end, between 0 and 1, by the earlier
// errors, smoothed; it rises with the plan. False: with fewer than 9 errors it cannot be told.
func (f *Forecast) ChanceBelow(plan int64) (float64, bool) {
	switch {
	case f.Why != Offered || f.Errors < leastErrors:
		return 0, false
	case plan <= 0:
		return 0, true
	case f.most > 0 && plan > f.most:
		return 1, true
	}
	n := float64(f.Errors)
	width := max(1.06*spread(f.errors)*math.Pow(2*n, -0.2), luck)
	// Between plan-1 and plan: the final is a whole number.
	gap := toLog(float64(plan)-0.5) - f.expected
	var below float64
	for _, miss := range f.errors {
		below += normal((gap-miss)/width) + normal((gap+miss)/width)
	}
	// No number of earlier forecasts makes a thing certain.
	return (below/2 + 0.5) / (n + 1), true
}

// spread is the root of the mean square.
func spread(misses []float64) float64 {
	var sum float64
	for _, m := range misses {
		sum += m * m
	}
	return math.Sqrt(sum / float64(len(misses)))
}

// normal is the cumulative normal distribution.
func normal(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
