package webhook_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

// running is a Worker at work inside a bubble of time, and when it ran.
type running struct {
	*webhook.Worker
	began time.Time
	mu    sync.Mutex
	at    []time.Duration
	err   error
	takes time.Duration // of each run, to read
	costs time.Duration // of each run, to publish
}

func (r *running) run(context.Context) (time.Duration, error) {
	r.mu.Lock()
	r.at = append(r.at, time.Since(r.began))
	r.mu.Unlock()
	time.Sleep(r.takes + r.costs)
	return r.costs, r.err
}

// ran is when it ran so far.
func (r *running) ran() []time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.at)
}

func start(t *testing.T, change func(*running)) *running {
	r := &running{began: time.Now()}
	r.Worker = webhook.NewWorker(r.run, slog.New(slog.DiscardHandler))
	change(r)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); r.Work(ctx, context.Background()) }()
	t.Cleanup(func() { cancel(); <-done })
	return r
}

// TestRest: a publication waits ten times what the one before it took, whatever that was.
func TestRest(t *testing.T) {
	for took, rest := range map[time.Duration]time.Duration{
		0: 0, 30 * time.Millisecond: 300 * time.Millisecond, 2 * time.Second: 20 * time.Second, time.Minute: time.Minute,
	} {
		if got := webhook.Rest(took); got != rest {
			t.Errorf("after %s: %s, want %s", took, got, rest)
		}
	}
}

// TestWorkerRhythm: the first look is at once, a burst is one run soon after its end, an endless one is not waited
// for, and a failure is repeated more and more seldom until a load ends.
func TestWorkerRhythm(t *testing.T) {
	within := func(t *testing.T, what string, got, from, to time.Duration) {
		t.Helper()
		if got < from || got > to {
			t.Errorf("%s at %s, want %s to %s", what, got, from, to)
		}
	}
	t.Run("bursts", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, func(r *running) { r.takes = 100 * time.Millisecond })
			time.Sleep(10 * time.Second)
			for range 10 {
				r.Wake()
				time.Sleep(100 * time.Millisecond)
			}
			time.Sleep(9 * time.Second)
			if len(r.ran()) != 2 {
				t.Fatalf("ran at %v, want twice", r.ran())
			}
			within(t, "the first look", r.ran()[0], 0, 0)
			within(t, "the run after the burst", r.ran()[1], 11*time.Second, 12*time.Second)
			for range 100 {
				r.Wake()
				time.Sleep(100 * time.Millisecond)
			}
			time.Sleep(5 * time.Second)
			if n := len(r.ran()) - 2; n < 4 || n > 6 {
				t.Errorf("an endless burst of 10 s made %d runs: %v", n, r.ran())
			}
			time.Sleep(70 * time.Second)
			if time.Since(r.began)-last(r.ran()) > time.Minute {
				t.Errorf("no look without a delivery: %v", r.ran())
			}
		})
	})
	for cost, runs := range map[time.Duration]int{20 * time.Millisecond: 273, 300 * time.Millisecond: 18,
		2 * time.Second: 3} {
		t.Run("ten times "+cost.String()+" are left to others, and no more is waited for", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := start(t, func(r *running) { r.costs = cost })
				for range 6000 {
					r.Wake()
					time.Sleep(10 * time.Millisecond)
				}
				if n := len(r.ran()); n < runs-1 || n > runs+1 {
					t.Errorf("%d runs in a minute, want %d", n, runs)
				}
				time.Sleep(webhook.Rest(cost) + 10*time.Second)
				before := len(r.ran())
				woken := time.Since(r.began)
				r.Wake()
				time.Sleep(10 * time.Second)
				if len(r.ran()) != before+1 {
					t.Fatalf("a delivery on its own made %d runs", len(r.ran())-before)
				}
				within(t, "what comes alone", last(r.ran())-woken, 0, min(webhook.Rest(cost), 500*time.Millisecond))
			})
		})
	}
	t.Run("a run without a publication", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, func(r *running) { r.takes = 3 * time.Second })
			for range 600 {
				r.Wake()
				time.Sleep(100 * time.Millisecond)
			}
			if n := len(r.ran()); n < 12 || n > 13 {
				t.Errorf("%d runs of 3 s in a minute: %v", n, r.ran())
			}
		})
	})
	t.Run("failures", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, func(r *running) { r.err = errors.New("away") })
			for range 600 {
				r.Wake()
				time.Sleep(time.Second)
			}
			if n := len(r.ran()); n < 10 || n > 16 {
				t.Errorf("%d tries in ten minutes: %v", n, r.ran())
			}
			tries := len(r.ran())
			r.Loaded()
			time.Sleep(time.Millisecond)
			if len(r.ran()) != tries+1 {
				t.Error("the end of a load does not make it try at once")
			}
		})
	})
}

func last(at []time.Duration) time.Duration { return at[len(at)-1] }
