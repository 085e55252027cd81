package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

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

// memoryLimit keeps the peak of a load the same however long the history is: without it the peak is twice
// what lives whenever the garbage collector happens to come in the middle of an insert. What a load needs at
// once is about half of it.
const memoryLimit = 72 << 20

// Run does one load.
func (c syncCommand) Run(a *app) error {
	if a.LimitMemory != nil {
		a.LimitMemory(memoryLimit)
	}
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
		InFlight: settings.InFlight, BuyerKey: []byte(settings.BuyerKey), Since: since, Full: c.Full, Logger: log, Progress: draw,
	}
	run := load
	if c.DryRun {
		run = dryRun
	}
	report, err := run(ctx, settings, api, options)
	finish()
	if report != nil && c.JSON {
		err = errors.Join(err, json.NewEncoder(a.Stdout).Encode(report))
	}
	if err != nil {
		return err
	}
	if c.DryRun && !c.JSON {
		printDry(a.Stdout, report)
	}
	if report.Status == warehouse.Partial {
		return errPartial
	}
	return nil
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

// load is one run against the configured ClickHouse.
func load(ctx context.Context, settings config.Config, api *qtickets.Client, o pipeline.Options) (*pipeline.Report, error) {
	db, stop, err := openSchema(ctx, settings)
	if err != nil {
		return nil, err
	}
	defer stop()
	return pipeline.Run(ctx, api, db, pipeline.Signature{Org: settings.Org, Build: build()}, o)
}
