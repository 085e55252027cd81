package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"crypto/rand"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type syncCommand struct {
	SinceHours *int `help:"Read changes at least this many hours back (QTICKETS_SINCE_HOURS). Never less than since the last complete run." placeholder:"N"`
	DryRun     bool `help:"Ask the API and count, write nothing. With a reachable ClickHouse also print what would change."`
	Full       bool `help:"Read every order again."`
	JSON       bool `help:"Print the report of the run as JSON."`
}

// Run does one load.
func (c syncCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	since, err := c.since(settings)
	if err != nil {
		return err
	}
	log := a.logger(settings)
	api, err := newClient(settings, log)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(a.ctx, settings.RunTimeout)
	defer cancel()
	draw, finish := a.progress()
	options := pipeline.Options{
		RunID: newRunID(time.Now()), InFlight: settings.InFlight, BuyerKey: []byte(settings.BuyerKey),
		Since: since, Full: c.Full, Logger: log, Progress: draw,
	}
	if c.DryRun {
		options.Window = true
		report, err := a.dryRun(ctx, settings, api, options, log)
		finish()
		if err != nil {
			return err
		}
		return c.printDry(a, report)
	}
	report, err := load(ctx, settings, api, options, log)
	finish()
	if report != nil && c.JSON {
		if err := json.NewEncoder(a.Stdout).Encode(report); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return statusError(report)
}

// since is the wish of the flag, which beats the variable; 0 where neither is set.
func (c syncCommand) since(settings config.Config) (time.Duration, error) {
	hours := settings.SinceHours
	if c.SinceHours != nil {
		hours = c.SinceHours
		if *hours < 1 || *hours > config.MaxSinceHours {
			return 0, fmt.Errorf("%w: --since-hours %d: give a number of hours from 1 to %d", config.ErrInvalid, *hours, config.MaxSinceHours)
		}
	}
	if hours == nil {
		return 0, nil
	}
	return time.Duration(*hours) * time.Hour, nil
}

// load is one run with its line in the ledger.
func load(ctx context.Context, settings config.Config, api *qtickets.Client, o pipeline.Options, log *slog.Logger) (*pipeline.Report, error) {
	db, stop, err := openWarehouse(ctx, settings)
	if err != nil {
		return nil, err
	}
	defer stop()
	return recorded(ctx, db, settings.Org, api, o, log)
}

// recorded opens the run's line in the ledger, waits for the lease, loads, and closes the line whatever
// happened.
func recorded(ctx context.Context, db *warehouse.DB, org string, api *qtickets.Client, o pipeline.Options, log *slog.Logger) (*pipeline.Report, error) {
	host, _ := os.Hostname()
	run := warehouse.Run{
		ID: o.RunID, Status: warehouse.Running, StartedAt: time.Now(), Org: org, Host: host,
		Process: warehouse.Process(), Build: build(), Message: "running",
	}
	release, err := db.Acquire(ctx, run, warehouse.DefaultLeaseTimes, func(other string) {
		log.Info("Waiting for another run", "other", other)
	})
	if err != nil {
		return nil, closeRun(ctx, db, run, nil, endedEarly(ctx, err), log)
	}
	report, err := pipeline.Sync(ctx, api, db, o)
	release()
	return report, closeRun(ctx, db, run, report, endedEarly(ctx, err), log)
}

// endedEarly says why a run stopped when its context ended, whatever broke first because of that.
func endedEarly(ctx context.Context, err error) error {
	switch {
	case err == nil || ctx.Err() == nil:
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("the time budget is used up: raise QTICKETS_RUN_TIMEOUT; the next run reads what is missing: %w (%v)", ctx.Err(), err)
	default:
		return fmt.Errorf("interrupted: the next run reads what is missing: %w (%v)", ctx.Err(), err)
	}
}

// closeRun writes the run's last line even when the context has ended, and returns the run's error.
func closeRun(ctx context.Context, db *warehouse.DB, run warehouse.Run, report *pipeline.Report, err error, log *slog.Logger) error {
	if report == nil {
		report = &pipeline.Report{}
	}
	now := time.Now()
	run.FinishedAt = &now
	run.Status = report.Status(err)
	run.Message = report.Message(err)
	run.ErrorClass = errorClass(err)
	fill(&run, report)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	saved := db.SaveRun(ctx, run)
	log.Info("Finished", "status", run.Status, "message", run.Message, "requests", run.APIRequests, "took", report.Duration.String())
	return errors.Join(err, saved)
}

func fill(run *warehouse.Run, r *pipeline.Report) {
	run.Mode = r.Mode
	run.WindowSince = r.WindowSince
	run.OrdersComplete = r.OrdersComplete
	run.OrdersThroughID = r.OrdersThroughID
	run.OrdersTotal = uint64(max(r.OrdersTotal, 0))
	run.OrdersRead = uint64(r.Orders)
	run.TicketsRead = uint64(r.SalesRows)
	run.EventsRead = uint64(r.Events)
	run.ShowsRead = uint64(r.Shows)
	run.InventoryRead = uint64(r.InventoryShows)
	run.InventoryFailed = uint64(r.InventoryFailed)
	run.Quarantined = uint64(r.Quarantined)
	run.RowsInserted = uint64(r.RowsInserted)
	run.APIRequests = uint64(r.APIRequests)
	run.Batch = r.Batch
	run.Probe = asJSON(r.Probe)
	run.Checks = asJSON(r.Checks)
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil || string(text) == "null" {
		return ""
	}
	return string(text)
}

// errorClass is the kind of an error for the ledger and alerts.
func errorClass(err error) string {
	for class, kind := range map[string]error{
		"clickhouse_away": warehouse.ErrAway, "clickhouse_login": warehouse.ErrLogin, "schema": warehouse.ErrSchema,
		"rights": warehouse.ErrRights, "busy": warehouse.ErrBusy, "audit": warehouse.ErrAudit,
	} {
		if errors.Is(err, kind) {
			return class
		}
	}
	return qtickets.Class(err)
}

// newRunID sorts by start and does not repeat.
func newRunID(now time.Time) string {
	return now.UTC().Format("20060102T150405.000000000") + "-" + rand.Text()[:6]
}
