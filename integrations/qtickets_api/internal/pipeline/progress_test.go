package pipeline

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestTimeLeft is estimated from the pace since the feed began, also when it began in the middle.
func TestTimeLeft(t *testing.T) {
	t.Parallel()
	began := time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		from, done, total int64
		after, left       time.Duration
	}{
		{0, 100, 400, time.Minute, 3 * time.Minute},
		{1000, 1100, 1400, time.Minute, 3 * time.Minute},
		{0, 0, 400, time.Minute, 0},
		{0, 400, 400, time.Minute, 0},
		{0, 500, 400, time.Minute, 0},
	} {
		if left := (pace{began: began, from: c.from}).left(began.Add(c.after), c.done, c.total); left != c.left {
			t.Errorf("%d of %d, begun at %d, after %s: %s left, want %s", c.done, c.total, c.from, c.after, left, c.left)
		}
	}
}

// TestLongReadingIsTold: now and then, not on every page.
func TestLongReadingIsTold(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	bars := 0
	r := &run{Options: Options{Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Progress: func(string, int64, int64) { bars++ }}}
	r.progress("orders", 100, 900)
	r.pace.logged, r.pace.began = time.Now().Add(-2*progressEvery), time.Now().Add(-time.Minute)
	r.progress("orders", 300, 900)
	r.progress("orders", 400, 900)
	if bars != 3 || strings.Count(log.String(), "msg=Reading") != 1 ||
		!strings.Contains(log.String(), "done=300 total=900 left=3m0s") {
		t.Errorf("%d calls; %s", bars, log.String())
	}
}
