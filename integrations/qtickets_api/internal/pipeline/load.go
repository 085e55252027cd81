package pipeline

import (
	"context"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/contract"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// pageSize is a wish; the API may cap it and is then obeyed.
const pageSize = 100

// run is one load under way. Steps hand each other their results; here is what all of them need.
type run struct {
	Options                     // as asked for, with defaults
	id         string           // names the run in every row it writes
	api        *qtickets.Client // speaks as the probe found that it must
	store      Store
	before     warehouse.State // what earlier runs left behind
	plan       plan            // what this run reads
	quarantine quarantine      // rows that wait there since an earlier run, and invalid rows of this one
	orders     orderTally      // the orders read so far
	pace       pace            // of the feed being read
	// incompleteRows were read by their ids because a list left out their tickets
	incompleteRows int
	proven         bool    // the account is that of the stored orders
	tired          bool    // a small list was asked for in vain for all its time: the others are asked for once
	report         *Report // what came of it so far
	observed       contract.Observer
}

// Sync does the work of one run, id naming it in what it writes. The report is filled as far as the run
// came, also with an error.
func Sync(ctx context.Context, api *qtickets.Client, store Store, id string, o Options) (*Report, error) {
	o.setDefaults()
	r := &run{Options: o, id: id, api: api, store: store, report: newReport(id, "")}
	sent := api.Stats()
	err := r.do(ctx)
	r.report.APIRequests = api.Stats().Requests - sent.Requests
	r.saveAssumptions(ctx, sent, err)
	r.report.Duration = time.Since(r.report.StartedAt)
	return r.report, err
}

func (r *run) do(ctx context.Context) (err error) {
	if r.before, err = r.store.State(ctx); err != nil {
		return err
	}
	r.quarantine.waiting = r.before.Quarantine
	if err := r.makePlan(ctx); err != nil {
		return err
	}
	switch r.plan.mode {
	case ModeReread:
		return r.readIDs(ctx)
	case ModeWebhook:
		return r.readAnnounced(ctx)
	default:
		return r.load(ctx)
	}
}

// load reads everything that the plan demands, and publishes it as complete up to the moment it began.
func (r *run) load(ctx context.Context) error {
	if err := r.probe(ctx); err != nil {
		return err
	}
	if err := r.proveAccount(ctx); err != nil {
		return err
	}
	asOf := time.Now()
	shows, err := r.readEvents(ctx)
	if err != nil {
		return err
	}
	if err := r.readOrders(ctx, shows); err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	if err := r.readSeats(ctx, shows); err != nil {
		return err
	}
	if err := r.readReference(ctx); err != nil {
		return err
	}
	return r.publish(ctx, asOf)
}

// readOrders looks for orders in the ways the mode demands, then for those in quarantine, and makes sure that none is
// missing. It leaves in the report up to which id they are complete.
func (r *run) readOrders(ctx context.Context, shows []eventShow) error {
	found, err := r.scanOrders(ctx, shows)
	if err == nil {
		err = r.scan(ctx, ScanQuarantine, r.scanQuarantine)
	}
	if err == nil && !r.dry {
		err = r.verifyTotal(ctx, found)
	}
	r.reportOrders()
	if err != nil {
		return err
	}
	r.report.OrdersComplete = true
	return nil
}

// scanned is what the scans of a run leave to verifyTotal.
type scanned struct {
	full    bool     // every order was read and compared with the stored ones
	missing []uint64 // stored orders that sweeps did not find
}

func (r *run) scanOrders(ctx context.Context, shows []eventShow) (scanned, error) {
	switch r.plan.mode {
	case ModeBackfill:
		r.orders.ascending = true
		return r.scanBackfill(ctx)
	case ModeReconcile:
		r.orders.ascending = true
		return r.fullScan(ctx, ScanReconcile)
	default:
		if last := r.before.Checkpoint; last != nil {
			r.orders.lastID = last.ThroughID
		}
		return r.scanIncrement(ctx, shows)
	}
}

// scanBackfill reads the whole history, or what an interrupted backfill left of it and what changed in the rest since.
func (r *run) scanBackfill(ctx context.Context) (scanned, error) {
	resumed, err := r.resumeHistory(ctx)
	switch {
	case err != nil:
		return scanned{}, err
	case !resumed:
		return r.fullScan(ctx, ScanHistory)
	case r.report.Probe.UpdatedAt:
		return scanned{}, r.scan(ctx, ScanChanged, r.scanChanged)
	default:
		// Nothing tells what changed in the part that was read earlier: it counts as read then.
		return scanned{}, r.markAllSwept(ctx, *r.plan.since)
	}
}

// scanIncrement reads new orders, then those whose updated_at moved, then some events again whose orders may have
// changed without a sign. Where the API honours neither, it reads every order.
func (r *run) scanIncrement(ctx context.Context, shows []eventShow) (scanned, error) {
	err := r.scan(ctx, ScanNew, r.scanNew)
	if notHonoured(err) { // without an order by id only the whole list is sure to hold the new ones
		r.disableFilter("orderBy id", err)
		return r.fullScan(ctx, ScanReconcile)
	}
	if err != nil {
		return scanned{}, err
	}
	if r.report.Probe.UpdatedAt {
		err := r.scan(ctx, ScanChanged, r.scanChanged)
		if err != nil && !notHonoured(err) {
			return scanned{}, err
		}
		if err != nil {
			r.report.Probe.UpdatedAt = false
			r.disableFilter("a filter on updated_at", err)
		}
	}
	probe := r.report.Probe
	pages := r.report.OrdersTotal / int64(probe.pageRows())
	switch {
	case probe.UpdatedAt && r.dry:
		return scanned{}, nil
	case r.before.Checkpoint == nil: // a dry run that knows nothing: what was created in the window is all it can show
		r.Logger.Warn("The API does not honour a filter on updated_at: orders changed but not created in the window are "+
			"not counted",
			"why", probe.Why)
		return scanned{}, nil
	case !probe.UpdatedAt && (!probe.Where || pages < fullScanPages || r.dry):
		r.Logger.Warn("The API does not honour a filter on updated_at: reading all orders again", "why", probe.Why)
		return r.fullScan(ctx, ScanReconcile)
	}
	missing, err := r.sweep(ctx, shows)
	return scanned{missing: missing}, err
}

// publish makes everything stored visible to readers, as complete up to asOf.
func (r *run) publish(ctx context.Context, asOf time.Time) error {
	if err := r.weighQuarantine(ctx); err != nil {
		return err
	}
	if err := r.countOnce(ctx); err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	began := time.Now()
	done, err := r.store.Publish(ctx, warehouse.PublishOptions{
		Run: r.id, AsOf: asOf, AcceptLosses: r.AcceptLosses, Anew: r.plan.mode == ModeReconcile, Problem: r.report.problem,
	})
	r.report.Batch, r.report.Differences = done.Batch, done.Differences
	r.report.Checks = append(r.report.Checks, done.Checks...)
	if err != nil {
		return err
	}
	if len(done.Differences) > 0 {
		r.report.problem("facts computed anew differ from those published before, rows by mart: %v", done.Differences)
	}
	r.report.PublishTook = time.Since(began)
	if r.report.Batch != 0 {
		r.Logger.Info("Published", "batch", r.report.Batch, "checks", len(r.report.Checks), "as_of", asOf)
	}
	if r.plan.mode == ModeWebhook { // a load is never far, and there are many webhooks
		return nil
	}
	if err := r.store.DropOldBatches(ctx); err != nil { // the numbers are out and right
		r.report.problem("old batches were not dropped: %v", err)
	}
	return nil
}
