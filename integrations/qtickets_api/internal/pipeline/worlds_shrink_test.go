package pipeline_test

import (
	"context"
	"slices"
	"time"
)

// shrinkTime bounds how long a failing story is played again to find out which acts it needs.
const shrinkTime = 2 * time.Minute

// shrink leaves out acts as long as the story still fails, and returns the numbers of those that are needed.
func shrink(ctx context.Context, s *stage, st story) []int {
	keep := make([]int, len(st.acts))
	for i := range keep {
		keep[i] = i
	}
	began := time.Now()
	for again := true; again; {
		again = false
		for i := len(keep) - 1; i >= 0 && time.Since(began) < shrinkTime; i-- {
			fewer := slices.Delete(slices.Clone(keep), i, i+1)
			if _, err := play(ctx, s, st.only(fewer), newTally()); err != nil {
				keep, again = fewer, true
			}
		}
	}
	return keep
}
