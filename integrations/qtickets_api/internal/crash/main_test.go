// Package crash_test ends the real program and the real ClickHouse without warning, at every step and at
// random, and takes disk, rights and clock away from them. Nothing in the program helps: a proxy before
// ClickHouse and the simulated QTickets see each step from outside and kill the process there. The next
// run must repair everything: facts equal the box office, nothing is doubled, no run is left running.
package crash_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "6"); err != nil { // much of the time is waiting: for a lease, for a start
		panic(err)
	}
	testkit.Main(m, func() { _ = os.RemoveAll(program.dir) })
}

// program is the real one, built from the sources under test at first use. It has no race detector: it is
// started some five hundred times, and the tests of the packages have one. Its slices of orders are small, so that it
// takes some over.
var program struct {
	once sync.Once
	dir  string
	err  error
}

func programPath(t testing.TB) string {
	t.Helper()
	program.once.Do(func() {
		if program.dir, program.err = os.MkdirTemp("", "qtickets_crash_"); program.err != nil {
			return
		}
		build := exec.Command("go", "build", "-tags", "small_slices", "-o",
			filepath.Join(program.dir, "qtickets_api"), "../..")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		program.err = build.Run()
	})
	if program.err != nil {
		t.Fatal("build the program: ", program.err)
	}
	return filepath.Join(program.dir, "qtickets_api")
}
