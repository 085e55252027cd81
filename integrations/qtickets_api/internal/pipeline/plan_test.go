package pipeline

import (
	"log/slog"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestPlan: what a run reads, by what is known and asked for. A wish for a short window never leaves a
// hole behind the last complete run.
func TestPlan(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 5, 10, 12, 0, 0, 0, time.UTC)
	hoursAgo := func(h int) *warehouse.Checkpoint {
		return &warehouse.Checkpoint{ThroughID: 1, At: now.Add(time.Duration(-h) * time.Hour)}
	}
	const overlap = int(Overlap / time.Hour)
	for _, c := range []struct {
		name   string
		known  *warehouse.Checkpoint
		o      Options
		mode   Mode
		window int // hours back, 0: everything
	}{
		{"first run", nil, Options{}, ModeBackfill, 0},
		{"first run with a window still reads everything", nil, Options{Since: 24 * time.Hour}, ModeBackfill, 0},
		{"first dry run", nil, Options{dry: true}, ModeBackfill, 0},
		{"first dry run with a window", nil, Options{dry: true, Since: 24 * time.Hour}, ModeIncrement, 24},
		{"first dry comparison with a window", nil, Options{dry: true, Mode: ModeReconcile, Since: 24 * time.Hour},
			ModeIncrement, 24},
		{"next run", hoursAgo(1), Options{}, ModeIncrement, 1 + overlap},
		{"next run after an outage", hoursAgo(72), Options{}, ModeIncrement, 72 + overlap},
		{"a longer window than needed", hoursAgo(1), Options{Since: 48 * time.Hour}, ModeIncrement, 48},
		{"a shorter window than needed", hoursAgo(72), Options{Since: 24 * time.Hour}, ModeIncrement, 72 + overlap},
		{"backfill once it is complete", hoursAgo(1), Options{Mode: ModeBackfill}, ModeReconcile, 0},
		{"single orders", nil, Options{Mode: ModeReread}, ModeReread, 0},
		{"everything again", hoursAgo(1), Options{Mode: ModeReconcile, Since: 24 * time.Hour}, ModeReconcile, 0},
	} {
		c.o.Logger = slog.New(slog.DiscardHandler)
		c.o.setDefaults()
		r := &run{Options: c.o, report: &Report{StartedAt: now}, store: newDryStore(nil),
			before: warehouse.State{Checkpoint: c.known}}
		if err := r.makePlan(t.Context()); err != nil {
			t.Fatal(err)
		}
		window := 0
		if r.report.WindowSince != nil {
			window = int(now.Sub(*r.report.WindowSince).Hours())
		}
		if r.report.Mode != c.mode || window != c.window {
			t.Errorf("%s: %s of %d hours, want %s of %d", c.name, r.report.Mode, window, c.mode, c.window)
		}
	}
}
