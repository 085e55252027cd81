package pipeline_test

import (
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// The tasks a story may give a run.
const (
	taskSync      = ""
	taskReconcile = "reconcile"
)

var tasks = []string{taskSync, taskSync, taskSync, taskReconcile}

// tombstones: a reconcile notices what vanished.
const tombstones = false

func setTask(o *pipeline.Options, task string, _ []uint64) { o.Full = task == taskReconcile }

// wholeList tells whether a run of this mode read every order.
func wholeList(mode string) bool { return mode != pipeline.ModeIncrement }

// readsSales tells whether a run of this mode promises that the facts are complete.
func readsSales(string) bool { return true }

// endedProcess is the name of a process of this boot that has ended.
func endedProcess() string {
	words := strings.Fields(warehouse.Process())
	if len(words) != 4 {
		return ""
	}
	words[2] = "4194305" // one above the greatest pid
	return strings.Join(words, " ")
}
