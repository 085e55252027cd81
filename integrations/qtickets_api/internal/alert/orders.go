package alert

import (
	"sort"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

const day = 24 * time.Hour

// Of sale_stopped. A usual gap is the time in which a show sells four orders: of the gaps between sales that come at
// random, one in fifty is longer. The rule fires after three of them. With one order to a gap, as the mean would have
// it, one sale in twenty would be followed by a false alarm.
const (
	ordersOfGap    = 4
	gapsOfSilence  = 3
	longestSilence = 3 // days; what sells nothing for longer is too slow to judge
	firstDays      = 7 // of a sale are not usual: it begins with a peak
	recentDays     = 3 // say what is usual; before them sales may have been slower or faster
	resumed        = 1 // an order that was to be expected since the last sale: it goes on

	salesCloseBefore = 3 * time.Hour
)

// saleStopped fires when a show has sold nothing for three usual gaps while others sell.
func saleStopped(s *show, everySale []time.Time, asOf time.Time) Finding {
	f := Finding{Rule: RuleSaleStopped, Verdict: Between}
	if s.sells(asOf) {
		f.Verdict = stopVerdict(expected(s.sales, everySale, asOf))
	}
	if f.Verdict == Firing {
		last := s.sales[len(s.sales)-1]
		f.Since = &last
		f.Facts = map[string]string{"last": moment(last), "others": number(int64(within(everySale, last, asOf)))}
	}
	return f
}

// sells reports whether a show may be expected to: it has seats, and does not begin within hours, when sales close.
func (s *show) sells(asOf time.Time) bool {
	few := s.Left != nil && 100**s.Left <= fullUntil*s.places()
	begins := s.Start != nil && s.Start.Before(asOf.Add(salesCloseBefore)) && s.Reason != figures.ShowRunning
	return !begins && !few
}

func stopVerdict(orders float64, known bool) Verdict {
	switch {
	case !known:
		return Between
	case orders >= ordersOfGap*gapsOfSilence:
		return Firing
	case orders < resumed:
		return Clear
	}
	return Between
}

// expected is how many orders a show was to sell since its last one: what it sold in the same hours of the days before
// that (the mean of stretches as long), but no more than goes with what the others have sold meanwhile. So the night, a
// holiday and an outage of everything count for nothing. It is not known where the silence is too long or the show too
// new.
func expected(own, all []time.Time, asOf time.Time) (orders float64, known bool) {
	if len(own) == 0 {
		return 0, false
	}
	last := own[len(own)-1]
	step := int(asOf.Sub(last)/day) + 1 // days between stretches of that length that do not overlap
	var mine, others, stretches float64
	for back := step; back < recentDays+step; back += step {
		from, to := last.AddDate(0, 0, -back), asOf.AddDate(0, 0, -back)
		if step > longestSilence || from.Before(own[0].AddDate(0, 0, firstDays)) {
			return 0, false
		}
		stretches++
		sold := within(own, from, to)
		mine += float64(sold)
		others += float64(within(all, from, to) - sold)
	}
	if others == 0 { // nothing to compare with: it is night, or a moment ago, or there is no other show
		return 0, true
	}
	return min(mine/stretches, mine/others*float64(within(all, last, asOf))), true
}

// within counts the moments after from, up to to.
func within(times []time.Time, from, to time.Time) int {
	after := func(at time.Time) int {
		return sort.Search(len(times), func(i int) bool { return times[i].After(at) })
	}
	return max(0, after(to)-after(from))
}

// Of refund_wave: orders of a show that had refunds within 24 hours.
const (
	leastWave = 10
	usualDays = 14
	waveTimes = 3 // the most of any of the 14 days before
)

// refundWave fires when many more orders of a show were refunded than on any of the days before.
func refundWave(s *show, asOf time.Time) Finding {
	f := Finding{Rule: RuleRefundWave, Verdict: Between}
	n := within(s.refunds, asOf.Add(-day), asOf)
	usual := 0
	for back := 1; back <= usualDays; back++ {
		until := asOf.Add(-time.Duration(back) * day)
		usual = max(usual, within(s.refunds, until.Add(-day), until))
	}
	limit := max(leastWave, waveTimes*usual)
	switch {
	case n >= limit:
		f.Verdict = Firing
		f.Facts = map[string]string{"refunds": number(int64(n)), "usual": number(int64(usual)), "sold": number(s.Sold)}
	case 2*n < limit:
		f.Verdict = Clear
	}
	return f
}
