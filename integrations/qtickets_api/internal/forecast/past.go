package forecast

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// Horizons are the days left that a method is judged at.
var Horizons = []int{60, 45, 30, 21, 14, 7, 3, 1}

// Past is what the finished shows of an organiser teach. It does not change.
type Past struct {
	shows     []Show // by date; those that sold nothing in the end are no comparables: most were cancelled
	days      []int
	demand    []float64 // the final, or more where the hall was too small
	logDemand []float64
	soldOut   []int  // days left when it was sold out; -1: never
	looks     []look // at Horizons
}

// look is every finished show as it stood with so many days left.
type look struct {
	daysLeft int
	sold     []float64
	members  []members // made from the shows that were finished then
	state    []uint8   // of members
}

// Learn prepares the finished shows of an organiser, in any order.
func Learn(shows []Show) *Past {
	p := &Past{}
	for _, s := range shows {
		if s.Final() > 0 {
			p.shows = append(p.shows, s)
		}
	}
	slices.SortStableFunc(p.shows, func(a, b Show) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.ID, b.ID))
	})
	for i := range p.shows {
		p.days = append(p.days, p.shows[i].day())
		p.soldOut = append(p.soldOut, p.shows[i].soldOutAt())
	}
	for i := range p.shows {
		p.demand = append(p.demand, p.demandFor(i))
		p.logDemand = append(p.logDemand, toLog(p.demand[i]))
	}
	for _, d := range Horizons {
		l := p.lookAt(d)
		for i := range p.shows {
			p.made(&l, i) // now: later many may read at once
		}
		p.looks = append(p.looks, l)
	}
	return p
}

// finishedBefore is how many shows were over with so many days left to this one; on its own day, by the day before.
func (p *Past) finishedBefore(show *Show, daysLeft int) int {
	return sort.SearchInts(p.days, show.day()-max(daysLeft, 1)+1)
}

// mostDemand is how much larger than its hall the demand for a show is taken to be at most: a curve that stopped does
// not tell more.
const mostDemand = 2

// demandFor a finished show: what it sold, and where it was sold out, what it would have sold by the usual shape of the
// shows before it that were not.
func (p *Past) demandFor(i int) float64 {
	final := float64(p.shows[i].Final())
	if p.soldOut[i] < 0 {
		return final
	}
	var shares []float64
	for j := i - 1; j >= 0 && len(shares) < mostComparables; j-- {
		if p.soldOut[j] < 0 {
			shares = append(shares, float64(SoldAt(p.shows[j].Curve, p.soldOut[i]))/float64(p.shows[j].Final()))
		}
	}
	if len(shares) < leastComparables {
		return final
	}
	return final / min(1, max(median(shares), 1.0/mostDemand))
}

func (p *Past) lookAt(daysLeft int) look {
	n := len(p.shows)
	l := look{daysLeft: daysLeft, sold: make([]float64, n), members: make([]members, n), state: make([]uint8, n)}
	for i := range p.shows {
		l.sold[i] = float64(SoldAt(p.shows[i].Curve, daysLeft))
	}
	return l
}

// States of look.members.
const (
	notAsked = iota
	tooFew   // shows were finished then
	made
)

// made reports whether a show could be forecast then, and works its members out when they are asked for first.
func (p *Past) made(l *look, i int) bool {
	if l.state[i] == notAsked {
		l.state[i] = tooFew
		if like := p.likest(&p.shows[i], l.daysLeft); len(like) >= leastComparables {
			l.state[i] = made
			l.members[i] = p.membersOf(l, l.sold[i], like[:min(len(like), mostComparables)], -1)
		}
	}
	return l.state[i] == made
}

// median of values, which it sorts; 0 of none.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	sort.Float64s(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// toLog and fromLog: errors of forecasts are factors, and none is sold now and then.
func toLog(tickets float64) float64 { return math.Log(max(tickets, 0) + 1) }

func fromLog(x float64) float64 { return math.Exp(x) - 1 }
