package qtickets_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain has properties tried a hundred times in a short run too: they are quick.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		_ = flag.Set("rapid.checks", "500") // rapid tries a fifth of these
	}
	os.Exit(m.Run())
}
