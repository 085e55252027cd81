package forecast

import (
	"maps"
	"slices"
	"testing"
	"time"
)

// monthsOf are the whole months of an invented organiser, with what all its shows sold: from its first show until there
// are fewer of them on sale.
func monthsOf(shows []Show) (months []Show) {
	sold := map[time.Time]int64{}
	for _, s := range shows {
		var before int64
		for _, p := range s.Curve {
			sold[s.Date.AddDate(0, 0, -p.DaysLeft)] += p.Sold - before
			before = p.Sold
		}
	}
	first, last := shows[0].Date, shows[len(shows)-1].Date.AddDate(0, 0, -onSaleDays)
	for at := time.Date(first.Year(), first.Month()+1, 1, 0, 0, 0, 0, time.UTC); ; at = at.AddDate(0, 1, 0) {
		end := at.AddDate(0, 1, 0)
		if end.After(last) {
			return months
		}
		var by []int64
		var sum int64
		for day := at; day.Before(end); day = day.AddDate(0, 0, 1) {
			sum += sold[day]
			by = append(by, sum)
		}
		months = append(months, Month(12*at.Year()+int(at.Month()), len(by), by))
	}
}

// TestMonths: a month is forecast like a show: each from those before it alone, 35 of each organiser. The band holds in
// about 8 of 10, and the forecast is not worse than the better of two simple rules. The figures are in
// docs/judgement.md.
func TestMonths(t *testing.T) {
	t.Parallel()
	for _, kind := range slices.Sorted(maps.Keys(organisers)) {
		o := organisers[kind]
		o.shows = 40 * 30 / o.every
		var trials []Trial
		for seed := range uint64(6) {
			trials = append(trials, Backtest(monthsOf(o.invent(seed)))...)
		}
		banded, held := 0, 0
		for _, left := range []int{21, 14, 7, 3, 1} {
			r := RecordOf(left, trials)
			banded, held = banded+r.Banded, held+r.Held
			t.Logf("%-15s %2d days left: error %4.1f %% (mean of finals %4.1f, ratio %4.1f), band %d of %d", kind, left,
				100**r.OwnWAPE, 100**r.LevelWAPE, 100**r.RatioWAPE, r.Held, r.Banded)
			if *r.OwnWAPE > min(*r.LevelWAPE, *r.RatioWAPE)+0.02 {
				t.Errorf("%s, %d days left: worse than a simple rule", kind, left)
			}
		}
		t.Logf("%-15s band %d of %d = %.0f %%", kind, held, banded, 100*float64(held)/float64(banded))
		if coverage := float64(held) / float64(banded); coverage < 0.74 || coverage > 0.92 {
			t.Errorf("%s: the band holds in %.2f", kind, coverage)
		}
	}
}

// TestMonthsDoNotOverlap: of two that follow each other the first is over before the second begins, whatever they have
// of days, and February is compared with March.
func TestMonthsDoNotOverlap(t *testing.T) {
	t.Parallel()
	by := func(days int) (sold []int64) {
		for i := range days {
			sold = append(sold, int64(100*(i+1)))
		}
		return sold
	}
	var past []Show
	for number := range 14 {
		past = append(past, Month(number, 28+number%4, by(28+number%4)))
	}
	f := Learn(past).At(31).Forecast(Month(14, 31, nil))
	if f.Why != Offered || len(f.Shows) != mostComparables || f.Expected < 2700 || f.Expected > 3200 {
		t.Errorf("%+v", f)
	}
}
