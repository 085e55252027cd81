// Package crash_test ends the real program and the real ClickHouse without warning, at every step and at
// random, and takes disk, rights and clock away from them. Nothing in the program helps: a proxy before
// ClickHouse and the simulated QTickets see each step from outside and kill the process there. The next
// run must repair everything: facts equal the box office, nothing is doubled, no run is left running.
package crash_test

import (
	"context"
	"flag"
	"os"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// asProgram in the environment makes this test binary the program itself: what is killed is then always
// built from the sources under test, and with the race detector when the tests are.
const asProgram = "CRASH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Process{Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ()}))
	}
	if err := flag.Set("test.parallel", "6"); err != nil { // much of the time is waiting: for a lease, for a start
		panic(err)
	}
	testkit.Main(m)
}
