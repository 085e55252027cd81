package pipeline

import "testing"

// TestTolerated: how many orders may vanish without a person's word.
func TestTolerated(t *testing.T) {
	t.Parallel()
	for stored, most := range map[int64]int{0: 3, 4: 3, 50: 10, 100: 20, 1000: 20, 2000: 20, 126_213: 1262} {
		if got := tolerated(stored); got != most {
			t.Errorf("of %d orders %d may vanish, want %d", stored, got, most)
		}
	}
}
