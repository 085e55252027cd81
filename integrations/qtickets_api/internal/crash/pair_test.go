package crash_test

import (
	"fmt"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestTwoLoadersAtOnce starts two loaders at the same moment, fifty times: one waits for the other, both
// end well, and only one of them has something to write.
func TestTwoLoadersAtOnce(t *testing.T) {
	t.Parallel()
	labs, rounds := testkit.Rounds(1, 5), testkit.Rounds(3, 10)
	for i := range labs {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, int64(41+i), few, testkit.Database(t))
			for round := range rounds { // the first of them loads the whole history
				l.live()
				l.server.ClearFaults(simulator.BadPrice)
				first, second := l.start(), l.start()
				first.must(ok)
				second.must(ok)
				l.check()
				l.checkTurns(round + 1)
			}
		})
	}
}

// checkTurns requires a ledger of pairs: all runs ok, one of each pair found nothing left to write.
func (l *lab) checkTurns(pairs int) {
	l.Helper()
	r := testkit.Rows(l, l.db,
		"SELECT countIf(status = 'ok'), countIf(status != 'ok'), countIf(rows_inserted > 0) FROM meta_job_runs")[0]
	if r[0].(uint64) != uint64(2*pairs) || r[1].(uint64) != 0 || r[2].(uint64) != uint64(pairs) {
		l.Fatalf("after %d pairs: %d runs ok, %d not, %d wrote something", pairs, r[0], r[1], r[2])
	}
}
