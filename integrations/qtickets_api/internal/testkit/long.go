package testkit

import "testing"

// Long leaves a test to `make test-all`: it takes long and guards what few changes touch.
func Long(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: make test-all runs it")
	}
}

// Rounds is how often a test repeats itself: few times in `make test`, many in `make test-all`.
func Rounds(few, many int) int {
	if testing.Short() {
		return few
	}
	return many
}
