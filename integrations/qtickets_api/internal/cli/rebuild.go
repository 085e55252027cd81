package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
)

type rebuildCommand struct {
	AcceptLosses bool `help:"Publish even if sold tickets are missing without explanation, as after restoring an older backup."`
	JSON         bool `help:"Print the report of the run as JSON."`
}

// Run derives all rows and facts again from the stored orders.
func (c rebuildCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	log := a.logger(settings)
	db, stop, err := a.openLoader(a.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	report, err := pipeline.Rebuild(a.ctx, db, runInfo(settings),
		pipeline.Options{Logger: log, AcceptLosses: c.AcceptLosses})
	keepForecastsOf(a.ctx, db, report, log)
	if report != nil && c.JSON {
		err = errors.Join(err, json.NewEncoder(a.Stdout).Encode(report))
	} else if err == nil {
		a.printRebuilt(report)
	}
	if err == nil && report.Status == ledger.Partial {
		return errPartial
	}
	return err
}

func (a *app) printRebuilt(report *pipeline.Report) {
	text := fmt.Sprintf("Rebuilt from %d stored orders: %d rows changed", report.Orders, report.RowsInserted)
	for _, mart := range slices.Sorted(maps.Keys(report.Differences)) {
		text += fmt.Sprintf(", %d rows of %s differ", report.Differences[mart], mart)
	}
	if len(report.Differences) == 0 {
		text += ", no published number changed"
	}
	fmt.Fprintln(a.Stdout, a.say(text))
	for _, problem := range report.Problems {
		fmt.Fprintf(a.Stdout, "  ! %s\n", a.say(problem))
	}
}

// printFound prints what a comparison with QTickets found.
func (a *app) printFound(report *pipeline.Report) {
	fmt.Fprintln(a.Stdout, a.say(fmt.Sprintf("Compared with QTickets: %d orders listed, %d stored",
		report.OrdersTotal, report.OrdersStored)))
	for _, l := range report.Scans {
		if l.Orders > 0 {
			fmt.Fprintf(a.Stdout, "  %-12s %s\n", a.say(l.Name), a.say(fmt.Sprintf("%d read, %d new, %d changed, %d vanished",
				l.Orders, l.New, l.Changed, l.Vanished)))
		}
	}
	fmt.Fprintf(a.Stdout, "%s: %s\n", a.say(string(report.Status)), a.say(report.Message))
}
