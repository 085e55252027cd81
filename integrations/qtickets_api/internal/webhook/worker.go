package webhook

import (
	"context"
	"log/slog"
	"time"
)

// The rhythm of a Worker: what comes alone is published within seconds, what pours in as often as publications are
// cheap.
const (
	debounce     = 500 * time.Millisecond // a burst is over after this long without a delivery
	maxWait      = 2 * time.Second        // but is never waited for longer than this
	pollInterval = time.Minute            // a run without a delivery: another process may have received one
	minRetry     = 2 * time.Second        // the pause after a failure, doubled with each further one
	maxRetry     = time.Minute
	longestRest  = time.Minute // one publication that was held up must not hold up everything
)

// Rest is how long the next publication for webhooks waits after one that took so long: ten times that, so that they
// take at most an eleventh of the time and cheap ones follow each other fast, and a minute at most. What was delivered
// meanwhile waits no longer than this.
func Rest(took time.Duration) time.Duration { return min(10*took, longestRest) }

// Worker turns bursts of deliveries into single runs.
type Worker struct {
	run    func(ctx context.Context) (published time.Duration, err error)
	log    *slog.Logger
	wake   chan struct{} // something was delivered
	loaded chan struct{} // a load has ended
}

// NewWorker returns a Worker; it works while Work does. run handles everything that is pending; what it could not
// handle stays pending. published is how long its publication took, 0 when there was none.
func NewWorker(run func(ctx context.Context) (published time.Duration, err error), log *slog.Logger) *Worker {
	return &Worker{run: run, log: log, wake: make(chan struct{}, 1), loaded: make(chan struct{}, 1)}
}

// Wake says that something was delivered. It never waits.
func (w *Worker) Wake() { signal(w.wake) }

// Loaded says that a load has ended, for which webhooks may wait. It never waits.
func (w *Worker) Loaded() { signal(w.loaded) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Work begins with what an earlier process left and returns when stop ends; a run under way goes on under its
// own context.
func (w *Worker) Work(stop, runs context.Context) {
	retry := minRetry
	patience := maxWait // with a burst: no more than what the last publication made others wait
	for stop.Err() == nil {
		published, err := w.run(runs)
		if err != nil {
			w.log.Warn("Webhooks wait", "error", err, "next_try", retry.String())
			w.pause(stop, retry)
			retry = min(2*retry, maxRetry)
			continue
		}
		retry = minRetry
		if published > 0 {
			rest := Rest(published)
			patience = min(rest, maxWait)
			sleep(stop, rest)
			if w.delivered() { // it has waited long enough
				continue
			}
		}
		if w.next(stop) {
			w.awaitBurstEnd(stop, patience)
		}
	}
}

// delivered tells whether something was delivered since it was last looked at.
func (w *Worker) delivered() bool {
	select {
	case <-w.wake:
		return true
	default:
		return false
	}
}

// pause after a failure. Deliveries do not shorten it, the end of a load does.
func (w *Worker) pause(stop context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-stop.Done():
	case <-timer.C:
	case <-w.loaded:
	}
}

// next waits until there may be something to do, and tells whether that is a delivery.
func (w *Worker) next(stop context.Context) bool {
	timer := time.NewTimer(pollInterval)
	defer timer.Stop()
	select {
	case <-stop.Done():
		return false
	case <-timer.C:
		return false
	case <-w.loaded:
		return false
	case <-w.wake:
		return true
	}
}

// awaitBurstEnd returns when no delivery has come for a while, or after the longest time to wait.
func (w *Worker) awaitBurstEnd(stop context.Context, longest time.Duration) {
	limit := time.NewTimer(longest)
	defer limit.Stop()
	for {
		pause := time.NewTimer(debounce)
		select {
		case <-w.wake:
			pause.Stop()
			continue
		case <-stop.Done():
		case <-pause.C:
		case <-limit.C:
		}
		pause.Stop()
		return
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
