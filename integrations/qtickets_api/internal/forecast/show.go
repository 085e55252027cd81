// Package forecast says how many tickets a show will have sold in the end, and how sure that is, from the curves of the
// shows before it. It reads nothing and knows no clock: curves in, forecasts out. The method in plain words, and how
// wrong it has been: docs/judgement.md.
package forecast

import "time"

// Show is a show with its sales. A finished one has its whole curve; of one to come, what is known so far.
type Show struct {
	ID                 string
	Date               time.Time // the day of the show, as midnight UTC
	Event, Place, City string    // empty: unknown; two shows of no event are of the same one
	Capacity           int64     // places that can be or were sold; 0: unknown
	Curve              []Point   // DaysLeft falling
}

// Point is what was sold with so many days left: paid and not refunded by the end of that day.
type Point struct {
	DaysLeft int
	Sold     int64
}

// SoldAt is what was sold with so many days left.
func SoldAt(curve []Point, daysLeft int) int64 {
	var sold int64
	for _, p := range curve {
		if p.DaysLeft < daysLeft {
			break
		}
		sold = p.Sold
	}
	return sold
}

// Final is what was sold in the end.
func (s Show) Final() int64 {
	if len(s.Curve) == 0 {
		return 0
	}
	return s.Curve[len(s.Curve)-1].Sold
}

// day of the show, in days since 1970.
func (s *Show) day() int { return int(s.Date.Unix() / 86400) }

// soldOutFrom is the share of the places from which a show is taken as sold out: the last seats are often held, and say
// nothing about demand.
const soldOutFrom = 0.98

// soldOutAt is how many days were left when a finished show was sold out for good; -1: it never was.
func (s Show) soldOutAt() int {
	full := soldOutFrom * float64(s.Capacity)
	at := -1
	for i := len(s.Curve) - 1; i >= 0 && s.Capacity > 0 && float64(s.Curve[i].Sold) >= full; i-- {
		at = s.Curve[i].DaysLeft
	}
	return at
}

// most a show can sell: its places, or what is sold already where that is more; 0: unknown.
func (s Show) most(sold int64) int64 {
	if s.Capacity <= 0 {
		return 0
	}
	return max(s.Capacity, sold)
}
