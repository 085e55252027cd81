package ledger

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// ErrLeaseHeld is returned when another run holds the lease for longer than this one may wait.
var ErrLeaseHeld = errors.New("another run is in progress")

// LeaseTimes are the rhythm of the lease.
type LeaseTimes struct {
	Heartbeat time.Duration // how often a run says that it lives
	Silence   time.Duration // a run silent for so long, timed by our own clock, is dead
	Stale     time.Duration // a run with a heartbeat this old by anybody's clock is dead at once
	Wait      time.Duration // how long to wait for another run
}

// DefaultLeaseTimes suit runs of minutes.
var DefaultLeaseTimes = LeaseTimes{Heartbeat: 5 * time.Second, Silence: 20 * time.Second, Stale: 10 * time.Minute,
	Wait: 10 * time.Minute}

// Acquire opens the run's line in the ledger and waits until no other run works and none waits longer, so
// that one run works at a time. Runs whose process is gone are declared dead. notify is called once when
// it has to wait. The returned function stops the heartbeats; it does not close the line. The error is ErrLeaseHeld
// when the wait was too long.
func (l *Ledger) Acquire(ctx context.Context, run Run, times LeaseTimes, notify func(other string)) (release func(),
	err error) {
	key := keyOf(l.db, run.ID)
	activeRuns.Store(key, true)
	line := &leaseLine{ledger: l, run: run}
	if err := line.save(ctx, nil); err != nil {
		activeRuns.Delete(key)
		return nil, err
	}
	endBeats := line.heartbeats(ctx, times.Heartbeat)
	stop := func() { endBeats(); activeRuns.Delete(key) }
	w := waiter{Ledger: l, line: line, own: run, times: times, observed: map[string]observedHeartbeat{}}
	if err := w.wait(ctx, notify); err != nil {
		stop()
		return nil, err
	}
	return stop, nil
}

// waiter is a run that waits for the lease.
type waiter struct {
	*Ledger
	line     *leaseLine
	own      Run
	times    LeaseTimes
	observed map[string]observedHeartbeat // of the other runs, by id
}

func (w waiter) wait(ctx context.Context, notify func(other string)) error {
	deadline := time.Now().Add(w.times.Wait)
	first := func(o openRun) bool { return o.working || o.id < w.own.ID }
	for notified := false; ; notified = true {
		holder, err := w.blocking(ctx, first)
		if err == nil && holder == "" {
			holder, err = w.take(ctx)
		}
		if err != nil || holder == "" {
			return err
		}
		if !notified {
			notify(holder)
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%w: %s: wait for it, or stop it", ErrLeaseHeld, holder)
		}
		// Not all at the same moment: two that took the lease together have both given it back.
		if err := sleep(ctx, w.times.Heartbeat/10+rand.N(w.times.Heartbeat/5)); err != nil {
			return err
		}
	}
}

// take writes that the run works and reads the ledger again: of two that do so at the same time at least one sees
// the other, because each reads after its own line is there. Who sees another gives way.
func (w waiter) take(ctx context.Context) (holder string, err error) {
	if err := w.line.save(ctx, func(r *Run) { r.Working = true }); err != nil {
		return "", err
	}
	holder, err = w.blocking(ctx, func(o openRun) bool { return o.working })
	if err == nil && holder != "" {
		err = w.line.save(ctx, func(r *Run) { r.Working = false })
	}
	return holder, err
}

// blocking describes a live run that is in the way, "" when there is none, and declares dead ones dead.
func (w waiter) blocking(ctx context.Context, inTheWay func(openRun) bool) (holder string, err error) {
	others, err := w.openRuns(ctx, w.own.ID)
	if err != nil {
		return "", err
	}
	for _, other := range others {
		if other.dead(w.own, w.times, w.observed) {
			if err := w.markDead(ctx, other, w.own.ID); err != nil {
				return "", err
			}
			continue
		}
		if inTheWay(other) {
			holder = other.describe()
		}
	}
	return holder, nil
}

// leaseLine is the running line that the heartbeats repeat. It is written by one goroutine at a time:
// a heartbeat that was late must not take back what was written since.
type leaseLine struct {
	mu     sync.Mutex
	ledger *Ledger
	run    Run
}

// save writes the line, changed by set unless that is nil.
func (l *leaseLine) save(ctx context.Context, set func(*Run)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if set != nil {
		set(&l.run)
	}
	return l.ledger.Save(ctx, l.run)
}

// heartbeats repeats the running line until stopped. The closing line is written later and wins.
func (l *leaseLine) heartbeats(ctx context.Context, every time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for sleep(ctx, every) == nil {
			_ = l.save(ctx, nil) // a missed beat is what Silence allows for
		}
	}()
	return func() { cancel(); <-done }
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
