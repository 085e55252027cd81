package warehouse

import (
	"context"
	"time"
)

// Job is the name of this loader in the run ledger.
const Job = "qtickets_api"

// Status of a run in the ledger.
type Status string

// The statuses of a run. Partial: what was read is right and published, but something was not read.
const (
	Running Status = "running"
	OK      Status = "ok"
	Partial Status = "partial"
	Failed  Status = "failed"
)

// Run is one line of the run ledger (meta_job_runs).
type Run struct {
	ID         string // sorts by start
	Status     Status
	Working    bool   // of a running one: it holds the lease and does not wait for it
	Mode       string // backfill, increment, reconcile, reread, webhook or rebuild
	StartedAt  time.Time
	FinishedAt *time.Time
	Org        string
	Host       string
	Process    string
	Build      string
	// WindowSince is the moment since which changes were asked for; nil: everything.
	WindowSince *time.Time
	// OrdersComplete: every order up to OrdersThroughID is in the state.
	OrdersComplete  bool
	OrdersThroughID uint64
	OrdersTotal     uint64
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
	ProbeChange     string // what the API honours otherwise than in the run before
	Layers          string // JSON
	ErrorClass      string
	Message         string
}

// SaveRun writes a new version of the run's line, for all readers the current one.
func (db *DB) SaveRun(ctx context.Context, r Run) error {
	now := time.Now()
	ver := db.nextVersion(now)
	end := now
	if r.FinishedAt != nil {
		end = *r.FinishedAt
	}
	return db.retry(ctx, "write run ledger", func() error {
		batch, err := db.conn.PrepareBatch(ctx, `INSERT INTO state_job_runs (job, run_id, version, status, mode, started_at,
			heartbeat_at, working, finished_at, org_name, host, process, build, window_since, orders_complete, orders_through_id,
			orders_total, orders_read, tickets_read, events_read, shows_read, inventory_read, inventory_failed, quarantined,
			rows_inserted, api_requests, duration_ms, batch, probe, checks, probe_change, layers, error_class, message)`)
		if err != nil {
			return err
		}
		defer batch.Close()
		if err := batch.Append(Job, r.ID, ver, string(r.Status), r.Mode, r.StartedAt,
			now, flag(r.Working), r.FinishedAt, r.Org, r.Host, r.Process, r.Build, r.WindowSince, flag(r.OrdersComplete), r.OrdersThroughID,
			r.OrdersTotal, r.OrdersRead, r.TicketsRead, r.EventsRead, r.ShowsRead, r.InventoryRead, r.InventoryFailed, r.Quarantined,
			r.RowsInserted, r.APIRequests, uint64(end.Sub(r.StartedAt).Milliseconds()), r.Batch, r.Probe, r.Checks, r.ProbeChange, r.Layers, r.ErrorClass, r.Message); err != nil {
			return err
		}
		return batch.Send()
	})
}

func flag(on bool) uint8 {
	if on {
		return 1
	}
	return 0
}

// nextVersion never goes back, so that the line written last is the one that counts even when the clock
// is set back between.
func (db *DB) nextVersion(now time.Time) uint64 {
	for {
		last := db.lastVersion.Load()
		next := max(version(now), last+1)
		if db.lastVersion.CompareAndSwap(last, next) {
			return next
		}
	}
}
