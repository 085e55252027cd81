package forecast

import "math"

// members are the forecasts that are blended, as logarithms.
type members [memberCount]float64

// The members.
const (
	byRatio  = iota // sold × median growth of the comparables
	byPickup        // sold + median of what the comparables still sold
	byLevel         // what the comparables sold in the end

	memberCount
)

// levelFades is how much less the next comparable, in the order of likeness, counts for the level: the fifth half as
// much as the first.
const levelFades = 0.8409 // 0.5^(1/4)

// membersOf forecasts a show of which so much is sold, from comparables without the one to skip (-1: none).
func (p *Past) membersOf(l *look, sold float64, comparables []int, skip int) members {
	var room [2][mostComparables]float64 // on the stack: this is what a backtest spends its time on
	ratios, added := room[0][:0], room[1][:0]
	var level, weights float64
	weight := 1.0
	for _, c := range comparables {
		if c == skip {
			continue
		}
		level += weight * p.logDemand[c]
		weights += weight
		weight *= levelFades
		if l.daysLeft <= p.soldOut[c] {
			continue // how it would have gone on is not known
		}
		added = append(added, p.demand[c]-l.sold[c])
		if l.sold[c] > 0 {
			ratios = append(ratios, p.demand[c]/l.sold[c])
		}
	}
	level /= weights
	m := members{level, level, level}
	if len(added) > 0 {
		m[byPickup] = toLog(sold + median(added))
		m[byRatio] = m[byPickup]
	}
	if sold > 0 && len(ratios) > 1 {
		m[byRatio] = toLog(sold * median(ratios))
	}
	return m
}

// blend of members by their weights.
func (m members) blend(weights *[memberCount]float64) float64 {
	return weights[byRatio]*m[byRatio] + weights[byPickup]*m[byPickup] + weights[byLevel]*m[byLevel]
}

// mixtures are the weights that are tried: all that add up to 1, in tenths.
var mixtures = func() (all [mixtureCount][memberCount]float64) {
	next := 0
	for i := range 11 {
		for j := range 11 - i {
			all[next] = [memberCount]float64{float64(i) / 10, float64(j) / 10, float64(10-i-j) / 10}
			next++
		}
	}
	return all
}()

const mixtureCount = 66

// luck is the mean error, as a logarithm, below which one mixture is not better than another.
const luck = 0.001

// weigh returns the mean of all mixtures, each as likely as it makes the errors it would have had (Laplace errors of
// unknown width): of the likest shows' forecasts as they could be made then, and of forecasts of each comparable from
// the others, which exist where the former do not. Looks beside the first one, at other days left, count half; shows
// that had not begun to sell say nothing about one that has, and the other way round.
func (p *Past) weigh(likest []int, looks []*look, begun bool) (weights [memberCount]float64) {
	var errors [mixtureCount]float64
	var n float64
	try := func(m members, y, count float64) {
		n += count
		ratio, pickup, level := m[byRatio]-m[byLevel], m[byPickup]-m[byLevel], m[byLevel]-y
		for i := range mixtures { // the blend less y, as weights add up to 1
			errors[i] += count * math.Abs(mixtures[i][byRatio]*ratio+mixtures[i][byPickup]*pickup+level)
		}
	}
	comparables := likest[:min(len(likest), mostComparables)]
	for i, l := range looks {
		count := 1.0
		if i > 0 {
			count = 0.5
		}
		for _, c := range likest {
			if (l.sold[c] > 0) == begun && p.made(l, c) {
				try(l.members[c], p.logDemand[c], count)
			}
		}
		for _, c := range comparables {
			if (l.sold[c] > 0) != begun {
				continue
			}
			try(p.membersOf(l, l.sold[c], comparables, c), p.logDemand[c], count)
		}
	}
	best := math.Inf(1)
	for i, e := range errors {
		errors[i] = n * math.Log(e/max(n, 1)+luck)
		best = min(best, errors[i])
	}
	var total float64
	for i, e := range errors {
		likely := math.Exp(best - e)
		total += likely
		for k := range weights {
			weights[k] += likely * mixtures[i][k]
		}
	}
	for k := range weights {
		weights[k] /= total
	}
	return weights
}
