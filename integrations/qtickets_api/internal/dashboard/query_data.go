package dashboard

import (
	"context"
	"slices"
	"time"
)

// Alerts are the incidents that go on, the newest first.
func (s *Store) Alerts(ctx context.Context, f Filter) ([]AlertLine, error) {
	return s.alerts(ctx, "1")
}

// AlertHistory are the last incidents, the newest first.
func (s *Store) AlertHistory(ctx context.Context, f Filter) ([]AlertLine, error) {
	return s.alerts(ctx, "0")
}

func (s *Store) alerts(ctx context.Context, openOnly string) ([]AlertLine, error) {
	var lines []AlertLine
	err := s.read(ctx, "alerts", map[string]string{"open_only": openOnly}, func(scan func(...any) error) error {
		var a AlertLine
		err := scan(&a.ID, &a.Rule, &a.Subject, &a.Text, &a.Level, &a.OpenedAt, &a.EndedAt)
		lines = append(lines, a)
		return err
	})
	return lines, err
}

// runRow is a run with what it read of each feed.
type runRow struct {
	Run
	batch                                             uint64
	orders, catalogue, seats, seatsFailed, quarantine uint64
}

// runs are the newest first.
func (s *Store) runs(ctx context.Context, f Filter) ([]runRow, error) {
	p := map[string]string{"now": seconds(f.Now)}
	var runs []runRow
	err := s.read(ctx, "runs", p, func(scan func(...any) error) error {
		var r runRow
		var ms uint64
		err := scan(&r.RunID, &r.Mode, &r.Status, &r.StartedAt, &r.FinishedAt, &ms, &r.Message, &r.ErrorClass, &r.batch, &r.orders, &r.catalogue,
			&r.seats, &r.seatsFailed, &r.quarantine)
		r.Duration, r.Published = time.Duration(ms)*time.Millisecond, r.batch != 0
		runs = append(runs, r)
		return err
	})
	return runs, err
}

// loads tells whether the run is a whole load, not one of single orders or of nothing new.
func (r *runRow) loads() bool {
	return r.Mode == "backfill" || r.Mode == "increment" || r.Mode == "reconcile"
}

// usualLoads are what the usual gap is taken from; without that many gaps it is the timer's.
const (
	usualLoads = 20
	fewLoads   = 3
	timerGap   = 15 * time.Minute
	leastGap   = time.Minute
)

// Freshness says how far the data can be trusted at Filter.Now.
func (s *Store) Freshness(ctx context.Context, f Filter) (Freshness, error) {
	runs, err := s.runs(ctx, f)
	if err != nil {
		return Freshness{}, err
	}
	return judge(f.Version, f.Now, runs), nil
}

func judge(v Version, now time.Time, runs []runRow) Freshness {
	fresh := Freshness{AsOf: v.AsOf, Age: max(now.Sub(v.AsOf), 0), State: Fresh}
	var good []time.Time
	for i, r := range runs {
		if r.Status == "running" {
			continue
		}
		if fresh.LastRun == nil && r.loads() {
			fresh.LastRun = &runs[i].Run
		}
		if r.loads() && r.Published && len(good) <= usualLoads {
			good = append(good, r.StartedAt)
		}
	}
	var gaps []time.Duration
	for i := 1; i < len(good); i++ {
		gaps = append(gaps, good[i-1].Sub(good[i]))
	}
	usual := timerGap
	if len(gaps) >= fewLoads {
		slices.Sort(gaps)
		usual = max((gaps[(len(gaps)-1)/2]+gaps[len(gaps)/2])/2, leastGap)
		fresh.UsualGap = &usual
	} else {
		fresh.Reason = ReasonTooYoung
	}
	switch last := fresh.LastRun; {
	case last != nil && last.Status == "failed":
		fresh.State, fresh.Reason = Stale, ReasonFailed
	case fresh.Age > 4*usual:
		fresh.State, fresh.Reason = Stale, ReasonNoLoad
	case fresh.Age > 2*usual:
		fresh.State, fresh.Reason = Late, ReasonNoLoad
	case last != nil && last.Status == "partial":
		fresh.Reason = ReasonPartial
	}
	return fresh
}

// Feeds are the state of loading.
func (s *Store) Feeds(ctx context.Context, f Filter) (Feeds, error) {
	runs, err := s.runs(ctx, f)
	if err != nil {
		return Feeds{}, err
	}
	var seatsAt time.Time
	if err := s.read(ctx, "seats_seen", f.parameters(), func(scan func(...any) error) error { return scan(&seatsAt) }); err != nil {
		return Feeds{}, err
	}
	asOf := f.Version.AsOf
	feeds := Feeds{Feeds: []Feed{
		feedOf(FeedOrders, f.Now, runs, (*runRow).loads, func(r *runRow) (uint64, uint64) { return r.orders, r.quarantine }),
		feedOf(FeedCatalogue, f.Now, runs, (*runRow).loads, func(r *runRow) (uint64, uint64) { return r.catalogue, 0 }),
		feedOf(FeedSeats, f.Now, runs, (*runRow).loads, func(r *runRow) (uint64, uint64) { return r.seats, r.seatsFailed }),
		feedOf(FeedReconcile, f.Now, runs, func(r *runRow) bool { return r.Mode == "reconcile" || r.Mode == "backfill" }, func(r *runRow) (uint64, uint64) { return r.orders, r.quarantine }),
	}}
	feeds.Feeds[0].AsOf = &asOf
	if seatsAt.Unix() > 0 {
		feeds.Feeds[2].AsOf = &seatsAt
	}
	for _, r := range runs[:min(len(runs), 50)] {
		feeds.Runs = append(feeds.Runs, r.Run)
	}
	return feeds, nil
}

// feedOf is a feed as the runs that read it show it. As of: the start of the last good one.
func feedOf(name FeedName, now time.Time, runs []runRow, reads func(*runRow) bool, counts func(*runRow) (rows, failed uint64)) Feed {
	feed := Feed{Name: name}
	for i := range runs {
		r := &runs[i]
		if !reads(r) || r.Status == "running" {
			continue
		}
		rows, failed := counts(r)
		if feed.LastRun == nil {
			feed.LastRun, feed.Rows, feed.Failed = &r.Run, rows, failed
		}
		if feed.AsOf == nil && r.Status != "failed" {
			feed.AsOf = &r.StartedAt
		}
		if r.StartedAt.Before(now.Add(-24 * time.Hour)) {
			continue
		}
		feed.Day = append(feed.Day, Tick{At: r.StartedAt, Status: r.Status, Duration: r.Duration, Rows: rows})
		feed.DayRows += rows
		if r.Status == "failed" {
			feed.DayFails++
		}
	}
	slices.Reverse(feed.Day)
	return feed
}

// Quarantine are the rows of the source that could not be understood.
func (s *Store) Quarantine(ctx context.Context, f Filter) (Quarantine, error) {
	var q Quarantine
	err := s.read(ctx, "quarantine", nil, func(scan func(...any) error) error {
		var l QuarantineLine
		err := scan(&l.Feed, &l.Reason, &l.Count, &l.Oldest, &l.Newest)
		q.Total += l.Count
		q.Rows = append(q.Rows, l)
		return err
	})
	return q, err
}
