package pipeline_test

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// How many worlds a test run plays, short and whole; QTICKETS_WORLDS asks for another number.
const fewWorlds, manyWorlds = 8, 300

// TestWorlds is the promise of the whole project as one property: random box offices, random things
// that happen in them, faults of the API, lost connections, killed runs and a killed ClickHouse, in any
// order. Whatever a run publishes is right or is what was there before, and after the last run, which
// meets no fault, the facts are what the box office says.
//
// A failure prints the story and the command that plays it again. QTICKETS_WORLDS_SEED is the first
// seed, QTICKETS_WORLDS_NOW the moment at which the worlds' clocks end, QTICKETS_WORLDS_ACTS the acts
// of a story to play (all the others are left out).
func TestWorlds(t *testing.T) {
	number := envNumber(t, "QTICKETS_WORLDS", testkit.Rounds(fewWorlds, manyWorlds))
	first := envNumber(t, "QTICKETS_WORLDS_SEED", 1)
	now := envTime(t, "QTICKETS_WORLDS_NOW", time.Now().Truncate(time.Hour))
	all, began := newTally(), time.Now()
	var next atomic.Int64
	t.Run("stages", func(t *testing.T) {
		for i := range min(4, runtime.GOMAXPROCS(0)) {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				s := newStage(t)
				for !t.Failed() {
					n := int(next.Add(1)) - 1
					if n >= number {
						return
					}
					playWorld(t, s, newStory(uint64(first+n), now), now, all)
					if played := all.get("worlds"); played%50 == 0 {
						t.Logf("%d worlds, %d runs in %s", played, all.get("runs"), time.Since(began).Round(time.Second))
					}
				}
			})
		}
	})
	took := time.Since(began)
	t.Logf("%d worlds from seed %d in %s, %.2f per second: %s", all.get("worlds"), first, took.Round(time.Second),
		float64(all.get("worlds"))/took.Seconds(), all)
}

func playWorld(t *testing.T, s *stage, st story, now time.Time, all *tally) {
	t.Helper()
	if text := os.Getenv("QTICKETS_WORLDS_ACTS"); text != "" {
		var keep []int
		for word := range strings.SplitSeq(text, ",") {
			i, err := strconv.Atoi(word)
			if err != nil || i < 0 || i >= len(st.acts) {
				t.Fatalf("QTICKETS_WORLDS_ACTS=%q: %q is no act of a story of %d", text, word, len(st.acts))
			}
			keep = append(keep, i)
		}
		st = st.only(keep)
	}
	log, err := play(t.Context(), s, st, all)
	if err == nil {
		return
	}
	repeat := fmt.Sprintf("QTICKETS_WORLDS=1 QTICKETS_WORLDS_SEED=%d QTICKETS_WORLDS_NOW=%s", st.seed,
		now.UTC().Format(time.RFC3339))
	t.Errorf("%v\n\n%s\nwhat happened:\n%s\nplay it again: %s go test ./internal/pipeline -run TestWorlds", err, st, log,
		repeat)
	if os.Getenv("QTICKETS_WORLDS_ACTS") == "" {
		keep := strings.Trim(strings.ReplaceAll(fmt.Sprint(shrink(t.Context(), s, st)), " ", ","), "[]")
		t.Errorf("it fails with these acts alone too: %s QTICKETS_WORLDS_ACTS=%s go test ./internal/pipeline -run TestWorlds",
			repeat, keep)
	}
}

func envNumber(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is no number above 0", name, text)
	}
	return n
}

func envTime(t *testing.T, name string, otherwise time.Time) time.Time {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatalf("%s=%q is no time such as 2026-11-23T08:00:00Z", name, text)
	}
	return at
}
