package cli

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/digest"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/serve"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

// live is the runs of a long-lived process. They exclude each other, and those of other processes, by the lease.
type live struct {
	settings    config.Config
	api         *qtickets.Client
	connections *connections
	log         *slog.Logger
	metrics     *serve.Metrics
	worker      *webhook.Worker
	page        page
	morning     *digest.Digest // nil: no morning message
}

// loader is the server for one run, which stays there: of several one that can be loaded into now.
func (l *live) loader(ctx context.Context) (*warehouse.DB, error) {
	if len(l.settings.ClickHouse.Others) == 0 {
		return l.connections.loader.DB(ctx)
	}
	return l.connections.loader.Choose(ctx, loadable)
}

// health is asked for by probes and metrics.
func (l *live) health(ctx context.Context) (h warehouse.Health, err error) {
	err = l.connections.loader.Do(ctx, func(db *warehouse.DB) error { h, err = db.Health(ctx); return err })
	return h, err
}

// save keeps webhooks. A delivery that is saved twice is one row.
func (l *live) save(ctx context.Context, delivered []warehouse.Webhook) (repeated []bool, err error) {
	err = l.connections.receiver.Do(ctx, func(db *warehouse.DB) error {
		repeated, err = db.SaveWebhooks(ctx, delivered)
		return err
	})
	return repeated, err
}

func (l *live) options() pipeline.Options {
	return pipeline.Options{InFlight: l.settings.InFlight, BuyerKey: []byte(l.settings.BuyerKey),
		Limits: limits(l.settings), Logger: l.log}
}

// load is what "sync" does. Another process that is at work is no failure: it does the same. The ledger and
// the log say what became of it.
func (l *live) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, l.settings.RunTimeout)
	defer cancel()
	o := l.options()
	if l.settings.SinceHours != nil {
		o.Since = time.Duration(*l.settings.SinceHours) * time.Hour
	}
	db, err := l.loader(ctx)
	if err != nil {
		return err
	}
	report, err := pipeline.Run(ctx, l.api, db, runInfo(l.settings), o)
	l.record(report)
	keepForecastsOf(ctx, db, report, l.log)
	l.worker.Loaded()
	if errors.Is(err, ledger.ErrLeaseHeld) {
		return nil
	}
	return err
}

// webhooks reads what webhooks announced. published is how long the publication took, 0 when there was none.
func (l *live) webhooks(ctx context.Context) (published time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, l.settings.RunTimeout)
	defer cancel()
	db, err := l.loader(ctx)
	if err != nil {
		return 0, err
	}
	report, err := pipeline.Webhooks(ctx, l.api, db, runInfo(l.settings), l.options())
	l.record(report)
	if err != nil || report == nil {
		return 0, err
	}
	for _, w := range report.Webhooks {
		l.metrics.Delay(time.Since(w.ReceivedAt))
	}
	if len(report.Webhooks) == pipeline.WebhooksAtOnce {
		l.worker.Wake()
	}
	return report.PublishTook, nil
}

// figures are those of the morning message, read by the loader's user as "digest" does: there may be no page.
func (l *live) figures(ctx context.Context) (*figures.Store, func(), error) {
	var store *figures.Store
	err := l.connections.loader.Do(ctx, func(db *warehouse.DB) error {
		store = figures.NewStore(db)
		return db.CheckSchema(ctx)
	})
	return store, func() {}, err
}

// sendMorning does what "digest" does. The log says what became of it.
func (l *live) sendMorning(ctx context.Context) error {
	o, err := l.morning.Send(ctx, time.Now())
	for _, note := range o.Sending.Notes {
		l.log.Info("Morning message", "note", note)
	}
	if o.Sending.Sent > 0 {
		l.log.Info("The morning message was sent", "recipients", o.Sending.Sent)
	}
	if err = errors.Join(err, o.Problem, o.Sending.Err); err != nil {
		l.log.Warn("The morning message", "error", err)
	}
	return err
}

func (l *live) record(r *pipeline.Report) {
	if r == nil {
		return
	}
	l.metrics.Run(serve.Run{
		Mode: string(r.Mode), Status: string(r.Status), Took: r.Duration, Publish: r.PublishTook, Orders: r.Orders,
		Rows: r.RowsInserted,
	})
	if r.Batch != 0 {
		l.page.published()
	}
}
