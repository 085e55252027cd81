package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Options of one run.
type Options struct {
	Task     Task
	IDs      []uint64 // orders to read, of TaskReread and TaskWebhook
	InFlight int      // requests at the same time
	BuyerKey []byte
	// Since asks for changes at least this far back; zero: as far as the last complete run demands.
	Since  time.Duration
	Limits Limits // zero values mean DefaultLimits
	// AcceptLosses is a person's word that orders or tickets which disappeared are really gone.
	AcceptLosses bool
	// window lets a run without any known state read only Since instead of the whole history, and leaves out
	// what is about the stored orders. Only for runs that write nothing.
	window   bool
	Logger   *slog.Logger
	Progress func(feed string, done, total int64) // called from one goroutine at a time
}

// Limits of what a run reads again without a sign that it changed. What is overdue is read at any price.
type Limits struct {
	SweepRequests int           // pages of orders of running and recent events
	SweepMaxAge   time.Duration // all orders of each such event are read at least this often
	SweepRecent   time.Duration // an event is recent this long after its last show
	SeatsRequests int           // shows on sale
	SeatsMaxAge   time.Duration // the seats of each show on sale are read at least this often
}

// DefaultLimits suit a run every 15 minutes: at most some 40 requests when nothing changed.
var DefaultLimits = Limits{
	SweepRequests: 6, SweepMaxAge: 24 * time.Hour, SweepRecent: 30 * 24 * time.Hour, SeatsRequests: 15, SeatsMaxAge: time.Hour,
}

func (l *Limits) setDefaults() {
	d := DefaultLimits
	if l.SweepRequests == 0 {
		l.SweepRequests = d.SweepRequests
	}
	if l.SweepMaxAge == 0 {
		l.SweepMaxAge = d.SweepMaxAge
	}
	if l.SweepRecent == 0 {
		l.SweepRecent = d.SweepRecent
	}
	if l.SeatsRequests == 0 {
		l.SeatsRequests = d.SeatsRequests
	}
	if l.SeatsMaxAge == 0 {
		l.SeatsMaxAge = d.SeatsMaxAge
	}
}

// pageSize is a wish; the API may cap it and is then obeyed.
const pageSize = 100

// run is one load under way.
type run struct {
	Options
	id        string
	api       *qtickets.Client
	store     Store
	report    *Report
	known     *warehouse.Checkpoint      // what the last complete run left; nil: there was none
	stored    warehouse.OrderCount       // where an interrupted backfill goes on; zero: from the beginning
	held      map[string]map[uint64]bool // ids by feed that earlier runs put into quarantine, not met since
	unnamed   map[string]bool            // feeds in which this run met a row without an id
	poor      map[poorRow]bool           // rows this run could not understand
	orders    orderCount
	missing   []uint64 // stored orders that sweeps did not find
	current   *Scan
	pace      pace
	wholeList bool // the whole list of orders is read from its beginning, by ascending id
	wholeRead bool // it was, to its end
	byID      bool // orders can be asked for by id
}

// Sync does the work of one run, id naming it in what it writes. The report is filled as far as the run
// came, also with an error.
func Sync(ctx context.Context, api *qtickets.Client, store Store, id string, o Options) (*Report, error) {
	o.Limits.setDefaults()
	r := &run{
		Options: o, id: id, api: api, store: store,
		unnamed: map[string]bool{}, poor: map[poorRow]bool{},
	}
	r.report = &Report{RunID: id, StartedAt: time.Now(), Feeds: map[string]*Feed{}}
	if r.Progress == nil {
		r.Progress = func(string, int64, int64) {}
	}
	before := api.Stats().Requests
	err := r.all(ctx)
	r.report.APIRequests = api.Stats().Requests - before
	r.report.Duration = time.Since(r.report.StartedAt)
	return r.report, err
}

func (r *run) all(ctx context.Context) error {
	known, err := r.store.LastComplete(ctx)
	if err != nil {
		return err
	}
	if err := r.plan(ctx, known); err != nil {
		return err
	}
	if r.held, err = r.store.QuarantinedIDs(ctx); err != nil {
		return err
	}
	switch r.report.Mode {
	case ModeReread:
		return r.rereadAndPublish(ctx)
	case ModeWebhook:
		return r.announced(ctx)
	}
	if err := r.probe(ctx); err != nil {
		return err
	}
	asOf := time.Now()
	venues, err := r.events(ctx)
	if err != nil {
		return err
	}
	if err := r.readOrders(ctx, venues); err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	if err := r.inventory(ctx, venues); err != nil {
		return err
	}
	if err := r.reference(ctx); err != nil {
		return err
	}
	return r.publish(ctx, asOf)
}

func (r *run) publish(ctx context.Context, asOf time.Time) error {
	began := time.Now()
	batch, checks, err := r.store.Publish(ctx, warehouse.PublishOptions{Run: r.id, AsOf: asOf, AcceptLosses: r.AcceptLosses})
	r.report.Batch, r.report.Checks = batch, append(r.report.Checks, checks...)
	if err != nil {
		return err
	}
	r.report.PublishTook = time.Since(began)
	if batch != 0 {
		r.Logger.Info("Published", "batch", batch, "checks", len(r.report.Checks), "as_of", asOf)
	}
	if err := r.store.DropOldBatches(ctx); err != nil { // the numbers are out and right
		r.report.problem("old batches were not dropped: %v", err)
	}
	return nil
}
