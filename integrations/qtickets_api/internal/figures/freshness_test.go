package figures

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// ledger makes runs, the newest first: a word each, how many minutes ago it started before it.
func ledger(now time.Time, specs ...string) []runRow {
	var runs []runRow
	for _, w := range specs {
		var ago int
		r := runRow{Run: Run{Mode: "increment"}}
		if _, err := fmt.Sscanf(w, "%d%s", &ago, &r.Status); err != nil {
			panic(err)
		}
		r.StartedAt = now.Add(-time.Duration(ago) * time.Minute)
		r.Published = r.Status == "ok" || r.Status == "partial"
		runs = append(runs, r)
	}
	return runs
}

func TestFreshness(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		age    int // minutes
		runs   []string
		state  FreshnessState
		reason FreshnessReason
		median int // minutes, 0: unknown
	}{
		{"as always", 5, []string{"5ok", "20ok", "35ok", "50ok"}, Fresh, ReasonNone, 15},
		{"just not late", 30, []string{"30ok", "45ok", "60ok", "75ok"}, Fresh, ReasonNone, 15},
		{"late", 31, []string{"31ok", "46ok", "61ok", "76ok"}, Late, ReasonNoLoad, 15},
		{"just not stale", 60, []string{"60ok", "75ok", "90ok", "105ok"}, Late, ReasonNoLoad, 15},
		{"stale", 61, []string{"61ok", "76ok", "91ok", "106ok"}, Stale, ReasonNoLoad, 15},
		{"failed", 20, []string{"5failed", "20ok", "35ok", "50ok", "65ok"}, Stale, ReasonFailed, 15},
		{"failed and mended", 5, []string{"5ok", "20failed", "35ok", "50ok", "65ok"}, Fresh, ReasonNone, 15},
		{"one is running", 20, []string{"0running", "20ok", "35ok", "50ok", "65ok"}, Fresh, ReasonNone, 15},
		{"partial", 5, []string{"5partial", "20ok", "35ok", "50ok"}, Fresh, ReasonPartial, 15},
		{"partial and late", 31, []string{"31partial", "46ok", "61ok", "76ok"}, Late, ReasonNoLoad, 15},
		{"the first load", 5, []string{"5ok"}, Fresh, ReasonTooYoung, 0},
		{"the first loads, then nothing", 61, []string{"61ok", "62ok"}, Stale, ReasonNoLoad, 0},
		{"nights apart", 60, []string{"60ok", "120ok", "180ok", "900ok", "960ok"}, Fresh, ReasonNone, 60},
		{"nothing in the ledger", 5, nil, Fresh, ReasonTooYoung, 0},
	} {
		got := assess(Version{AsOf: now.Add(-time.Duration(c.age) * time.Minute)}, now, ledger(now, c.runs...))
		median := 0
		if got.MedianGap != nil {
			median = int(*got.MedianGap / time.Minute)
		}
		if got.State != c.state || got.Reason != c.reason || median != c.median {
			t.Errorf("%s: %s %q, usual gap %d min, want %s %q, %d", c.name, got.State, got.Reason, median, c.state, c.reason,
				c.median)
		}
	}
}

// TestWebhookRunsAreNoLoads: single orders that were read again say nothing about how often everything is.
func TestWebhookRunsAreNoLoads(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)
	runs := ledger(now, "1ok", "2ok", "3failed", "5ok", "20ok", "35ok", "50ok")
	for i := range 3 {
		runs[i].Mode = "webhook"
	}
	got := assess(Version{AsOf: now.Add(-5 * time.Minute)}, now, runs)
	if got.State != Fresh || got.MedianGap == nil || *got.MedianGap != 15*time.Minute ||
		!got.LastRun.StartedAt.Equal(runs[3].StartedAt) {
		t.Errorf("%+v", got)
	}
}

func TestFeedOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)
	runs := ledger(now, "1running", "5failed", "20ok", "1500ok")
	for i := range runs {
		runs[i].Orders = uint64(i)
	}
	feed := feedOf(FeedOrders, now, runs, (*runRow).loads, func(r *runRow) (uint64, uint64) { return r.Orders, 0 })
	if len(feed.Day) != 2 || feed.Day[0].Status != "ok" || feed.DayFails != 1 || feed.DayRows != 3 ||
		feed.LastRun.Status != "failed" ||
		!feed.AsOf.Equal(runs[2].StartedAt) {
		t.Errorf("%+v", feed)
	}
}

// TestMemoAsksOnce: all who wait for an answer get it from one question; a failure is not kept, and who leaves fails
// alone.
func TestMemoAsksOnce(t *testing.T) {
	t.Parallel()
	var m memo[int]
	var asked atomic.Int32
	hold := make(chan struct{})
	question := func(context.Context) (int, error) {
		asked.Add(1)
		<-hold
		return 7, nil
	}
	left, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := m.get(left, "a", question)
		gone <- err
	}()
	for asked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	var waiting sync.WaitGroup
	for range 20 {
		waiting.Go(func() {
			if n, err := m.get(t.Context(), "a", question); n != 7 || err != nil {
				t.Errorf("%d, %v", n, err)
			}
		})
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Error("who left got", err)
	}
	close(hold)
	waiting.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	broken := errors.New("broken")
	if _, err := m.get(t.Context(), "b", func(context.Context) (int, error) { return 1, broken }); !errors.Is(err,
		broken) {
		t.Error(err)
	}
	if n, err := m.get(t.Context(), "b", func(context.Context) (int, error) { return 2, nil }); n != 2 || err != nil {
		t.Errorf("after a failure: %d, %v", n, err)
	}
	for i := range 3 * mostKept {
		_, _ = m.get(t.Context(), fmt.Sprint(i), func(context.Context) (int, error) { return i, nil })
	}
	if len(m.kept) > mostKept {
		t.Errorf("%d answers are kept", len(m.kept))
	}
}
