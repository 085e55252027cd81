package ledger_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

var quick = ledger.LeaseTimes{Heartbeat: 50 * time.Millisecond, Silence: 3 * time.Second, Stale: time.Hour,
	Wait: time.Minute}

func running(id string) ledger.Run {
	return ledger.Run{ID: id, Status: ledger.Running, StartedAt: time.Now(), Host: "a", Process: ledger.Process()}
}

func closed(r ledger.Run) ledger.Run {
	now := time.Now()
	r.Status, r.FinishedAt, r.Message = ledger.OK, &now, "done"
	return r
}

// TestSecondRunWaitsForTheFirst, also when its clock is behind and its id therefore sorts before.
func TestSecondRunWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	for _, second := range []string{"1", "3"} {
		t.Run(second, func(t *testing.T) { t.Parallel(); secondWaits(t, second) })
	}
}

func secondWaits(t *testing.T, second string) {
	book := ledger.New(testkit.Open(t, testkit.Database(t)))
	first := running("2")
	release, err := book.Acquire(t.Context(), first, quick, func(string) { t.Error("the first run waits") })
	if err != nil {
		t.Fatal(err)
	}
	waits := make(chan string, 1)
	acquired := make(chan error, 1)
	go func() {
		stop, err := book.Acquire(t.Context(), running(second), quick, func(other string) { waits <- other })
		if err == nil {
			stop()
		}
		acquired <- err
	}()
	if other := <-waits; !strings.Contains(other, "run 2 on a") {
		t.Errorf("the second run waits for %q", other)
	}
	time.Sleep(quick.Silence + time.Second) // longer than a dead run would be waited for: the heartbeats keep it off
	select {
	case err := <-acquired:
		t.Fatalf("the second run did not wait: %v", err)
	default:
	}
	release()
	if err := book.Save(t.Context(), closed(first)); err != nil {
		t.Fatal(err)
	}
	if err := <-acquired; err != nil {
		t.Error(err)
	}
}

// TestOneRunWorksAtATime: many start at once, some under ids of clocks that are behind.
func TestOneRunWorksAtATime(t *testing.T) {
	t.Parallel()
	book := ledger.New(testkit.Open(t, testkit.Database(t)))
	var working, most, runs atomic.Int32
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			r := running(string(rune('f' - i)))
			release, err := book.Acquire(t.Context(), r, quick, func(string) {})
			if err != nil {
				t.Error(err)
				return
			}
			most.Store(max(most.Load(), working.Add(1)))
			time.Sleep(3 * quick.Heartbeat)
			working.Add(-1)
			runs.Add(1)
			release()
			if err := book.Save(t.Context(), closed(r)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() != 1 || runs.Load() != 6 {
		t.Errorf("%d of 6 runs worked, up to %d at once", runs.Load(), most.Load())
	}
}

func TestWaitingEnds(t *testing.T) {
	t.Parallel()
	book := ledger.New(testkit.Open(t, testkit.Database(t)))
	release, err := book.Acquire(t.Context(), running("1"), quick, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	impatient := quick
	impatient.Wait = 0
	if _, err := book.Acquire(t.Context(), running("2"), impatient, func(string) {}); !errors.Is(err,
		ledger.ErrLeaseHeld) {
		t.Errorf("error %v, want ErrLeaseHeld", err)
	}
}

// TestDeadRunsDoNotBlock: a process that is gone is told at once, one of an unknown host by its silence.
func TestDeadRunsDoNotBlock(t *testing.T) {
	t.Parallel()
	own := strings.Fields(ledger.Process())
	if len(own) != 4 {
		t.Fatalf("process is %v, want boot, namespace, pid and start", own)
	}
	gone := running("1")
	gone.Process = strings.Join([]string{own[0], own[1], "1", "1"}, " ") // pid 1 did not start one tick after boot
	silent := running("2")
	silent.Process = "another-boot pid:[1] 1 1"

	c := testkit.Database(t)
	book := ledger.New(testkit.Open(t, c))
	for _, r := range []ledger.Run{gone, silent} {
		if err := book.Save(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	release, err := book.Acquire(t.Context(), running("3"), quick, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	release()
	got := texts(t, c, "SELECT concat(run_id, ' ', status, ' ', error_class) FROM meta_job_runs ORDER BY run_id")
	if strings.Join(got, ", ") != "1 failed dead, 2 failed dead, 3 running " {
		t.Errorf("the ledger says %v", got)
	}
}

// TestMarkDeadIsNotBlind: a run that ends well between the look at the ledger and the look at its process is
// not declared dead.
func TestMarkDeadIsNotBlind(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	book := ledger.New(testkit.Open(t, c))
	for _, id := range []string{"1", "2"} {
		if err := book.Save(t.Context(), running(id)); err != nil {
			t.Fatal(err)
		}
	}
	seen, err := ledger.OpenRuns(book, t.Context(), "3")
	if err != nil || len(seen) != 2 {
		t.Fatalf("%d running lines are seen, %v, want 2", len(seen), err)
	}
	if err := book.Save(t.Context(), closed(running("1"))); err != nil {
		t.Fatal(err)
	}
	for _, dead := range seen {
		if err := ledger.MarkDead(book, t.Context(), dead, "3"); err != nil {
			t.Fatal(err)
		}
	}
	got := texts(t, c, "SELECT concat(run_id, ' ', status) FROM meta_job_runs ORDER BY run_id")
	if want := []string{"1 ok", "2 failed"}; !slices.Equal(got, want) {
		t.Errorf("the ledger says %v, want %v", got, want)
	}
}
