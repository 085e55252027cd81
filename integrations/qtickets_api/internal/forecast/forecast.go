package forecast

import (
	"math"
	"slices"
)

// Refusal says why there is no forecast.
type Refusal string

// Why there is no forecast.
const (
	Offered     Refusal = ""
	NothingSold Refusal = "nothing_sold"    // and no comparables
	FewShows    Refusal = "few_comparables" // fewer than 3, and fewer than 3 other finished shows
)

// Basis says what a forecast is made from.
type Basis string

// What a forecast is made from.
const (
	FromComparables Basis = "comparables"
	FromShape       Basis = "shape" // no comparables: how the organiser's other shows sold by days left
)

// Forecast is how many tickets a show will have sold in the end. The zero value is not offered for no reason.
type Forecast struct {
	Sold     int64 // with so many days left
	Why      Refusal
	Basis    Basis
	Expected int64
	Band     *Range // holds in 8 of 10; nil with fewer than 9 earlier errors
	Usual    int64  // what the comparables usually sold in the end, no more than there are places; 0: none
	Seen     Range  // as each of Shows went on from here: the least and the most
	Shows    []int  // those it is made from, the likest first, as indices into Past.Show
	Errors   int    // of earlier forecasts, that the band is made of

	expected float64 // as a logarithm
	most     int64   // 0: unknown
	errors   []float64
}

// Range of tickets.
type Range struct{ Low, High int64 }

// leastErrors are enough to say "in 8 of 10".
const leastErrors = 9

// Show is a finished show by its index in Forecast.Shows.
func (p *Past) Show(i int) Show { return p.shows[i] }

// Horizon forecasts with a number of days left. It keeps what it has worked out: not for concurrent use.
type Horizon struct {
	past   *Past
	looks  []*look  // its own, then those beside it
	trials []*trial // of the finished shows; nil: nobody asked yet
}

// trial is the forecast of a finished show from those that were finished then, without a band.
type trial struct {
	Forecast
	like []int
	miss float64 // log of final ÷ expected
	full bool    // the hall was expected to be sold out
}

// At prepares forecasts with so many days left.
func (p *Past) At(daysLeft int) *Horizon {
	var own, farther, nearer *look
	for i := range p.looks {
		l := &p.looks[i]
		switch {
		case l.daysLeft > daysLeft:
			farther = l
		case l.daysLeft == daysLeft:
			own = l
		case nearer == nil:
			nearer = l
		}
	}
	if own == nil {
		l := p.lookAt(daysLeft)
		own = &l
	}
	h := &Horizon{past: p, looks: []*look{own}, trials: make([]*trial, len(p.shows))}
	for _, l := range []*look{farther, nearer} {
		if l != nil {
			h.looks = append(h.looks, l)
		}
	}
	return h
}

// trial of a finished show.
func (h *Horizon) trial(i int) *trial {
	if h.trials[i] == nil {
		f, like := h.expected(h.past.shows[i])
		h.trials[i] = &trial{f, like, toLog(float64(h.past.shows[i].Final())) - f.expected, f.full()}
	}
	return h.trials[i]
}

func (h *Horizon) own() *look { return h.looks[0] }

// full reports whether the hall is expected to be sold out.
func (f Forecast) full() bool { return f.most > 0 && f.Expected >= f.most }

// Forecast of a show from those that were finished by now.
func (h *Horizon) Forecast(show Show) Forecast {
	return h.withBand(h.expected(show))
}

// tried is the forecast of a finished show as it would have been made.
func (h *Horizon) tried(i int) Forecast {
	t := h.trial(i)
	return h.withBand(t.Forecast, t.like)
}

func (h *Horizon) withBand(f Forecast, like []int) Forecast {
	if f.Basis == FromComparables {
		f.judge(h.misses(like, &f))
	}
	return f
}

// expected is a forecast without a band from comparables, and the likest shows, whose errors make the band.
func (h *Horizon) expected(show Show) (Forecast, []int) {
	p, daysLeft := h.past, h.own().daysLeft
	f := Forecast{Sold: SoldAt(show.Curve, daysLeft)}
	f.most = show.most(f.Sold)
	like := p.likest(&show, daysLeft)
	if len(like) < leastComparables {
		h.fromShape(&f, show)
		return f, nil
	}
	f.Basis, f.Shows = FromComparables, slices.Clone(like[:min(len(like), mostComparables)])
	sold := float64(f.Sold)
	weights := p.weigh(like, h.looks, sold > 0)
	m := p.membersOf(h.own(), sold, f.Shows, -1)
	f.expect(m.blend(&weights))
	f.Usual = f.tickets(m[byLevel])
	var each []float64
	for _, c := range f.Shows {
		each = append(each, p.membersOf(h.own(), sold, []int{c}, -1).blend(&weights))
	}
	f.Seen = f.between(slices.Min(each), slices.Max(each))
	return f, like
}

// misses of the earlier forecasts for the likest shows: where enough, of those alone that had begun to sell, or not,
// and whose hall was expected to be sold out, or not, like this one.
func (h *Horizon) misses(like []int, f *Forecast) []float64 {
	all, same := make([]float64, 0, len(like)), make([]float64, 0, len(like))
	for _, c := range like {
		t := h.trial(c)
		if t.Why != Offered || t.Basis != FromComparables {
			continue
		}
		all = append(all, t.miss)
		if t.full == f.full() && (t.Sold > 0) == (f.Sold > 0) {
			same = append(same, t.miss)
		}
	}
	if len(same) >= leastErrors {
		return same
	}
	return all
}

// fromShape forecasts from the share of the final that the organiser's other shows had sold by then.
func (h *Horizon) fromShape(f *Forecast, show Show) {
	p := h.past
	var growth []float64
	end := p.finishedBefore(&show, h.own().daysLeft)
	for i := end - 1; i >= 0 && len(growth) < mostErrors; i-- {
		if sold := h.own().sold[i]; sold > 0 && h.own().daysLeft > p.soldOut[i] {
			growth = append(growth, math.Log(p.demand[i]/sold))
			f.Shows = append(f.Shows, i)
		}
	}
	switch {
	case len(growth) < leastComparables:
		f.Why, f.Shows = FewShows, nil
		return
	case f.Sold <= 0:
		f.Why, f.Shows = NothingSold, nil
		return
	}
	f.Basis = FromShape
	usual := median(growth)
	sold := float64(f.Sold)
	f.expect(toLog(sold * math.Exp(usual)))
	f.Seen = f.between(toLog(sold*math.Exp(growth[0])), toLog(sold*math.Exp(growth[len(growth)-1])))
	for i := range growth {
		growth[i] -= usual
	}
	f.judge(growth)
}
