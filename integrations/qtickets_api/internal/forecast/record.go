package forecast

import (
	"cmp"
	"math"
	"slices"
)

// Trial is the forecast of a finished show as it would have been made with so many days left.
type Trial struct {
	Show     Show
	DaysLeft int
	Forecast

	simple *simple
}

// simple rules to compare with; nil in a Trial: nothing is sold, or no show was finished that had sold by then.
type simple struct{ level, ratio float64 }

// Record is how well forecasts with a number of days left did. Rates are parts of 1; nil: nothing to tell it from.
type Record struct {
	DaysLeft int
	Shows    int      // forecast
	WAPE     *float64 // sum of the errors ÷ sum of the finals
	Bias     *float64 // sum of expected − final, ÷ sum of the finals
	Banded   int      // of Shows, those with a band
	Held     int      // of Banded, those whose final was in the band
	// Two simple rules on those of Shows that both can be asked about, and the forecast on the same ones.
	Compared             int
	OwnWAPE              *float64
	LevelWAPE, RatioWAPE *float64 // the mean of the last 12 finals; sold × the median growth of the last 12
}

// Coverage is the part of the bands that held, of 1.
func (r Record) Coverage() *float64 { return rate(float64(r.Held), float64(r.Banded)) }

// Backtest forecasts every finished show at every horizon from the shows that were finished then: by date, the farthest
// horizon first.
func Backtest(shows []Show) []Trial {
	p := Learn(shows)
	shows = slices.Clone(shows)
	slices.SortStableFunc(shows, func(a, b Show) int { return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.ID, b.ID)) })
	trials := make([]Trial, len(shows)*len(Horizons))
	for k, daysLeft := range Horizons {
		h := p.At(daysLeft)
		at := 0
		for i, s := range shows {
			t := Trial{Show: s, DaysLeft: daysLeft, simple: h.simple(s)}
			if s.Final() > 0 {
				t.Forecast = h.tried(at)
				at++
			} else {
				t.Forecast = h.Forecast(s)
			}
			trials[i*len(Horizons)+k] = t
		}
	}
	return trials
}

// Record of the finished shows with as many days left.
func (h *Horizon) Record() Record {
	trials := make([]Trial, len(h.trials))
	for i := range trials {
		trials[i] = Trial{Show: h.past.shows[i], DaysLeft: h.own().daysLeft, Forecast: h.tried(i)}
	}
	return RecordOf(h.own().daysLeft, trials)
}

// RecordOf those of the trials that were made with so many days left.
func RecordOf(daysLeft int, trials []Trial) Record {
	r := Record{DaysLeft: daysLeft}
	var finals, wrong, bias, compared, own, level, ratio float64
	for _, t := range trials {
		if t.DaysLeft != daysLeft || t.Why != Offered {
			continue
		}
		final := float64(t.Show.Final())
		miss := float64(t.Expected) - final
		r.Shows++
		finals += final
		wrong += math.Abs(miss)
		bias += miss
		if t.Band != nil {
			r.Banded++
			if t.Band.Low <= t.Show.Final() && t.Show.Final() <= t.Band.High {
				r.Held++
			}
		}
		if t.simple != nil {
			r.Compared++
			compared += final
			own += math.Abs(miss)
			level += math.Abs(t.simple.level - final)
			ratio += math.Abs(t.simple.ratio - final)
		}
	}
	r.WAPE, r.Bias = rate(wrong, finals), rate(bias, finals)
	r.OwnWAPE, r.LevelWAPE, r.RatioWAPE = rate(own, compared), rate(level, compared), rate(ratio, compared)
	return r
}

func (h *Horizon) simple(show Show) *simple {
	p, l := h.past, h.own()
	end := p.finishedBefore(&show, l.daysLeft)
	sold := SoldAt(show.Curve, l.daysLeft)
	var finals float64
	var growth []float64
	from := max(0, end-mostComparables)
	for i := from; i < end; i++ {
		final := float64(p.shows[i].Final())
		finals += final
		if l.sold[i] > 0 {
			growth = append(growth, final/l.sold[i])
		}
	}
	if sold <= 0 || len(growth) == 0 {
		return nil
	}
	return &simple{finals / float64(end-from), float64(sold) * median(growth)}
}

func rate(part, of float64) *float64 {
	if of == 0 {
		return nil
	}
	return new(part / of)
}
