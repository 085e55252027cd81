package ledger

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Process names this process so that another one can tell whether it still lives:
// boot, pid namespace, pid and start time. "" where the system does not say.
func Process() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	pid := fmt.Sprint(os.Getpid())
	return strings.Join([]string{strings.TrimSpace(string(boot)), namespace, pid, startTime(pid)}, " ")
}

// activeRuns are the runs of this process that wait for the lease or hold it, by runKey. Another line of this process
// that is still open could not be closed: ClickHouse was unavailable when its run ended.
var activeRuns sync.Map

// runKey is a run of one database.
type runKey struct{ config, run string }

func keyOf(db *warehouse.DB, run string) runKey {
	c := db.Config()
	if c.OneOfSeveral { // the line of a run is the same on all servers of a cluster
		return runKey{c.Database, run}
	}
	return runKey{fmt.Sprintf("%s:%d/%s", c.Host, c.Port, c.Database), run}
}

// processGone tells whether the process of another run has ended. It is sure only about processes of this boot and pid
// namespace.
func processGone(other openRun, own Run) bool {
	if other.process == own.Process && own.Process != "" && own.Process == Process() {
		return !other.active
	}
	a, b := strings.Fields(other.process), strings.Fields(own.Process)
	if len(a) != 4 || len(b) != 4 || a[0] != b[0] || a[1] != b[1] {
		return false
	}
	return startTime(a[2]) != a[3]
}

// startTime of a process in clock ticks since boot, "-" when there is none.
func startTime(pid string) string {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return "-"
	}
	// The name in brackets may hold spaces; the start time is the 20th field after it.
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return "-"
	}
	return fields[19]
}
