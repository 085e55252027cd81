package qtickets

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestBackOff(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	c, clock := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		switch n.Add(1) {
		case 1:
			writeJSON(w, 500, "")
		case 2:
			w.Header().Set("Retry-After", "7")
			writeJSON(w, 429, "")
		case 3:
			w.Header().Set("Retry-After", when.Add(20*time.Second).Format(http.TimeFormat))
			writeJSON(w, 503, "")
		case 4:
			writeJSON(w, 504, "")
		default:
			writeJSON(w, 200, listJSON(orderJSON(5000001)))
		}
	})
	page, err := c.Orders(t.Context(), Query{})
	if err != nil {
		t.Fatal(err)
	}
	// 500 ms with half of its half; the header's seconds; the rest up to the header's date; 4 s likewise.
	want := []time.Duration{375 * time.Millisecond, 7 * time.Second, 12625 * time.Millisecond, 3 * time.Second}
	var got []time.Duration
	for _, d := range clock.slept {
		if d > time.Millisecond { // the rate limiter's own pauses are microseconds here
			got = append(got, d.Round(time.Millisecond))
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("slept %v, want %v", got, want)
	}
	if sent := page.ObservedAt; sent.Sub(when).Round(time.Second) != 23*time.Second || sent.Location() != time.UTC {
		t.Errorf("observed at %s, which is not when the successful request was sent", sent)
	}
}

func TestNoSleepPastTheContext(t *testing.T) {
	t.Parallel()
	c, clock := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		writeJSON(w, 429, "")
	}, func(o *Options) { o.Now = time.Now })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := c.Orders(ctx, Query{})
	var failure *RequestError
	if !errors.As(err, &failure) || failure.RetryAfter != 2*time.Minute || failure.Attempts != 1 ||
		Class(err) != "rate_limited" || len(clock.slept) != 0 {
		t.Errorf("%v, slept %v", err, clock.slept)
	}
}

func TestLongRetryAfterIsLeftToTheNextRun(t *testing.T) {
	t.Parallel()
	c, clock := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		writeJSON(w, 429, "")
	})
	if _, err := c.Orders(t.Context(), Query{}); Class(err) != "rate_limited" ||
		!strings.Contains(err.Error(), "1h0m0s") || len(clock.slept) != 0 {
		t.Errorf("%v, slept %v", err, clock.slept)
	}
	if got := retryAfter("99999999999999999999", when); got < time.Hour {
		t.Errorf("a pause beyond every number is taken for %s", got)
	}
}

func TestCancelWhileSleeping(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 500, "") }, func(o *Options) {
		o.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return sleep(ctx, time.Hour) }
		o.RateLimit = 1e12
	})
	if _, err := c.Orders(ctx, Query{}); !errors.Is(err, context.Canceled) || Class(err) != "canceled" {
		t.Errorf("got %v", err)
	}
}

func TestCancelWhileReading(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := c.Orders(ctx, Query{}); Class(err) != "canceled" || c.Stats().Requests != 1 {
		t.Errorf("%v after %d requests", err, c.Stats().Requests)
	}
	if len(c.inFlight) != 0 {
		t.Error("the place among the requests in flight was not given back")
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	c, clock := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 200, listJSON()) },
		func(o *Options) { o.RateLimit = 4 })
	for range 9 {
		if _, err := c.Orders(t.Context(), Query{}); err != nil {
			t.Fatal(err)
		}
	}
	if took := clock.Now().Sub(when); took != 2*time.Second {
		t.Errorf("nine requests at four per second took %s, want 2s", took)
	}
}

func TestRequestsInFlight(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	reached := make(chan struct{}, 8)
	release := make(chan struct{})
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		reached <- struct{}{}
		<-release
		now.Add(-1)
		writeJSON(w, 200, listJSON())
	}, func(o *Options) { o.MaxInFlight = 2 })
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := c.Orders(t.Context(), Query{}); err != nil {
				t.Error(err)
			}
		})
	}
	<-reached
	<-reached // both places are taken; whoever else gets through is one too many
	close(release)
	group.Wait()
	if most.Load() != 2 {
		t.Errorf("%d requests at the same time, want 2", most.Load())
	}
}

// As many idle connections as requests in flight are kept: with a distant server a handshake takes longer
// than a response.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	const inFlight, rounds = 6, 4
	var mu sync.Mutex
	connections := map[string]bool{}
	arrived := make(chan struct{}, inFlight)
	release := make(chan struct{})
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		connections[r.RemoteAddr] = true
		mu.Unlock()
		arrived <- struct{}{}
		<-release
		writeJSON(w, 200, listJSON())
	}, func(o *Options) { o.MaxInFlight = inFlight })
	for range rounds {
		var group sync.WaitGroup
		for range inFlight {
			group.Go(func() {
				if _, err := c.Orders(t.Context(), Query{}); err != nil {
					t.Error(err)
				}
			})
		}
		for range inFlight { // all of a round are under way together
			<-arrived
		}
		for range inFlight {
			release <- struct{}{}
		}
		group.Wait()
	}
	if len(connections) != inFlight {
		t.Errorf("%d connections for %d requests in flight", len(connections), inFlight)
	}
}
