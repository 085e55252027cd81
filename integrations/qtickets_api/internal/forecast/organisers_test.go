package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// organiser invents finished shows: one every few days, each with a level and a shape of its own kind.
type organiser struct {
	shows  int
	every  int                                      // days
	places int64                                    // 0: as many as want to come
	level  func(r *rand.Rand, i int) float64        // tickets show i is worth
	shape  func(r *rand.Rand, daysLeft int) float64 // how many parts of them are sold on a day
	bend   float64                                  // how much each day differs by chance, as a logarithm
}

const onSaleDays = 120

func (o organiser) invent(seed uint64) []Show {
	r := rand.New(rand.NewPCG(seed, 1))
	shows := make([]Show, o.shows)
	for i := range shows {
		s := Show{ID: fmt.Sprint(i), Date: time.Date(2030, 1, 1+i*o.every, 0, 0, 0, 0, time.UTC), Capacity: o.places}
		var parts [onSaleDays + 1]float64
		var all float64
		for d := range parts {
			parts[d] = o.shape(r, d)
			all += parts[d]
		}
		level := o.level(r, i)
		var sold int64
		for d := onSaleDays; d >= 0; d-- {
			want := int64(poisson(r, level*parts[d]/all*math.Exp(o.bend*r.NormFloat64())))
			if o.places > 0 {
				want = min(want, o.places-sold)
			}
			sold += want
			s.Curve = append(s.Curve, Point{d, sold})
		}
		shows[i] = s
	}
	return shows
}

func poisson(r *rand.Rand, mean float64) int {
	if mean > 30 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n, limit := 0, math.Exp(-mean)
	for p := r.Float64(); p > limit; p *= r.Float64() {
		n++
	}
	return n
}

// lastMinute sells 57 % in the last week and has a peak when the sale begins.
func lastMinute(_ *rand.Rand, d int) float64 {
	switch {
	case d < 7:
		return 0.57 / 7
	case d > onSaleDays-10:
		return 0.15 / 10
	}
	return 0.28 / (onSaleDays - 16)
}

func even(*rand.Rand, int) float64 { return 1 }

func growing(_ *rand.Rand, d int) float64 { return math.Exp(-float64(d) / 20) }

func between(low, high float64) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, _ int) float64 { return low * math.Pow(high/low, r.Float64()) }
}

// seasons rise and fall by a factor of four within a year.
func seasons(r *rand.Rand, i int) float64 {
	return 200 * math.Exp(0.7*math.Sin(float64(i)*5/58)+0.3*r.NormFloat64())
}

var organisers = map[string]organiser{
	"steady shape":   {shows: 60, every: 5, level: between(60, 900), shape: even},
	"last minute":    {shows: 60, every: 5, level: between(60, 900), shape: lastMinute, bend: 0.5},
	"strong seasons": {shows: 100, every: 5, level: seasons, shape: growing, bend: 0.5},
	"sold-out halls": {shows: 60, every: 5, level: between(100, 900), shape: growing, bend: 0.5, places: 300},
}
