package figures

import (
	"context"
	"slices"
	"time"
)

// Feeds are the state of loading.
type Feeds struct {
	Feeds []Feed
	Runs  []Run // the last ones, newest first
}

// Feed is one kind of data the loader reads.
type Feed struct {
	Name     FeedName
	AsOf     *time.Time // complete up to; nil: never read
	LastRun  *Run       // that read it
	Rows     uint64     // read by LastRun
	Failed   uint64     // of LastRun: what could not be read
	Day      []Tick     // the runs of the last 24 hours that read it, ascending
	DayRows  uint64
	DayFails int
}

// FeedName names a feed.
type FeedName string

// The feeds in their order.
const (
	FeedOrders    FeedName = "orders"    // orders with their tickets
	FeedCatalogue FeedName = "catalogue" // events and shows
	FeedSeats     FeedName = "seats"     // seats of shows
	FeedReconcile FeedName = "reconcile" // the comparison of every order
)

// Tick is a run on the line of a day.
type Tick struct {
	At       time.Time
	Status   string
	Duration time.Duration
	Rows     uint64
}

// Feeds are the state of loading.
func (s *Store) Feeds(ctx context.Context, f Filter) (Feeds, error) {
	runs, err := s.runs(ctx, f)
	if err != nil {
		return Feeds{}, err
	}
	var seatsAt time.Time
	if err := s.read(ctx, "seats_seen", f.parameters(),
		func(scan func(...any) error) error { return scan(&seatsAt) }); err != nil {
		return Feeds{}, err
	}
	asOf := f.Version.AsOf
	feeds := Feeds{Feeds: []Feed{
		feedOf(FeedOrders, f.Now, runs, (*runRow).loads, func(r *runRow) (uint64, uint64) { return r.Orders, r.quarantine }),
		feedOf(FeedCatalogue, f.Now, runs, (*runRow).loads, func(r *runRow) (uint64, uint64) { return r.catalogue, 0 }),
		feedOf(FeedSeats, f.Now, runs, (*runRow).loads, func(r *runRow) (uint64, uint64) { return r.seats, r.seatsFailed }),
		feedOf(FeedReconcile, f.Now, runs, func(r *runRow) bool { return r.Mode == "reconcile" || r.Mode == "backfill" },
			func(r *runRow) (uint64, uint64) { return r.Orders, r.quarantine }),
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
func feedOf(name FeedName, now time.Time, runs []runRow, reads func(*runRow) bool,
	counts func(*runRow) (rows, failed uint64)) Feed {
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
