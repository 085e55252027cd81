package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/turn"
)

type syncCommand struct {
	SinceHours *int `help:"Read changes at least this many hours back (QTICKETS_SINCE_HOURS). Always goes back at least to the last complete run." placeholder:"N"`
	DryRun     bool `help:"Query the API and count, write nothing. With a reachable ClickHouse, also print what would change."`
	Full       bool `help:"Read every order again, like reconcile."`
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
	o := pipeline.Options{Since: since}
	if c.Full {
		o.Mode = pipeline.ModeReconcile
	}
	run := a.load
	if c.DryRun {
		run, settings.Turn = a.dryRun, "" // it writes nothing, and a person waits for it
	}
	report, err := a.perform(settings, run, o, c.JSON)
	if report != nil && c.DryRun && !c.JSON && (err == nil || errors.Is(err, errPartial)) {
		a.printDry(report)
	}
	return err
}

type backfillCommand struct {
	JSON bool `help:"Print the report of the run as JSON."`
}

// Run loads the whole history, without a time budget. If interrupted, the next run resumes where it stopped.
func (c backfillCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	settings.RunTimeout = 0
	_, err = a.perform(settings, a.load, pipeline.Options{Mode: pipeline.ModeBackfill}, c.JSON)
	return err
}

type reconcileCommand struct {
	AcceptLosses bool `help:"Accept that a large number of missing orders or tickets are really gone."`
	JSON         bool `help:"Print the report of the run as JSON."`
}

// Run compares every order with QTickets, without a time budget, and prints what it found.
func (c reconcileCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	settings.RunTimeout = 0
	report, err := a.perform(settings, a.load, pipeline.Options{Mode: pipeline.ModeReconcile,
		AcceptLosses: c.AcceptLosses}, c.JSON)
	if report != nil && !c.JSON {
		a.printFound(report)
	}
	return err
}

// memoryLimit keeps the peak of a load the same however long the history is: without it the peak is twice
// what lives whenever the garbage collector happens to come in the middle of an insert. What a load needs at
// once is about half of it.
const memoryLimit = 72 << 20

// How long a load waits for those of other organisers: it is due again after a quarter of an hour, and a comparison of
// every order the next night.
const (
	loadPatience    = 3 * time.Minute
	comparePatience = 10 * time.Minute
)

// perform does one run with everything that depends on settings, and turns a partial one into its exit code.
func (a *app) perform(settings config.Config, run runFunc, o pipeline.Options, asJSON bool) (*pipeline.Report, error) {
	if a.LimitMemory != nil {
		a.LimitMemory(memoryLimit)
	}
	log := a.logger(settings)
	api, err := newClient(settings, log)
	if err != nil {
		return nil, err
	}
	patience := loadPatience
	if o.Mode == pipeline.ModeReconcile {
		patience = comparePatience
	}
	mine := turn.New(settings.Turn, patience, log)
	defer mine.Give()
	ctx := a.ctx
	if settings.RunTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, settings.RunTimeout)
		defer cancel()
	}
	draw, finish := a.progress()
	o.InFlight, o.BuyerKey, o.Limits, o.Logger, o.Progress = settings.InFlight, []byte(settings.BuyerKey),
		limits(settings), log, draw
	report, err := run(ctx, settings, api.WithTurn(mine), o)
	finish()
	if report != nil && asJSON {
		err = errors.Join(err, json.NewEncoder(a.Stdout).Encode(report))
	}
	if err == nil && report.Status == ledger.Partial {
		err = errPartial
	}
	return report, err
}

type runFunc func(context.Context, config.Config, *qtickets.Client, pipeline.Options) (*pipeline.Report, error)

func limits(c config.Config) pipeline.Limits {
	return pipeline.Limits{
		SweepRequests: c.SweepRequests, SweepMaxAge: c.SweepMaxAge, SweepRecent: time.Duration(c.SweepDays) * 24 * time.Hour,
		SeatsRequests: c.SeatsRequests, SeatsMaxAge: c.SeatsMaxAge,
	}
}

// since is the wish of the flag, which beats the variable; 0 where neither is set.
func (c syncCommand) since(settings config.Config) (time.Duration, error) {
	hours := settings.SinceHours
	if c.SinceHours != nil {
		hours = c.SinceHours
		if *hours < 1 || *hours > config.MaxSinceHours {
			return 0, fmt.Errorf("%w: --since-hours %d: give a number of hours from 1 to %d", config.ErrInvalid, *hours,
				config.MaxSinceHours)
		}
	}
	if hours == nil {
		return 0, nil
	}
	return time.Duration(*hours) * time.Hour, nil
}

// load is one run against the configured ClickHouse.
func (a *app) load(ctx context.Context, settings config.Config, api *qtickets.Client,
	o pipeline.Options) (*pipeline.Report, error) {
	db, stop, err := a.openLoader(ctx, settings)
	if err != nil {
		return nil, err
	}
	defer stop()
	report, err := pipeline.Run(ctx, api, db, runInfo(settings), o)
	keepForecastsOf(ctx, db, report, o.Logger)
	return report, err
}

func runInfo(settings config.Config) pipeline.RunInfo {
	return pipeline.RunInfo{Org: settings.Org, Build: build()}
}
