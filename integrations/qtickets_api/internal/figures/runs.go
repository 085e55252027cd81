package figures

import (
	"context"
	"time"
)

// Run is a run of the loader.
type Run struct {
	RunID      string
	Mode       string // backfill, increment, reconcile, reread, rebuild, webhook
	Status     string // running, ok, partial or failed
	StartedAt  time.Time
	FinishedAt *time.Time
	Duration   time.Duration
	Orders     uint64 // read
	Message    string `money:"yes"` // may name sums
	ErrorClass string
	Published  bool
}

// runRow is a run with what it read of each feed.
type runRow struct {
	Run
	batch                                     uint64
	catalogue, seats, seatsFailed, quarantine uint64
}

// runs are the newest first.
func (s *Store) runs(ctx context.Context, f Filter) ([]runRow, error) {
	p := map[string]string{"now": seconds(f.Now)}
	var runs []runRow
	err := s.read(ctx, "runs", p, func(scan func(...any) error) error {
		var r runRow
		var ms uint64
		err := scan(&r.RunID, &r.Mode, &r.Status, &r.StartedAt, &r.FinishedAt, &ms, &r.Message, &r.ErrorClass, &r.batch,
			&r.Orders, &r.catalogue, &r.seats, &r.seatsFailed, &r.quarantine)
		r.Duration, r.Published = time.Duration(ms)*time.Millisecond, r.batch != 0
		runs = append(runs, r)
		return err
	})
	return runs, err
}

// loads reports whether the run is a whole load, not one of single orders or of nothing new.
func (r *runRow) loads() bool {
	return r.Mode == "backfill" || r.Mode == "increment" || r.Mode == "reconcile"
}
