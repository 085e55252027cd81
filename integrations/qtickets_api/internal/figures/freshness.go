package figures

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Freshness says how far the data can be trusted now.
type Freshness struct {
	AsOf      time.Time
	Age       time.Duration // of the data at Filter.Now
	State     FreshnessState
	Reason    FreshnessReason
	MedianGap *time.Duration // median between the last 20 good loads; nil: too few to tell
	LastRun   *Run           // that has ended; nil: none
	// Unreadable orders count as they were read before they became so.
	Unreadable int64
}

// FreshnessState is fresh, late or stale.
type FreshnessState string

// FreshnessReason says why the data is late or stale.
type FreshnessReason string

// Late is over twice the median gap, stale over four times or after a failed run.
const (
	Fresh FreshnessState = "fresh"
	Late  FreshnessState = "late"
	Stale FreshnessState = "stale"

	ReasonNone     FreshnessReason = ""
	ReasonNoLoad   FreshnessReason = "no_load"   // nothing came for longer than usual
	ReasonFailed   FreshnessReason = "failed"    // the last run failed: Freshness.LastRun.Message says why
	ReasonPartial  FreshnessReason = "partial"   // the last run did not read everything; the state is as without it
	ReasonTooYoung FreshnessReason = "too_young" // too few loads to know what is usual: 15 minutes are assumed
)

// recentLoads are how many loads the median gap is taken from. With fewer gaps than fewLoads it is timerGap.
const (
	recentLoads = 20
	fewLoads    = 3
	timerGap    = 15 * time.Minute
	leastGap    = time.Minute
)

// Freshness says how far the data can be trusted at Filter.Now.
func (s *Store) Freshness(ctx context.Context, f Filter) (Freshness, error) {
	var runs []runRow
	var unreadable int64
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { runs, err = s.runs(ctx, f); return err })
	group.Go(func() error {
		return s.read(ctx, "unreadable", nil, func(scan func(...any) error) error { return scan(&unreadable) })
	})
	if err := group.Wait(); err != nil {
		return Freshness{}, err
	}
	fresh := assess(f.Version, f.Now, runs)
	fresh.Unreadable = unreadable
	return fresh, nil
}

func assess(v Version, now time.Time, runs []runRow) Freshness {
	fresh := Freshness{AsOf: v.AsOf, Age: max(now.Sub(v.AsOf), 0), State: Fresh}
	var good []time.Time
	for i, r := range runs {
		if r.Status == "running" {
			continue
		}
		if fresh.LastRun == nil && r.loads() {
			fresh.LastRun = &runs[i].Run
		}
		if r.loads() && r.Published && len(good) <= recentLoads {
			good = append(good, r.StartedAt)
		}
	}
	var gaps []time.Duration
	for i := 1; i < len(good); i++ {
		gaps = append(gaps, good[i-1].Sub(good[i]))
	}
	median := timerGap
	if len(gaps) >= fewLoads {
		slices.Sort(gaps)
		median = max((gaps[(len(gaps)-1)/2]+gaps[len(gaps)/2])/2, leastGap)
		fresh.MedianGap = &median
	} else {
		fresh.Reason = ReasonTooYoung
	}
	switch last := fresh.LastRun; {
	case last != nil && last.Status == "failed":
		fresh.State, fresh.Reason = Stale, ReasonFailed
	case fresh.Age > 4*median:
		fresh.State, fresh.Reason = Stale, ReasonNoLoad
	case fresh.Age > 2*median:
		fresh.State, fresh.Reason = Late, ReasonNoLoad
	case last != nil && last.Status == "partial":
		fresh.Reason = ReasonPartial
	}
	return fresh
}
