package cli

import (
	"context"
	"fmt"
	"io"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// dryRun really asks the API and writes nothing. ClickHouse may be absent: then there is no difference
// to show, and a line says why.
func (a *app) dryRun(ctx context.Context, settings config.Config, api *qtickets.Client,
	o pipeline.Options) (*pipeline.Report, error) {
	var db *warehouse.DB
	if settings.ClickHouse.Host != "" {
		opened, stop, err := a.openSchema(ctx, settings)
		if err != nil {
			o.Logger.Warn("No comparison with ClickHouse", "error", err)
		} else {
			db = opened
			defer stop()
		}
	}
	return pipeline.DryRun(ctx, api, db, o)
}

// printDry ends the output with the summary of the deployment checklist, word for word.
func printDry(w io.Writer, report *pipeline.Report) {
	if len(report.Changes) > 0 {
		fmt.Fprintf(w, "%-10s  %10s  %-4s  %28s  %28s\n", "day", "event", "cur", "now: tickets, revenue",
			"would be: tickets, revenue")
	}
	for _, d := range report.Changes {
		fmt.Fprintf(w, "%-10s  %10d  %-4s  %10d  %16s  %10d  %16s\n",
			d.Day, d.EventID, d.Currency, d.Now.TicketsSold, d.Now.Revenue, d.WouldBe.TicketsSold, d.WouldBe.Revenue)
	}
	fmt.Fprint(w, report.DrySummary())
}
