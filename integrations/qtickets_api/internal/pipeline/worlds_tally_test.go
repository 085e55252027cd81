package pipeline_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
)

// tally counts what happened in all worlds together.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func newTally() *tally { return &tally{counts: map[string]int{}} }

func (t *tally) add(what string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[what] += n
}

func (t *tally) run(r result) {
	end := "killed"
	switch {
	case r.killed:
	case r.report != nil:
		end = string(r.report.Status)
	default:
		end = "not begun"
	}
	t.add("runs", 1)
	t.add("run: "+string(cmp.Or(r.mode, pipeline.ModeIncrement))+" "+end, 1)
}

func (t *tally) get(what string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[what]
}

// String is one line with every count.
func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(t.counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", what, t.counts[what]))
	}
	return strings.Join(parts, "; ")
}
