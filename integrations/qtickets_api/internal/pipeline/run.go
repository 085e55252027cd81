package pipeline

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// RunInfo is who stands behind a run in the ledger.
type RunInfo struct {
	Org     string // ORG_NAME
	Build   string // version of the program
	Process string // as ledger.Process names it; "": this one
}

// Run is a Sync with its line in the run ledger: it opens the line, waits for the lease, loads, and
// closes the line whatever happened. The report is nil when the lease was not to be had.
func Run(ctx context.Context, api *qtickets.Client, db *warehouse.DB, by RunInfo, o Options) (*Report, error) {
	return under(ctx, db, by, o.Logger, func(ctx context.Context, id string) (*Report, error) { return Sync(ctx, api, db, id, o) })
}

// under does work under the lease, with a line of its own in the ledger.
func under(ctx context.Context, db *warehouse.DB, by RunInfo, log *slog.Logger, work func(ctx context.Context, id string) (*Report, error)) (*Report, error) {
	return underLease(ctx, db, by, lineOf{lease: ledger.DefaultLeaseTimes}, log, work)
}

// lineOf is what a run's line in the ledger says from its beginning, and how long it waits for the lease.
type lineOf struct {
	mode  string
	lease ledger.LeaseTimes
}

// underLease is under for a run whose mode is known before it works.
func underLease(ctx context.Context, db *warehouse.DB, by RunInfo, of lineOf, log *slog.Logger, work func(ctx context.Context, id string) (*Report, error)) (*Report, error) {
	line := by.line(time.Now())
	line.Mode = of.mode
	runs := ledger.New(db)
	release, err := runs.Acquire(ctx, line, of.lease, func(other string) {
		log.Info("Waiting for another run", "other", other)
	})
	if err != nil {
		return nil, closeLine(ctx, runs, line, &Report{Mode: of.mode}, endedEarly(ctx, err), log)
	}
	report, err := work(ctx, line.ID)
	release()
	return report, closeLine(ctx, runs, line, report, endedEarly(ctx, err), log)
}

// line opens the ledger's line of a run.
func (by RunInfo) line(now time.Time) ledger.Run {
	host, _ := os.Hostname()
	if by.Process == "" {
		by.Process = ledger.Process()
	}
	return ledger.Run{
		ID: newRunID(now), Status: ledger.Running, StartedAt: now, Org: by.Org, Host: host,
		Process: by.Process, Build: by.Build, Message: "running",
	}
}

// DryRun is a run that writes nothing, not even to the ledger. db may be nil: then there is nothing to
// compare with.
func DryRun(ctx context.Context, api *qtickets.Client, db *warehouse.DB, o Options) (*Report, error) {
	o.window = true
	store := NewDryStore(db)
	report, err := Sync(ctx, api, store, "dry-run", o)
	switch {
	case err != nil:
	case store.first && report.Mode == ModeIncrement:
		o.Logger.Info("No comparison with ClickHouse", "why", "nothing is loaded yet: the first run loads the whole history, this one read a part of it")
	default:
		report.Changes, err = store.Changes(ctx)
	}
	err = endedEarly(ctx, err)
	report.conclude(err)
	return report, err
}

// newRunID sorts by start and does not repeat.
func newRunID(now time.Time) string {
	return now.UTC().Format("20060102T150405.000000000") + "-" + rand.Text()[:6]
}

// endedEarly says why a run stopped when its context ended, whatever broke first because of that. What
// broke is kept as text only: the class of the run is its end.
func endedEarly(ctx context.Context, err error) error {
	switch {
	case err == nil || ctx.Err() == nil:
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("the time budget is used up: raise QTICKETS_RUN_TIMEOUT; the next run reads what is missing: %w (%s)", ctx.Err(), err.Error())
	default:
		return fmt.Errorf("interrupted: the next run reads what is missing: %w (%s)", ctx.Err(), err.Error())
	}
}

// closeLine writes the run's last line even when the context has ended, and returns the run's error.
func closeLine(ctx context.Context, runs *ledger.Ledger, line ledger.Run, report *Report, err error, log *slog.Logger) error {
	now := time.Now()
	line.FinishedAt = &now
	report.conclude(err)
	report.fill(&line)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	saved := runs.Save(ctx, line)
	log.Info("Finished", "status", line.Status, "message", line.Message, "requests", line.APIRequests, "took", report.Duration.String())
	if err != nil && saved != nil && err.Error() == saved.Error() { // the ledger cannot be written: said once
		return err
	}
	return errors.Join(err, saved)
}

func (r *Report) fill(line *ledger.Run) {
	line.Status = r.Status
	line.Message = r.Message
	line.ErrorClass = r.ErrorClass
	line.Mode = r.Mode
	line.WindowSince = r.WindowSince
	line.OrdersComplete = r.OrdersComplete
	line.OrdersThroughID = r.OrdersThroughID
	line.OrdersTotal = uint64(max(r.OrdersTotal, 0))
	line.OrdersRead = uint64(r.Orders)
	line.TicketsRead = uint64(r.SalesRows)
	line.EventsRead = uint64(r.Events)
	line.ShowsRead = uint64(r.Shows)
	line.InventoryRead = uint64(r.InventoryShows)
	line.InventoryFailed = uint64(r.InventoryFailed)
	line.Quarantined = uint64(r.Quarantined)
	line.RowsInserted = uint64(r.RowsInserted)
	line.APIRequests = uint64(r.APIRequests)
	line.Batch = r.Batch
	line.Probe = asJSON(r.Probe)
	line.Checks = asJSON(r.Checks)
	line.ProbeChange = r.ProbeChange
	line.Layers = asJSON(r.Scans)
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil || string(text) == "null" {
		return ""
	}
	return string(text)
}

// errorClass is the kind of an error for the ledger and alerts: one of the warehouse's, or of the API's
// (qtickets.Class).
func errorClass(err error) string {
	for _, class := range []struct {
		kind error
		name string
	}{
		{ErrLosses, "losses"}, {warehouse.ErrUnavailable, "clickhouse_away"}, {warehouse.ErrAuth, "clickhouse_login"}, {warehouse.ErrSchema, "schema"},
		{warehouse.ErrPermission, "rights"}, {warehouse.ErrDisk, "clickhouse_disk"}, {ledger.ErrLeaseHeld, "busy"}, {warehouse.ErrAudit, "audit"},
	} {
		if errors.Is(err, class.kind) {
			return class.name
		}
	}
	return qtickets.Class(err)
}
