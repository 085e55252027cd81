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
	InFlight int // requests at the same time
	BuyerKey []byte
	// Since asks for changes at least this far back; zero: as far as the last complete run demands.
	Since time.Duration
	Full  bool // read every order again
	// window lets a run without any known state read only Since instead of the whole history. Only for
	// runs that publish nothing.
	window   bool
	Logger   *slog.Logger
	Progress func(feed string, done, total int64) // called from one goroutine at a time
}

// Overlap is read again before the last complete run: changes in flight then, and a server that takes
// Moscow time for UTC (API notes, section 18, row 4).
const Overlap = 4 * time.Hour

// insertRows is how many orders go into one insert: a few megabytes, one block.
const insertRows = 2000

// pageSize is a wish; the API may cap it and is then obeyed.
const pageSize = 100

// run is one load under way.
type run struct {
	Options
	id      string
	api     *qtickets.Client
	store   Store
	report  *Report
	held    map[string]map[uint64]bool // ids by feed that earlier runs put into quarantine, not met since
	unnamed map[string]bool            // feeds in which this run met a row without an id
	orders  orderCount
}

// Sync does the work of one run, id naming it in what it writes. The report is filled as far as the run
// came, also with an error.
func Sync(ctx context.Context, api *qtickets.Client, store Store, id string, o Options) (*Report, error) {
	r := &run{Options: o, id: id, api: api, store: store, held: map[string]map[uint64]bool{}, unnamed: map[string]bool{}}
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
	r.plan(known)
	asOf := time.Now()
	venues, err := r.events(ctx)
	if err != nil {
		return err
	}
	if err := r.readOrders(ctx, known); err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	if err := r.inventory(ctx, venues); err != nil {
		return err
	}
	if err := r.reference(ctx); err != nil {
		return err
	}
	batch, checks, err := r.store.Publish(ctx, r.id, asOf)
	r.report.Batch, r.report.Checks = batch, checks
	if err != nil {
		return err
	}
	if batch != 0 {
		r.Logger.Info("Published", "batch", batch, "checks", len(checks), "as_of", asOf)
	}
	if err := r.store.DropOldBatches(ctx); err != nil { // the numbers are out and right
		r.report.problem("old batches were not dropped: %v", err)
	}
	return nil
}

// plan decides between the whole history and its changes. Only a run that completed the orders counts
// as a beginning; failed first runs leave the history to be read again.
func (r *run) plan(known *warehouse.Known) {
	report := r.report
	switch {
	case known == nil && r.window && r.Since > 0:
		report.Mode = ModeIncrement
	case known == nil:
		report.Mode = ModeBackfill
	case r.Full:
		report.Mode = ModeFull
	default:
		report.Mode = ModeIncrement
	}
	if report.Mode == ModeIncrement {
		since := report.StartedAt.Add(-r.Since)
		// A window shorter than the time since the last complete run would leave a hole that looks like no sales.
		if known != nil && (r.Since == 0 || known.At.Add(-Overlap).Before(since)) {
			since = known.At.Add(-Overlap)
		}
		report.WindowSince = &since
	}
	r.Logger.Info("Started", "mode", report.Mode, "window_since", report.WindowSince)
}
