package pipeline

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Task is what a run is for.
type Task string

// The tasks.
const (
	TaskSync      Task = ""          // new and changed orders; the whole history as long as it is not complete
	TaskBackfill  Task = "backfill"  // the whole history; once it is complete, the same as TaskReconcile
	TaskReconcile Task = "reconcile" // every order again, compared with the stored ones one by one
	TaskReread    Task = "reread"    // the orders of Options.IDs and those in quarantine, nothing else
	TaskWebhook   Task = "webhook"   // the orders of Options.IDs, which webhooks announced
)

// Modes of a run, as the ledger and the report name them.
const (
	ModeBackfill  = "backfill"  // the whole history, not complete before
	ModeIncrement = "increment" // new and changed orders
	ModeReconcile = "reconcile" // every order again
	ModeReread    = "reread"    // single orders by id
	ModeWebhook   = "webhook"   // orders that webhooks announced
	ModeRebuild   = "rebuild"   // facts and rows from the stored orders, without QTickets
)

// Overlap is read again before the last complete run: changes in flight then, and a server that takes
// Moscow time for UTC (API notes, section 18, row 4).
const Overlap = 4 * time.Hour

// plan decides between the whole history and its changes. Only a run that completed the orders counts
// as a beginning; after a backfill that did not, the next one goes on.
func (r *run) plan(ctx context.Context, known *warehouse.Checkpoint) error {
	report := r.report
	r.known = known
	switch {
	case r.Task == TaskReread:
		report.Mode = ModeReread
	case r.Task == TaskWebhook:
		report.Mode = ModeWebhook
	case known == nil && r.window && r.Since > 0:
		report.Mode = ModeIncrement
	case known == nil:
		report.Mode = ModeBackfill
	case r.Task == TaskReconcile, r.Task == TaskBackfill:
		report.Mode = ModeReconcile
	default:
		report.Mode = ModeIncrement
	}
	switch report.Mode {
	case ModeIncrement:
		since := report.StartedAt.Add(-r.Since)
		// A window shorter than the time since the last complete run would leave a hole that looks like no sales.
		if known != nil && (r.Since == 0 || known.At.Add(-Overlap).Before(since)) {
			since = known.At.Add(-Overlap)
		}
		report.WindowSince = &since
	case ModeBackfill:
		if r.Task == TaskReconcile { // a comparison leaves nothing out
			break
		}
		if err := r.resume(ctx); err != nil {
			return err
		}
	}
	r.Logger.Info("Started", "mode", report.Mode, "window_since", report.WindowSince, "resume_after_orders", r.stored.Orders)
	return nil
}

// resume finds out how far earlier attempts came. A backfill reads by ascending id, so what is stored is
// the beginning of the list; what changed in it since the first attempt is read afterwards.
func (r *run) resume(ctx context.Context) error {
	stored, err := r.store.CountOrders(ctx)
	if err != nil || stored.Orders == 0 || stored.Unnamed {
		return err
	}
	first, err := r.store.FirstStart(ctx)
	if err != nil || first.IsZero() || first.After(r.report.StartedAt) {
		return err
	}
	since := first.Add(-Overlap)
	r.stored, r.report.WindowSince = stored, &since
	return nil
}
