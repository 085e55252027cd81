package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// dryRun really asks the API and writes nothing. ClickHouse may be absent: then there is no difference
// to show, and a line says why.
func (a *app) dryRun(ctx context.Context, settings config.Config, api *qtickets.Client, o pipeline.Options, log *slog.Logger) (*pipeline.Report, error) {
	var db *warehouse.DB
	if settings.ClickHouse.Host != "" {
		opened, stop, err := openWarehouse(ctx, settings)
		if err != nil {
			log.Warn("No comparison with ClickHouse", "error", err)
		} else {
			db = opened
			defer stop()
		}
	}
	store := pipeline.NewDryStore(db)
	report, err := pipeline.Sync(ctx, api, store, "dry-run", o)
	if err != nil {
		return report, err
	}
	report.Changes, err = store.Changes(ctx)
	return report, err
}

// printDry ends the output with the summary of the deployment checklist, word for word.
func (c syncCommand) printDry(a *app, report *pipeline.Report) error {
	if c.JSON {
		if err := json.NewEncoder(a.Stdout).Encode(report); err != nil {
			return err
		}
		return statusError(report)
	}
	if len(report.Changes) > 0 {
		fmt.Fprintf(a.Stdout, "%-10s  %10s  %-4s  %28s  %28s\n", "day", "event", "cur", "now: tickets, revenue", "would be: tickets, revenue")
		for _, d := range report.Changes {
			fmt.Fprintf(a.Stdout, "%-10s  %10d  %-4s  %10d  %16s  %10d  %16s\n",
				d.Day, d.EventID, d.Currency, d.Now.TicketsSold, d.Now.Revenue, d.WouldBe.TicketsSold, d.WouldBe.Revenue)
		}
	}
	fmt.Fprint(a.Stdout, report.DrySummary())
	return statusError(report)
}
