package pipeline_test

import (
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
)

// modes are those a story chooses from. A rebuild derives everything from the stored payloads.
var modes = []pipeline.Mode{
	pipeline.ModeIncrement, pipeline.ModeIncrement, pipeline.ModeIncrement, pipeline.ModeIncrement,
	pipeline.ModeReread, pipeline.ModeReconcile, pipeline.ModeBackfill, pipeline.ModeRebuild,
}

// sweepNow makes every event overdue to be swept: the worlds' days pass in no time.
var sweepNow = pipeline.Limits{SweepMaxAge: time.Nanosecond}

// readEverything tells whether a run read and compared every order.
func readEverything(r *pipeline.Report) bool {
	for _, l := range r.Scans {
		if l.Name == pipeline.ScanReconcile || l.Name == pipeline.ScanHistory && !r.Resumed {
			return true
		}
	}
	return false
}

// readChanges tells whether a run read every order whose updated_at moved, or more.
func readChanges(r *pipeline.Report) bool {
	changes := r.Mode == pipeline.ModeIncrement || r.Mode == pipeline.ModeBackfill && r.Probe != nil && r.Probe.UpdatedAt
	return changes || readEverything(r)
}

// endedProcess is the name of a process of this boot that has ended.
func endedProcess() string {
	fields := strings.Fields(ledger.Process())
	if len(fields) != 4 {
		return ""
	}
	fields[2] = "4194305" // one above the greatest pid
	return strings.Join(fields, " ")
}
