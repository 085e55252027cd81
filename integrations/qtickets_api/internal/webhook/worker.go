package webhook

import (
	"context"
	"log/slog"
	"time"
)

// Times are the rhythm of a Worker; zero values mean DefaultTimes.
type Times struct {
	Quiet time.Duration // a burst is over after this long without a delivery
	Most  time.Duration // but never waited for longer than this
	Look  time.Duration // without a delivery it still looks this often: another process may have received one
	// Retry is the pause after a failure, doubled with each further one up to RetryMost.
	Retry, RetryMost time.Duration
}

// breathe is the longest pause after a run.
const breathe = 2 * time.Second

// DefaultTimes publish within two or three seconds of a burst's end.
var DefaultTimes = Times{Quiet: 500 * time.Millisecond, Most: 2 * time.Second, Look: time.Minute, Retry: 2 * time.Second, RetryMost: time.Minute}

// Worker turns bursts of deliveries into single runs.
type Worker struct {
	// Run handles everything that is pending; what it could not handle stays pending.
	Run    func(ctx context.Context) error
	Times  Times
	Logger *slog.Logger

	wake   chan struct{} // something was delivered
	loaded chan struct{} // a load has ended
}

// NewWorker returns a Worker; it works while Work does.
func NewWorker(run func(ctx context.Context) error, log *slog.Logger) *Worker {
	return &Worker{Run: run, Times: DefaultTimes, Logger: log, wake: make(chan struct{}, 1), loaded: make(chan struct{}, 1)}
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
	retry := w.Times.Retry
	for stop.Err() == nil {
		began := time.Now()
		if err := w.Run(runs); err != nil {
			w.Logger.Warn("Webhooks wait", "error", err, "next_try", retry.String())
			w.pause(stop, retry)
			retry = min(2*retry, w.Times.RetryMost)
			continue
		}
		retry = w.Times.Retry
		// ClickHouse has others to serve, however long a publication takes.
		if sleep(stop, min(time.Since(began)/2, breathe)) && w.next(stop) {
			w.settle(stop)
		}
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
	timer := time.NewTimer(w.Times.Look)
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

// settle waits for the end of a burst.
func (w *Worker) settle(stop context.Context) {
	most := time.NewTimer(w.Times.Most)
	defer most.Stop()
	for {
		quiet := time.NewTimer(w.Times.Quiet)
		select {
		case <-w.wake:
			quiet.Stop()
			continue
		case <-stop.Done():
		case <-quiet.C:
		case <-most.C:
		}
		quiet.Stop()
		return
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
