package pipeline

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Mode is what a run does, by the name that the ledger and the report give it.
type Mode string

// The modes of a run.
const (
	ModeIncrement Mode = "increment" // new and changed orders
	ModeBackfill  Mode = "backfill"  // the whole history, not complete before
	ModeReconcile Mode = "reconcile" // every order again, compared with the stored ones
	ModeReread    Mode = "reread"    // the orders of Options.IDs and those in quarantine, nothing else
	ModeWebhook   Mode = "webhook"   // the orders of Options.IDs, which webhooks announced
	ModeRebuild   Mode = "rebuild"   // facts and rows from the stored orders, without QTickets
)

// modes is what a run does that was asked for a mode. Only a run that completed the orders counts as a beginning.
var modes = map[Mode]struct {
	first  Mode // as long as no run has completed the orders
	next   Mode // once one has
	resume bool // first goes on where an interrupted backfill stopped
}{
	ModeIncrement: {first: ModeBackfill, next: ModeIncrement, resume: true},
	ModeBackfill:  {first: ModeBackfill, next: ModeReconcile, resume: true},
	ModeReconcile: {first: ModeBackfill, next: ModeReconcile}, // a comparison leaves nothing out
	ModeReread:    {first: ModeReread, next: ModeReread},
	ModeWebhook:   {first: ModeWebhook, next: ModeWebhook},
}

// Overlap is read again before the last complete run: changes in flight then, and a server that takes
// Moscow time for UTC (API notes, section 18, row 4).
const Overlap = 4 * time.Hour

// plan is what one run reads.
type plan struct {
	mode Mode
	// since is the moment from which on changes are asked for; nil: everything is read.
	since *time.Time
	// resume is what an interrupted backfill has stored; zero: the history is read from its beginning.
	resume warehouse.OrderCount
}

// makePlan decides between the whole history and its changes.
func (r *run) makePlan(ctx context.Context) error {
	asked := modes[r.Mode]
	switch {
	case r.before.Checkpoint != nil:
		r.plan.mode = asked.next
	case asked.first == ModeBackfill && r.dry && r.Since > 0: // it stores nothing, so it need not read everything
		r.plan.mode = ModeIncrement
	default:
		r.plan.mode = asked.first
	}
	switch {
	case r.plan.mode == ModeIncrement:
		since := r.window()
		r.plan.since = &since
	case r.plan.mode == ModeBackfill && asked.resume:
		if err := r.planResume(ctx); err != nil {
			return err
		}
	}
	r.report.Mode, r.report.WindowSince = r.plan.mode, r.plan.since
	r.Logger.Info("Started",
		"mode", r.plan.mode, "window_since", r.plan.since, "resume_after_orders", r.plan.resume.Orders)
	return nil
}

// window is the moment since which an increment asks for changes. One shorter than the time since the last complete run
// would leave a hole that looks like no sales.
func (r *run) window() time.Time {
	since := r.report.StartedAt.Add(-r.Since)
	if last := r.before.Checkpoint; last != nil && (r.Since == 0 || last.At.Add(-Overlap).Before(since)) {
		since = last.At.Add(-Overlap)
	}
	return since
}

// planResume finds out how far earlier attempts came. A backfill reads by ascending id, so what is stored is the
// beginning of the list; what changed in it since the first attempt is read afterwards.
func (r *run) planResume(ctx context.Context) error {
	stored, err := r.store.CountOrders(ctx)
	if err != nil || stored.Orders == 0 || stored.Unnamed {
		return err
	}
	first := r.before.FirstStart
	if first.IsZero() || first.After(r.report.StartedAt) {
		return nil
	}
	since := first.Add(-Overlap)
	r.plan.resume, r.plan.since = stored, &since
	return nil
}
