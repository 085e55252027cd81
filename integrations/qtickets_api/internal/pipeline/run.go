package pipeline

import (
	"context"
	"crypto/rand"
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
	line := lineOptions{by: by, lease: ledger.DefaultLeaseTimes, log: o.Logger}
	return runWithLease(ctx, db, line, func(ctx context.Context, id string) (*Report, error) {
		return Sync(ctx, api, db, id, o)
	})
}

// lineOptions is what a run's line in the ledger says from its beginning, and how long it waits for the lease.
type lineOptions struct {
	by    RunInfo
	mode  Mode // "": not known before the run has looked at the state
	lease ledger.LeaseTimes
	log   *slog.Logger
}

// runWithLease does work under the lease, with a line of its own in the ledger.
func runWithLease(
	ctx context.Context, db *warehouse.DB, o lineOptions, work func(ctx context.Context, id string) (*Report, error),
) (*Report, error) {
	line := o.by.line(time.Now())
	line.Mode = string(o.mode)
	runs := ledger.New(db)
	release, err := runs.Acquire(ctx, line, o.lease, func(other string) {
		o.log.Info("Waiting for another run", "other", other)
	})
	if err != nil {
		return nil, finishRun(ctx, runs, line, &Report{Mode: o.mode}, endedEarly(ctx, err), o.log)
	}
	report, err := work(ctx, line.ID)
	release()
	return report, finishRun(ctx, runs, line, report, endedEarly(ctx, err), o.log)
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
		return fmt.Errorf("the time budget is used up: raise QTICKETS_RUN_TIMEOUT; the next run reads what is missing: %w "+
			"(%s)", ctx.Err(), err.Error())
	default:
		return fmt.Errorf("interrupted: the next run reads what is missing: %w (%s)", ctx.Err(), err.Error())
	}
}

// finishRun writes the run's last line even when the context has ended, and returns the run's error.
func finishRun(
	ctx context.Context, runs *ledger.Ledger, line ledger.Run, report *Report, err error, log *slog.Logger,
) error {
	now := time.Now()
	line.FinishedAt = &now
	report.conclude(err)
	report.fill(&line)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	saved := runs.Save(ctx, line)
	log.Info("Finished", "status", line.Status, "message", line.Message, "requests", line.APIRequests, "took",
		report.Duration.String())
	if err != nil && saved != nil && err.Error() == saved.Error() { // the ledger cannot be written: said once
		return err
	}
	return errors.Join(err, saved)
}
