package crash_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestKilledAtAnyMoment kills the loader at twenty moments that no list of steps has foreseen.
func TestKilledAtAnyMoment(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	t.Run("first load", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, 31, many, testkit.Database(t))
		l.empty()
		l.killAt(boundary{after, "INSERT INTO state_orders"}, func() {}) // the first of two
		killAnytime(l, 4, l.empty)
	})
	t.Run("changes", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, 32, few, testkit.Database(t))
		l.repair()
		killAnytime(l, 16, l.live)
	})
}

// killAnytime kills a number of runs at seeded parts of the time that an undisturbed one takes.
func killAnytime(l *lab, times int, prepare func()) {
	l.Helper()
	prepare()
	l.guard.reset()
	started := time.Now()
	l.start().must(partial)
	undisturbed := time.Since(started)
	l.repair()
	rng := rand.New(rand.NewPCG(uint64(times), 5))
	for tries, killed := 0, 0; killed < times; tries++ {
		if tries == 3*times {
			l.Fatalf("only %d of %d runs were killed before their end", killed, tries)
		}
		prepare()
		old := testkit.Published(l, l.db)
		l.guard.reset()
		victim, began := l.start(), time.Now()
		part := rng.Float64()
		select {
		case <-time.After(time.Duration(part * float64(undisturbed))):
		case <-victim.ended: // quicker than the one that was measured
			undisturbed = time.Since(began)
		}
		victim.kill()
		if victim.wait() == -1 {
			killed++
		}
		l.checkComplete(old, l.guard.story())
		l.repair()
		l.check()
		if l.Failed() {
			l.Fatalf("above: killed after %.3f of a run", part)
		}
	}
}
