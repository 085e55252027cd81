package pipeline_test

import (
	"context"
	"slices"
)

// shrinkPlays bounds how often a failing story is played again to find out which acts it needs.
const shrinkPlays = 60

// shrink leaves out acts as long as the story still fails, and returns the numbers of those that are needed.
func shrink(ctx context.Context, s *stage, st story) []int {
	keep := make([]int, len(st.acts))
	for i := range keep {
		keep[i] = i
	}
	plays := 0
	for again := true; again; {
		again = false
		for i := len(keep) - 1; i >= 0 && plays < shrinkPlays && ctx.Err() == nil; i-- {
			fewer := slices.Delete(slices.Clone(keep), i, i+1)
			plays++
			if _, err := play(ctx, s, st.only(fewer), newTally()); err != nil {
				keep, again = fewer, true
			}
		}
	}
	return keep
}
