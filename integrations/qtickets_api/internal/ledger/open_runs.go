package ledger

import (
	"context"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// openRun is another run whose line is open.
type openRun struct {
	id, mode             string
	host, process        string
	startedAt, heartbeat time.Time
	version              uint64 // of its line
	working              bool   // holds the lease; others wait for it
	active               bool   // it is a run of this process, and not over
}

func (o openRun) describe() string {
	return fmt.Sprintf("run %s on %s since %s", o.id, o.host, o.startedAt.Format(time.DateTime))
}

// openRuns are the open runs but for one's own, by id.
func (l *Ledger) openRuns(ctx context.Context, own string) ([]openRun, error) {
	var found []openRun
	parameters := map[string]string{"job": warehouse.Job, "own": own}
	err := l.db.Read(ctx, statement("open_runs"), parameters, func(scan func(...any) error) error {
		var o openRun
		var working uint8
		err := scan(&o.id, &o.mode, &o.host, &o.process, &o.startedAt, &o.heartbeat, &o.version, &working)
		o.working = working == 1
		_, o.active = activeRuns.Load(keyOf(l.db, o.id))
		found = append(found, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read run ledger: %w", err)
	}
	return found, nil
}

// observedHeartbeat is a heartbeat as it was first seen and when, by our own clock.
type observedHeartbeat struct{ heartbeat, first time.Time }

// dead tells whether the run has ended without closing its line. Another host's clock may be wrong, so a
// silent heartbeat is timed by our own clock from when it was first seen.
func (o openRun) dead(own Run, times LeaseTimes, observed map[string]observedHeartbeat) bool {
	now := time.Now()
	if now.Sub(o.heartbeat) > times.Stale || processGone(o, own) {
		return true
	}
	seen, ok := observed[o.id]
	if !ok || !seen.heartbeat.Equal(o.heartbeat) {
		observed[o.id] = observedHeartbeat{o.heartbeat, now}
		return false
	}
	return now.Sub(seen.first) > times.Silence
}

// markDead declares a run dead unless it has closed its line since: it may have ended normally after we read the ledger
// and before we looked for its process.
func (l *Ledger) markDead(ctx context.Context, dead openRun, by string) error {
	current, err := l.openRuns(ctx, by)
	if err != nil {
		return err
	}
	for _, o := range current {
		if o.id == dead.id {
			return l.closeDead(ctx, o, by)
		}
	}
	return nil
}

func (l *Ledger) closeDead(ctx context.Context, o openRun, by string) error {
	end := time.Now()
	if end.Before(o.startedAt) { // its clock was ahead of ours
		end = o.startedAt
	}
	l.raiseVersion(o.version)
	return l.Save(ctx, Run{
		ID: o.id, Mode: o.mode, Status: Failed, StartedAt: o.startedAt, FinishedAt: &end, Host: o.host, Process: o.process,
		ErrorClass: "dead", Message: "the process ended without closing its run, declared dead by run " + by,
	})
}
