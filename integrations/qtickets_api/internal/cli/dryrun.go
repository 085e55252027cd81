package cli

import (
	"context"
	"fmt"

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

// printDry ends the output with the summary of the deployment checklist, in English word for word.
func (a *app) printDry(report *pipeline.Report) {
	t := texts[a.lang]
	if len(report.Changes) > 0 {
		fmt.Fprintf(a.Stdout, "%-10s  %11s  %-6s  %28s  %28s\n", t.day, t.event, t.currency, t.now, t.wouldBe)
	}
	for _, d := range report.Changes {
		fmt.Fprintf(a.Stdout, "%-10s  %11d  %-6s  %10d  %16s  %10d  %16s\n",
			d.Day, d.EventID, d.Currency, d.Now.TicketsSold, d.Now.Revenue, d.WouldBe.TicketsSold, d.WouldBe.Revenue)
	}
	fmt.Fprintf(a.Stdout, t.dry, report.Events, report.Orders, report.SalesRows, report.InventoryShows)
}
