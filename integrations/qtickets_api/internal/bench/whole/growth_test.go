package main

import (
	"math"
	"testing"
	"time"
)

// TestLaw: points on a line give the line, others the nearest one, a single one itself.
func TestLaw(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		orders []int
		costs  []time.Duration
		a, b   float64
	}{
		{[]int{10_000, 100_000, 400_000}, []time.Duration{110 * ms, 200 * ms, 500 * ms}, 100e6, 1000},
		{[]int{0, 1, 2}, []time.Duration{0, 4, 2}, 1, 1},
		{[]int{10_000}, []time.Duration{7 * ms}, 7e6, 0},
	} {
		if a, b := law(c.orders, c.costs); math.Abs(a-c.a) > 1e-3 || math.Abs(b-c.b) > 1e-6 {
			t.Errorf("%v at %v orders: %f + %f × orders, want %f + %f", c.costs, c.orders, a, b, c.a, c.b)
		}
	}
}
