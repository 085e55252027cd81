package cli_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestServeForADay lets a day of a box office pass in half a minute: webhooks that are lost, doubled and out of order,
// viewers, loads, and a ClickHouse that goes away and comes back. At the end the facts are those of the box office,
// and neither memory nor goroutines have grown. It measures its own process, so it does not run beside others.
func TestServeForADay(t *testing.T) {
	testkit.Long(t)
	e := newOwnEngine(t)
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 71, Orders: 300,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	s := shellOn(e, world).with("LOG_LEVEL", "warn")
	idle := runtime.NumGoroutine()
	l := s.serve("--every", "2s")
	wait(t, "the first load is published", func() bool { status, _ := l.get("/readyz"); return status == http.StatusOK })
	hooks := l.webhooks(simulator.WebhookOptions{LoseEvery: 7, DuplicateEvery: 5, UnknownEvery: 11, ForgeEvery: 13,
		Reversed: true})
	seen, stopViewing := view(l, 4)

	var early, late usage
	rng := newRand(71)
	const steps = 24 * 60 / 5
	for step := range steps {
		for range 2 {
			world.Step(rng)
		}
		world.Advance(5 * time.Minute)
		switch step {
		case steps / 3:
			early = measure()
		case steps / 2:
			e.stop()
		case steps/2 + 3:
			e.start()
		}
		hooks.Deliver(t.Context())
		time.Sleep(25 * time.Millisecond)
	}
	settled(t, e, l, hooks)
	late = measure()
	wait(t, "the page and the metrics were seen often enough", func() bool { return seen.Load() >= 100 })
	stopViewing()
	testkit.CheckFacts(t, s.db, world)
	if code := l.stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, l.stderr)
	}
	t.Logf("a third: %+v, the end: %+v, pages seen %d, %+v", early, late, seen.Load(), hooks.Deliver(context.Background()))
	for _, r := range testkit.Rows(t, s.db,
		"SELECT toString(mode), count(), countIf(status = 'ok'), toInt64(median(duration_ms)), max(duration_ms) FROM "+
			"meta_job_runs GROUP BY mode ORDER BY mode") {
		t.Logf("runs of mode %q: %d, ok %d, median %d ms, worst %d ms", r...)
	}
	r := testkit.Rows(t, s.db,
		"SELECT count(), toInt64(quantile(0.5)(assumeNotNull(delay_ms))), toInt64(max(assumeNotNull(delay_ms))) FROM "+
			"meta_webhooks")[0]
	t.Logf("%d webhooks, published after %d ms (median), %d ms (worst, the engine was away)", r...)
	if late.heap > early.heap+24<<20 {
		t.Errorf("the heap grew from %d to %d bytes", early.heap, late.heap)
	}
	if late.goroutines > early.goroutines+24 { // a page under way asks for up to eight blocks at once
		t.Errorf("goroutines grew from %d to %d", early.goroutines, late.goroutines)
	}
	http.DefaultClient.CloseIdleConnections()
	http.DefaultClient.CloseIdleConnections()
	if err := s.server.Close(); err != nil { // which ends the idle connections to it
		t.Error(err)
	}
	for deadline := time.Now().Add(time.Minute); runtime.NumGoroutine() > idle+4; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			all := make([]byte, 1<<20)
			t.Fatalf("%d goroutines are left, %d were there before:\n%s", runtime.NumGoroutine(), idle,
				all[:runtime.Stack(all, true)])
		}
	}
}

// settled waits until everything delivered is handled and a load has read what was not.
func settled(t *testing.T, e *ownEngine, l *serving, hooks *simulator.Webhooks) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); hooks.Deliver(t.Context()).Pending > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("webhooks are not taken: %+v\n%s", hooks.Deliver(t.Context()), l.stderr)
		}
		l.server.World().Advance(2 * time.Minute)
	}
	wait(t, "all webhooks are handled", func() bool { return e.waiting() == 0 })
	from := time.Now()
	wait(t, "a load has ended well since", func() bool {
		return testkit.Rows(t, e.As(embedded.Loader),
			"SELECT count() FROM meta_job_runs WHERE mode = 'increment' AND status = 'ok' AND started_at > ?",
			from)[0][0].(uint64) > 0
	})
}

type usage struct {
	heap       uint64
	goroutines int
}

func measure() usage {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{m.HeapAlloc, runtime.NumGoroutine()}
}

// view has some browsers look at the page and at the metrics until stopped, and counts.
func view(l *serving, browsers int) (seen *atomic.Int64, stop func()) {
	ctx, cancel := context.WithCancel(l.Context())
	var all sync.WaitGroup
	seen = &atomic.Int64{}
	for i := range browsers {
		all.Go(func() {
			for path := []string{"", "metrics"}[i%2]; ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
				r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url+path, nil)
				if err != nil {
					l.Error(err)
					return
				}
				r.Header.Set("Cookie", l.cookie)
				response, err := http.DefaultClient.Do(r)
				if err != nil {
					if ctx.Err() == nil {
						l.Errorf("the page: %v", err)
					}
					continue
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				if response.StatusCode == http.StatusOK {
					seen.Add(1)
				} else if !strings.HasPrefix(response.Status, "503") {
					l.Errorf("/%s: %s", path, response.Status)
				}
			}
		})
	}
	return seen, func() { cancel(); all.Wait() }
}
