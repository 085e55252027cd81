package warehouse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// LeaseTimes are the rhythm of the lease.
type LeaseTimes struct {
	Heartbeat time.Duration // how often a run says that it lives
	Silence   time.Duration // a run this silent, watched by our own clock, is dead
	Stale     time.Duration // a heartbeat this old by anybody's clock needs no watching
	Wait      time.Duration // how long to wait for another run
}

// DefaultLeaseTimes suit runs of minutes.
var DefaultLeaseTimes = LeaseTimes{Heartbeat: 5 * time.Second, Silence: 20 * time.Second, Stale: 10 * time.Minute, Wait: 10 * time.Minute}

// Acquire opens the run's line in the ledger and waits until no other run works and none waits longer, so
// that one run works at a time. Runs whose process is gone are declared dead. notify is called once when
// it has to wait. The returned function stops the heartbeats; it does not close the line.
func (db *DB) Acquire(ctx context.Context, run Run, times LeaseTimes, notify func(other string)) (release func(), err error) {
	ours := db.place(run.ID)
	atWork.Store(ours, true)
	defer func() {
		if err != nil {
			atWork.Delete(ours)
		}
	}()
	line := &leaseLine{db: db, run: run}
	if err := line.save(ctx, beat); err != nil {
		return nil, err
	}
	endBeats := line.heartbeats(ctx, times.Heartbeat)
	stop := func() { endBeats(); atWork.Delete(ours) }
	defer func() {
		if err != nil {
			stop()
		}
	}()
	watched := map[string]sighting{}
	deadline := time.Now().Add(times.Wait)
	for told := false; ; told = true {
		first := func(o otherRun) bool { return o.working || o.id < run.ID }
		alive, err := db.blocking(ctx, run, times, watched, first)
		if err == nil && alive == "" {
			alive, err = db.take(ctx, line, run, times, watched)
		}
		if err != nil {
			return nil, err
		}
		if alive == "" {
			return stop, nil
		}
		if !told {
			notify(alive)
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("%w: %s: wait for it, or stop it", ErrLeaseHeld, alive)
		}
		// Not all at the same moment: two that took the lease together have both given it back.
		if err := sleep(ctx, times.Heartbeat/10+rand.N(times.Heartbeat/5)); err != nil {
			return nil, err
		}
	}
}

// take notes that the run works and looks again: of two that note it at the same time at least one sees
// the other, because each looks after its own note is there. Who sees another gives way.
func (db *DB) take(ctx context.Context, line *leaseLine, own Run, times LeaseTimes, watched map[string]sighting) (alive string, err error) {
	if err := line.save(ctx, work); err != nil {
		return "", err
	}
	alive, err = db.blocking(ctx, own, times, watched, func(o otherRun) bool { return o.working })
	if err == nil && alive != "" {
		err = line.save(ctx, giveUp)
	}
	return alive, err
}

// blocking names a live run that stands in the way, "" when there is none, and declares dead ones dead.
func (db *DB) blocking(ctx context.Context, own Run, times LeaseTimes, watched map[string]sighting, inTheWay func(otherRun) bool) (alive string, err error) {
	others, err := db.otherRuns(ctx, own.ID)
	if err != nil {
		return "", err
	}
	for _, other := range others {
		if other.dead(own, times, watched) {
			if err := db.bury(ctx, other, own.ID); err != nil {
				return "", err
			}
			continue
		}
		if inTheWay(other) {
			alive = other.describe()
		}
	}
	return alive, nil
}

// leaseLine is the running line that the heartbeats repeat. It is written by one goroutine at a time:
// a heartbeat that was late must not take back what was noted since.
type leaseLine struct {
	mu  sync.Mutex
	db  *DB
	run Run
}

func (l *leaseLine) save(ctx context.Context, set func(*Run)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	set(&l.run)
	return l.db.SaveRun(ctx, l.run)
}

func beat(*Run)     {}
func work(r *Run)   { r.Working = true }
func giveUp(r *Run) { r.Working = false }

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// heartbeats repeats the running line until stopped. The closing line is written later and wins.
func (l *leaseLine) heartbeats(ctx context.Context, every time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for sleep(ctx, every) == nil {
			_ = l.save(ctx, beat) // a missed beat is what Silence allows for
		}
	}()
	return func() { cancel(); <-done }
}

type otherRun struct {
	id, mode             string
	host, process        string
	startedAt, heartbeat time.Time
	version              uint64 // of its line
	working              bool   // holds the lease; others wait for it
	atWork               bool   // it is a run of this process, and not over
}

func (o otherRun) describe() string {
	return fmt.Sprintf("run %s on %s since %s", o.id, o.host, o.startedAt.Format(time.DateTime))
}

// sighting is a heartbeat as it was first seen and when.
type sighting struct{ heartbeat, first time.Time }

// dead tells whether nobody stands behind the line any more. Another host's clock may be wrong, so a
// silent heartbeat is timed by our own clock from when it was first seen.
func (o otherRun) dead(own Run, times LeaseTimes, watched map[string]sighting) bool {
	now := time.Now()
	if now.Sub(o.heartbeat) > times.Stale || processGone(o, own) {
		return true
	}
	seen, ok := watched[o.id]
	if !ok || !seen.heartbeat.Equal(o.heartbeat) {
		watched[o.id] = sighting{o.heartbeat, now}
		return false
	}
	return now.Sub(seen.first) > times.Silence
}

func (db *DB) otherRuns(ctx context.Context, id string) ([]otherRun, error) {
	var others []otherRun
	const statement = `SELECT run_id, toString(mode), host, process, started_at, heartbeat_at, version, working FROM state_job_runs FINAL
		WHERE job = {job:String} AND status = 'running' AND run_id != {id:String} ORDER BY run_id`
	err := db.query(ctx, statement, map[string]string{"job": Job, "id": id}, func(r driver.Rows) error {
		var o otherRun
		var working uint8
		err := r.Scan(&o.id, &o.mode, &o.host, &o.process, &o.startedAt, &o.heartbeat, &o.version, &working)
		o.working = working == 1
		_, o.atWork = atWork.Load(db.place(o.id))
		others = append(others, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read run ledger: %w", err)
	}
	return others, nil
}

// bury declares a run dead unless it has closed its line meanwhile: it may have ended well between our look
// at the ledger and our look at its process.
func (db *DB) bury(ctx context.Context, dead otherRun, by string) error {
	again, err := db.otherRuns(ctx, by)
	if err != nil {
		return err
	}
	for _, o := range again {
		if o.id == dead.id {
			return db.declareDead(ctx, o, by)
		}
	}
	return nil
}

func (db *DB) declareDead(ctx context.Context, o otherRun, by string) error {
	end := time.Now()
	if end.Before(o.startedAt) { // its clock was ahead of ours
		end = o.startedAt
	}
	db.writeAbove(o.version)
	return db.SaveRun(ctx, Run{
		ID: o.id, Mode: o.mode, Status: Failed, StartedAt: o.startedAt, FinishedAt: &end, Host: o.host, Process: o.process,
		ErrorClass: "dead", Message: "the process ended without closing its run, declared dead by run " + by,
	})
}

// writeAbove makes the versions that follow higher than one that a clock ahead of ours may have given.
func (db *DB) writeAbove(version uint64) {
	for {
		last := db.lastVersion.Load()
		if last >= version || db.lastVersion.CompareAndSwap(last, version) {
			return
		}
	}
}

// Process names this process so that another one can tell whether it still lives:
// boot, pid namespace, pid and start time. "" where the system does not say.
func Process() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	pid := fmt.Sprint(os.Getpid())
	return strings.Join([]string{strings.TrimSpace(string(boot)), namespace, pid, startTime(pid)}, " ")
}

// atWork are the runs of this process that wait for the lease or hold it. Another line of it that is still open
// could not be closed: ClickHouse was away when its run ended.
var atWork sync.Map // of places

// place is a run of one database.
type place struct{ address, database, run string }

func (db *DB) place(run string) place { return place{db.config.address(), db.config.Database, run} }

// processGone is sure only about processes of this boot and pid namespace.
func processGone(other otherRun, own Run) bool {
	if other.process == own.Process && own.Process != "" && own.Process == Process() {
		return !other.atWork
	}
	a, b := strings.Fields(other.process), strings.Fields(own.Process)
	if len(a) != 4 || len(b) != 4 || a[0] != b[0] || a[1] != b[1] {
		return false
	}
	return startTime(a[2]) != a[3]
}

// startTime of a process in clock ticks since boot, "-" when there is none.
func startTime(pid string) string {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return "-"
	}
	// The name in brackets may hold spaces; the start time is the 20th field after it.
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return "-"
	}
	return fields[19]
}
