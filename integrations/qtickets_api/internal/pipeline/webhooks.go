package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// ErrWaitForLoad is returned when webhooks must wait: the newest load did not complete the orders, or there was
// none, so the state may be half of something and only the next load can tell.
var ErrWaitForLoad = errors.New("webhooks wait for a load that completes the orders")

// webhookLease waits for a load as long as that takes: the line of the run keeps its place in the queue.
var webhookLease = ledger.LeaseTimes{
	Heartbeat: ledger.DefaultLeaseTimes.Heartbeat, Silence: ledger.DefaultLeaseTimes.Silence, Stale: ledger.DefaultLeaseTimes.Stale,
	Wait: 24 * time.Hour,
}

// WebhooksAtOnce is how many webhooks one run takes; the others wait for the next.
const WebhooksAtOnce = 5000

// worthAPage is how many announced orders a page of the newest orders must hold to be cheaper than asking one by one.
const worthAPage = 4

// Webhooks reads the orders that webhooks announced and publishes when one of them had changed. It is a run
// like others (lease, ledger, checks, quarantine) that costs one request per order and no more: it reads no
// lists and no seats, and the publication keeps its moment. The report is nil when nothing was pending.
// What was announced stays pending unless the run succeeds.
func Webhooks(ctx context.Context, api *qtickets.Client, db *warehouse.DB, by RunInfo, o Options) (*Report, error) {
	pending, err := db.PendingWebhooks(ctx, 1)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	if err := loadStands(ctx, db); err != nil {
		return nil, err // without a line in the ledger: this may last
	}
	return underLease(ctx, db, by, lineOf{mode: ModeWebhook, lease: webhookLease}, o.Logger, func(ctx context.Context, id string) (*Report, error) {
		return webhookRun(ctx, api, db, id, o)
	})
}

func loadStands(ctx context.Context, db *warehouse.DB) error {
	complete, err := db.LastLoadComplete(ctx)
	if err == nil && !complete {
		return ErrWaitForLoad
	}
	return err
}

func webhookRun(ctx context.Context, api *qtickets.Client, db *warehouse.DB, id string, o Options) (*Report, error) {
	nothing := &Report{RunID: id, Mode: ModeWebhook, StartedAt: time.Now(), Feeds: map[string]*Feed{}}
	if err := loadStands(ctx, db); err != nil { // a load may have ended while this run waited for it
		return nothing, err
	}
	pending, err := db.PendingWebhooks(ctx, WebhooksAtOnce)
	if err != nil || len(pending) == 0 {
		return nothing, err
	}
	wanted := map[uint64]bool{}
	for _, w := range pending {
		wanted[w.OrderID] = true
	}
	o.Task, o.IDs = TaskWebhook, slices.Sorted(maps.Keys(wanted))
	report, err := Sync(ctx, api, db, id, o)
	if err != nil {
		return report, err
	}
	// A run that dies before this line is repeated, which changes nothing.
	report.Webhooks = pending
	return report, db.HandleWebhooks(ctx, pending, id, time.Now())
}

// announced reads the orders of Options.IDs. What waits in quarantine since an earlier run is left to the next load.
func (r *run) announced(ctx context.Context) error {
	err := r.layer(ctx, ScanWebhook, func(ctx context.Context, sink *orderSink) error {
		left, err := r.newestOf(ctx, sink, r.IDs)
		if err != nil {
			return err
		}
		return r.rereadAll(ctx, sink, left)
	})
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	if n := len(r.held["orders"]); n > 0 {
		r.report.problem("%d orders wait in quarantine since an earlier run", n)
	}
	r.countOrders()
	before, err := r.store.LastPublication(ctx)
	if err != nil || before == nil {
		return err
	}
	changed, err := r.store.OrdersChangedSince(ctx, before.Batch)
	if err != nil || !changed {
		return err
	}
	return r.publish(ctx, before.AsOf)
}

// newestOf reads pages of the newest orders as long as that is cheaper than reading the wanted ones by their
// ids, and returns those that are left. After a start of sales a page holds a hundred of them.
func (r *run) newestOf(ctx context.Context, sink *orderSink, ids []uint64) (left []uint64, err error) {
	wanted := map[uint64]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	if len(wanted) < worthAPage {
		return ids, nil
	}
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: pageSize}
	_, err = qtickets.Walk(ctx, r.api.Orders, q, 1, func(p qtickets.Page[qtickets.Order]) error {
		before := len(wanted)
		for i := range p.Rows {
			delete(wanted, uint64(p.Rows[i].ID))
		}
		for _, bad := range p.Invalid {
			delete(wanted, uint64(max(bad.ID, 0)))
		}
		if err := sink.take(ctx, p); err != nil {
			return err
		}
		if len(wanted) < worthAPage || before-len(wanted) < worthAPage {
			return qtickets.ErrStop
		}
		return nil
	})
	if notHonoured(err) { // one by one, then
		err = nil
	}
	return slices.Sorted(maps.Keys(wanted)), err
}
