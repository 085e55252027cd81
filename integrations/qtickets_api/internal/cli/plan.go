package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/plan"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// planCommand groups what can be done with plans.
type planCommand struct {
	Import planImportCommand `cmd:"" help:"Take the plans of a CSV file: all of them, or none and the lines that are wrong."`
	List   planListCommand   `cmd:"" default:"withargs" help:"List the plans that hold now."`
	Export planExportCommand `cmd:"" help:"Print the plans that hold now as CSV that \"plan import\" reads."`
}

type planImportCommand struct {
	File   string `arg:"" help:"CSV with the columns event, show, month, tickets, revenue, currency." placeholder:"FILE.csv"`
	DryRun bool   `help:"Say what would change; change nothing."`
}

// Help is the second half of "plan import --help".
func (planImportCommand) Help() string {
	return `A line is a plan:
  event     id (event_id) or exact name
  show      id (show_id), or the venue's day of a show of the event, 2026-12-04; empty: the whole event
  month     sales of this Moscow month alone, 2026-12; empty: all sales
  tickets   how many are to be sold, refunded ones not
  revenue   what is to come in, refunds subtracted: 1200000 or 1 200 000,50
  currency  empty: the event's
The first line has the names of the columns, in any order; what is not planned is left empty, and columns that are
not needed are left out. Cells are separated by commas or semicolons, in UTF-8 or Windows-1251.

A plan replaces the one for the same event, show, month and currency; others stay, and what was planned before is kept
as history (table plan_targets). 0 tickets and 0 revenue take a plan back.

Example: qtickets_api plan import --dry-run plan.csv

Exit status: 0 done; 1 a failure; 2 wrong usage, or a file that is wrong: its lines are named, nothing of it is used.`
}

// mostPlans is how large a file of plans may be, in bytes.
const mostPlans = 10 << 20

// Run imports a file.
func (c planImportCommand) Run(a *app) error {
	text, err := readAtMost(c.File, mostPlans)
	if err != nil {
		return fmt.Errorf("%w: %w", config.ErrInvalid, err)
	}
	settings, err := a.config()
	if err != nil {
		return err
	}
	db, stop, err := a.openLoader(a.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	events, err := db.PlanEvents(a.ctx)
	if err != nil {
		return err
	}
	targets, err := plan.Read(text, events)
	if err != nil {
		return fmt.Errorf("%w: %s: nothing was imported\n%w", config.ErrInvalid, c.File, err)
	}
	held, err := db.PlanTargets(a.ctx)
	if err != nil {
		return err
	}
	changes := plan.Changes(held, targets)
	err = printPlanChanges(a.Stdout, planTexts[a.lang], namesOf(events), changes, len(targets))
	if err != nil || c.DryRun {
		return err
	}
	changed := make([]warehouse.PlanTarget, len(changes))
	for i, change := range changes {
		changed[i] = change.Now
	}
	if err := db.WritePlanTargets(a.ctx, changed, warehouse.PlanChange{At: time.Now()}); err != nil {
		return err
	}
	if len(changed) > 0 {
		_ = keepForecasts(a.ctx, db, a.logger(settings), true) // the log says so
	}
	return nil
}

// planSaver keeps plans that are typed on the page. The page's own user reads and no more; plans are written as "plan
// import" writes them, with the loader's rights, over the connection that saves webhooks: a load does not hold it.
func (c *connections) planSaver(log *slog.Logger) func(context.Context, plan.Typed, string) error {
	return func(ctx context.Context, typed plan.Typed, by string) error {
		return c.receiver.Do(ctx, func(db *warehouse.DB) error { return savePlan(ctx, db, log, typed, by) })
	}
}

func savePlan(ctx context.Context, db *warehouse.DB, log *slog.Logger, typed plan.Typed, by string) error {
	events, err := db.PlanEvents(ctx)
	if err != nil {
		return err
	}
	target, err := plan.ReadTyped(typed, events)
	if err != nil {
		return err
	}
	held, err := db.PlanTargets(ctx)
	if err != nil {
		return err
	}
	changes := plan.Changes(held, []warehouse.PlanTarget{target})
	if len(changes) == 0 {
		return nil
	}
	changed := []warehouse.PlanTarget{changes[0].Now}
	if err := db.WritePlanTargets(ctx, changed, warehouse.PlanChange{At: time.Now(), By: by}); err != nil {
		return err
	}
	_ = keepForecasts(ctx, db, log, true) // the log says so
	return nil
}

// held are the plans that hold now, with the names of what they are for.
func (a *app) held() ([]warehouse.PlanTarget, planNames, error) {
	settings, err := a.config()
	if err != nil {
		return nil, nil, err
	}
	db, stop, err := a.openSchema(a.ctx, settings)
	if err != nil {
		return nil, nil, err
	}
	defer stop()
	targets, err := db.PlanTargets(a.ctx)
	if err != nil {
		return nil, nil, err
	}
	events, err := db.PlanEvents(a.ctx)
	return targets, namesOf(events), err
}

type planListCommand struct {
	JSON bool `help:"Print the plans as a JSON list."`
}

// Run lists the plans.
func (c planListCommand) Run(a *app) error {
	targets, names, err := a.held()
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(planLines(targets, names))
	}
	return printPlans(a.Stdout, planTexts[a.lang], planLines(targets, names))
}

type planExportCommand struct {
	Output string `help:"Write into this file, with the mark by which spreadsheets know UTF-8, instead of printing." placeholder:"FILE.csv"`
}

// Run exports the plans.
func (c planExportCommand) Run(a *app) error {
	targets, names, err := a.held()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := format.Locale(a.lang).WriteCSV(&out, planTable(planLines(targets, names))); err != nil {
		return err
	}
	if c.Output != "" {
		return os.WriteFile(c.Output, out.Bytes(), 0o600)
	}
	plain := bytes.ReplaceAll(bytes.TrimPrefix(out.Bytes(), []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	_, err = a.Stdout.Write(plain)
	return err
}
