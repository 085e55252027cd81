package pipeline

import (
	"context"
	"errors"
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

// webhookLease waits for a load as long as that takes: meanwhile the run keeps its position in the queue.
var webhookLease = ledger.LeaseTimes{
	Heartbeat: ledger.DefaultLeaseTimes.Heartbeat,
	Silence:   ledger.DefaultLeaseTimes.Silence,
	Stale:     ledger.DefaultLeaseTimes.Stale,
	Wait:      24 * time.Hour,
}

// WebhooksAtOnce is how many webhooks one run takes; the others wait for the next.
const WebhooksAtOnce = 5000

// Webhooks reads the orders that webhooks announced and publishes when one of them had changed. It is a run
// like others (lease, ledger, checks, quarantine) that reads these orders and no more, no seats and no other lists,
// and the publication keeps its moment. The report is nil when nothing was pending.
// What was announced stays pending unless the run succeeds.
func Webhooks(ctx context.Context, api *qtickets.Client, db *warehouse.DB, by RunInfo, o Options) (*Report, error) {
	pending, err := db.PendingWebhooks(ctx, 1)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	if err := loadIsComplete(ctx, db); err != nil {
		return nil, err // without a line in the ledger: it may stay so for long
	}
	line := lineOptions{by: by, mode: ModeWebhook, lease: webhookLease, log: o.Logger}
	return runWithLease(ctx, db, line, func(ctx context.Context, id string) (*Report, error) {
		return webhookRun(ctx, api, db, id, o)
	})
}

// loadIsComplete is ErrWaitForLoad when webhooks must wait.
func loadIsComplete(ctx context.Context, db *warehouse.DB) error {
	complete, err := db.LastLoadComplete(ctx)
	if err == nil && !complete {
		return ErrWaitForLoad
	}
	return err
}

func webhookRun(ctx context.Context, api *qtickets.Client, db *warehouse.DB, id string, o Options) (*Report, error) {
	nothing := newReport(id, ModeWebhook)
	if err := loadIsComplete(ctx, db); err != nil { // a load may have ended while this run waited for it
		return nothing, err
	}
	pending, err := db.PendingWebhooks(ctx, WebhooksAtOnce)
	if err != nil || len(pending) == 0 {
		return nothing, err
	}
	wanted, primaries := map[uint64]bool{}, map[uint64][]uint64{}
	for _, w := range pending {
		wanted[w.OrderID] = true
		if len(w.PrimaryOrders) > 0 {
			primaries[w.OrderID] = append(primaries[w.OrderID], w.PrimaryOrders...)
		}
	}
	o.Mode, o.IDs, o.Primaries = ModeWebhook, slices.Sorted(maps.Keys(wanted)), primaries
	report, err := Sync(ctx, api, db, id, o)
	if err != nil {
		return report, err
	}
	// A run that dies before this line is repeated, which changes nothing.
	report.Webhooks = pending
	return report, db.HandleWebhooks(ctx, pending, id, time.Now())
}
