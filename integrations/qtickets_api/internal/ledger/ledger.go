package ledger

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Status of a run in the ledger.
type Status string

// The statuses of a run. Partial: what was read is right and published, but something was not read.
const (
	Running Status = "running"
	OK      Status = "ok"
	Partial Status = "partial"
	Failed  Status = "failed"
)

// Run is one line of the run ledger (meta_job_runs). Times are instants.
type Run struct {
	ID         string // sorts by start
	Status     Status
	Working    bool   // of a running one: it holds the lease and does not wait for it
	Mode       string // backfill, increment, reconcile, reread, webhook or rebuild
	StartedAt  time.Time
	FinishedAt *time.Time // nil: the run is open
	Org        string
	Host       string
	Process    string // as Process names it
	Build      string
	// WindowSince is the moment since which changes were asked for; nil: everything.
	WindowSince *time.Time
	// OrdersComplete: every order up to OrdersThroughID is in the state.
	OrdersComplete  bool
	OrdersThroughID uint64
	OrdersTotal     uint64
	OrdersMissing   uint64 // that QTickets counts and no list holds; a person accepted the difference
	OrdersRead      uint64
	TicketsRead     uint64
	EventsRead      uint64
	ShowsRead       uint64
	InventoryRead   uint64
	InventoryFailed uint64
	Quarantined     uint64
	RowsInserted    uint64
	APIRequests     uint64
	Batch           uint64 // 0: nothing was published
	Probe           string // JSON
	Checks          string // JSON
	ProbeChange     string // how the API behaves differently from the run before; "": it does not
	Layers          string // JSON
	ErrorClass      string
	Message         string
}

// Ledger writes the lines of the runs of one process. All lines of a run go through one Ledger: it keeps their
// versions in order. Safe for concurrent use.
type Ledger struct {
	db          *warehouse.DB
	lastVersion atomic.Uint64
}

// New is the ledger of a database.
func New(db *warehouse.DB) *Ledger { return &Ledger{db: db} }

// Save writes a new version of the run's line, the current one for all readers.
func (l *Ledger) Save(ctx context.Context, r Run) error {
	now := time.Now()
	end := now
	if r.FinishedAt != nil {
		end = *r.FinishedAt
	}
	version := l.nextVersion(now)
	duration := uint64(end.Sub(r.StartedAt).Milliseconds())
	column := warehouse.Col
	err := l.db.Write(ctx, "state_job_runs", 1, func(int) []warehouse.Column {
		return []warehouse.Column{
			column("job", warehouse.Job), column("run_id", r.ID), column("version", version),
			column("status", string(r.Status)), column("mode", r.Mode), column("started_at", r.StartedAt),
			column("heartbeat_at", now), column("working", r.Working), column("finished_at", r.FinishedAt),
			column("org_name", r.Org), column("host", r.Host), column("process", r.Process), column("build", r.Build),
			column("window_since", r.WindowSince),
			column("orders_complete", r.OrdersComplete), column("orders_through_id", r.OrdersThroughID),
			column("orders_total", r.OrdersTotal), column("orders_missing", r.OrdersMissing),
			column("orders_read", r.OrdersRead),
			column("tickets_read", r.TicketsRead), column("events_read", r.EventsRead), column("shows_read", r.ShowsRead),
			column("inventory_read", r.InventoryRead), column("inventory_failed", r.InventoryFailed),
			column("quarantined", r.Quarantined), column("rows_inserted", r.RowsInserted),
			column("api_requests", r.APIRequests), column("duration_ms", duration), column("batch", r.Batch),
			column("probe", r.Probe), column("checks", r.Checks), column("probe_change", r.ProbeChange),
			column("layers", r.Layers), column("error_class", r.ErrorClass), column("message", r.Message),
		}
	})
	if err != nil {
		return fmt.Errorf("write run ledger: %w", err)
	}
	return nil
}

// nextVersion never goes back, so that the line written last is the one that counts even when the clock
// is set back between.
func (l *Ledger) nextVersion(now time.Time) uint64 {
	for {
		last := l.lastVersion.Load()
		next := max(uint64(now.UnixNano()), last+1)
		if l.lastVersion.CompareAndSwap(last, next) {
			return next
		}
	}
}

// raiseVersion makes the versions that follow higher than one that a clock ahead of ours may have given.
func (l *Ledger) raiseVersion(version uint64) {
	for {
		last := l.lastVersion.Load()
		if last >= version || l.lastVersion.CompareAndSwap(last, version) {
			return
		}
	}
}
