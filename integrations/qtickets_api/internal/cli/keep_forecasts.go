package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// keepForecastsOf writes the forecasts that v_qtickets_plan shows, after a run that published. Where that fails, the
// run is what it was and says so.
func keepForecastsOf(ctx context.Context, db *warehouse.DB, report *pipeline.Report, log *slog.Logger) {
	if report == nil || report.Batch == 0 {
		return
	}
	if err := keepForecasts(ctx, db, log, false); err != nil {
		report.Problems = append(report.Problems, fmt.Sprint("the forecasts of v_qtickets_plan are not up to date: ", err))
	}
}

// keepForecasts writes the forecasts of the shows to come as the page has them now. Those of the same publication and
// day are written anew only where the plan is another one.
func keepForecasts(ctx context.Context, db *warehouse.DB, log *slog.Logger, planned bool) error {
	err := writeForecasts(ctx, db, planned)
	if errors.Is(err, figures.ErrNothingPublished) || errors.Is(err, figures.ErrOldPublication) {
		return nil // there will be some after the first load
	}
	if err != nil {
		log.Warn("The forecasts of v_qtickets_plan are not up to date", "error", err, "fix", "the next load writes them")
	}
	return err
}

func writeForecasts(ctx context.Context, db *warehouse.DB, planned bool) error {
	last, err := db.LastPublication(ctx) // alone, without the figures: nearly every load finds that nothing is to be done
	if err != nil || last == nil {
		return err
	}
	if kept, err := db.ForecastsKept(ctx, last.Batch, last.AsOf); err != nil || kept && !planned {
		return err
	}
	store := figures.NewStore(db)
	v, err := store.Version(ctx)
	if err != nil {
		return err
	}
	kept, err := store.KeptForecasts(ctx, v)
	if err != nil {
		return err
	}
	return db.WriteForecasts(ctx, v.AsOf, kept)
}
