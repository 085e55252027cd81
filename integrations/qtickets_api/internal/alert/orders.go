package alert

import (
	"sort"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

const day = 24 * time.Hour

// Of sale_stopped. A usual gap is the longest one between two orders of a show in a week, but no more than the time in
// which it sells four: of gaps that come at random one in fifty is longer, and with few orders that is taken for usual.
// The rule fires after two and a half of them, so that it is told within three: what was to be expected is an estimate.
const (
	ordersOfGap   = 4
	gapsOfSilence = 2.5
	leastGaps     = 50 // in the week: the longest of fewer says little
	longestLook   = 3  // days of a silence are looked at, the last ones: what sells less in them is too slow to judge
	firstDays     = 7  // of a sale are not usual: it begins with a peak
	recentDays    = 3  // say what is usual; before them sales may have been slower or faster
	forecastDays  = 7  // say it where a forecast tells how sales change with the days left
	resumed       = 1  // an order that was to be expected since the last sale: it goes on

	// A few days before its last week a show has sold too little to tell its pace by: what its forecast says counts as
	// much as so many orders.
	ordersOfForecast = 15

	salesCloseBefore = 3 * time.Hour
)

// boxOffice is what all shows together sold in the watched days.
type boxOffice struct {
	sales           []time.Time // a moment per order, by time
	ordersPerTicket float64
}

func boxOfficeOf(moves []figures.Move) *boxOffice {
	b := &boxOffice{}
	var tickets int64
	for _, m := range moves {
		b.sales = repeat(b.sales, m.At, m.Sales)
		tickets += m.Tickets
	}
	b.ordersPerTicket = float64(len(b.sales)) / float64(max(tickets, 1))
	return b
}

// saleStopped fires when a show has sold nothing for nearly three usual gaps while others sell.
func saleStopped(s *show, all *boxOffice, asOf time.Time) Finding {
	f := Finding{Rule: RuleSaleStopped, Verdict: Between}
	if s.sells(asOf) {
		f.Verdict = s.stopVerdict(all, asOf)
	}
	if f.Verdict == Firing {
		last := s.sales[len(s.sales)-1]
		f.Since = &last
		f.Facts = map[string]string{"last": moment(last), "others": number(int64(within(all.sales, last, asOf)))}
	}
	return f
}

// sells reports whether a show may be expected to: it has seats, and does not begin within hours, when sales close.
func (s *show) sells(asOf time.Time) bool {
	few := s.Left != nil && 100**s.Left <= fullUntil*s.places()
	begins := s.Start != nil && s.Start.Before(asOf.Add(salesCloseBefore)) && s.Reason != figures.ShowRunning
	return !begins && !few
}

func (s *show) stopVerdict(all *boxOffice, asOf time.Time) Verdict {
	orders, known := s.expected(all, asOf)
	switch {
	case !known:
		return Between
	case orders < resumed:
		return Clear
	case orders >= gapsOfSilence*s.usualGap(all):
		return Firing
	}
	return Between
}

// expected is how many orders a show was to sell since its last one: what it sold in the same hours of the days before
// that, and by its forecast was to sell, at the pace that is usual with as many days left as now; but no more than goes
// with what the others have sold meanwhile. So the night, a holiday and an outage of everything count for nothing. It
// is not known where the show is too new, or the silence too old.
func (s *show) expected(all *boxOffice, asOf time.Time) (orders float64, known bool) {
	if len(s.sales) == 0 {
		return 0, false
	}
	first, from := s.sales[0].AddDate(0, 0, firstDays), s.sales[len(s.sales)-1]
	silent := begunDays(from, asOf)
	if earliest := asOf.AddDate(0, 0, -longestLook); from.Before(earliest) {
		from = earliest
	}
	days := recentDays
	if s.paces() != nil {
		days = forecastDays
	}
	var own, others, usual, stretches float64
	for back := silent; back < silent+days; back += begunDays(from, asOf) { // stretches as long that do not overlap
		begin, end := from.AddDate(0, 0, -back), asOf.AddDate(0, 0, -back)
		if begin.Before(first) {
			if back < silent+recentDays {
				return 0, false
			}
			break
		}
		sold := within(s.sales, begin, end)
		own += float64(sold)
		others += float64(within(all.sales, begin, end) - sold)
		usual += s.usual(begin, end)
		stretches++
	}
	if others == 0 { // nothing to compare with: it is night, or a moment ago, or there is no other show
		return 0, true
	}
	if s.paces() != nil {
		inAll := float64(within(all.sales, asOf.AddDate(0, 0, -forecastDays), asOf)) * float64(asOf.Sub(from)) /
			float64(forecastDays*day)
		share := float64(s.Outlook.Forecast.Expected) * all.ordersPerTicket * (own + others) / stretches / inAll
		own, usual = own+ordersOfForecast, usual+ordersOfForecast/share
	}
	meanwhile := float64(within(all.sales, from, asOf)) / others * stretches
	return own / usual * s.usual(from, asOf) * min(1, meanwhile), true
}

// usualGap of a show, in orders that were to be expected. The orders of all shows are the clock: what nobody bought
// at night or in an outage is no gap.
func (s *show) usualGap(all *boxOffice) float64 {
	if len(s.sales) == 0 {
		return ordersOfGap
	}
	last := s.sales[len(s.sales)-1]
	week := s.sales[within(s.sales, time.Time{}, last.AddDate(0, 0, -forecastDays)):]
	if len(week) <= leastGaps {
		return ordersOfGap
	}
	longest := 0
	for i := 1; i < len(week); i++ {
		longest = max(longest, within(all.sales, week[i-1], week[i]))
	}
	share := float64(len(week)-1) / float64(within(all.sales, week[0], last))
	return min(ordersOfGap, float64(longest)*share)
}

// begunDays of a stretch of time.
func begunDays(from, to time.Time) int { return int(to.Sub(from)/day) + 1 }

// paces of the shows that are like this one; nil: unknown.
func (s *show) paces() forecast.Paces {
	if s.Outlook == nil || s.LocalDate == nil || s.Outlook.Forecast.Expected <= 0 {
		return nil
	}
	return s.Outlook.Paces
}

// usual is what share of its demand a show usually sells in a stretch of time; where that is unknown, its days.
func (s *show) usual(from, to time.Time) (share float64) {
	paces := s.paces()
	if paces == nil {
		return float64(to.Sub(from)) / float64(day)
	}
	for from.Before(to) {
		y, m, d := from.In(moscow).Date()
		end := time.Date(y, m, d+1, 0, 0, 0, 0, moscow)
		if to.Before(end) {
			end = to
		}
		left := int(s.LocalDate.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) / day)
		if left >= 0 && left < len(paces) {
			share += paces[left] * float64(end.Sub(from)) / float64(day)
		}
		from = end
	}
	return share
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
