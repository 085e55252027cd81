package pipeline

import (
	"context"
	"fmt"
	"net/http"
)

// readOrders reads the whole history or its changes, as planned, and leaves in the report up to which
// id the orders are complete.
func (r *run) readOrders(ctx context.Context, venues []venue) error {
	err := r.readPlanned(ctx, venues)
	if err == nil {
		err = r.layer(ctx, ScanHeld, r.heldOrders)
	}
	if err == nil && !r.window {
		err = r.tie(ctx)
	}
	r.countOrders()
	if err != nil {
		return err
	}
	r.report.OrdersComplete = true
	return nil
}

func (r *run) readPlanned(ctx context.Context, venues []venue) error {
	switch r.report.Mode {
	case ModeBackfill:
		r.wholeList = true
		if err := r.layer(ctx, ScanHistory, r.history); err != nil || !r.report.Resumed {
			return err
		}
		if r.report.Probe.UpdatedAt {
			return r.layer(ctx, ScanChanged, r.changedOrders)
		}
		// Nothing tells what changed in the part that was read earlier: it counts as read then.
		return r.noteAllSwept(ctx, *r.report.WindowSince)
	case ModeReconcile:
		r.wholeList = true
		return r.layer(ctx, ScanReconcile, r.whole)
	default:
		if r.known != nil {
			r.orders.through = r.known.ThroughID
		}
		return r.increment(ctx, venues)
	}
}

// countOrders puts into the report what was read.
func (r *run) countOrders() {
	report := r.report
	report.Orders, report.SalesRows = r.orders.orders, r.orders.tickets
	report.OrdersThroughID = r.orders.through
	if report.Anomalies = r.orders.anomalies; report.Anomalies > 0 {
		r.Logger.Warn("Orders break a rule of the source", "orders", report.Anomalies, "see", "stg_qtickets_api_orders_raw.anomalies")
	}
	// Any other status than 200 on any page is an error before this line.
	r.Logger.Info("Fetched orders from QTickets API via GET", "path", "/orders", "status", http.StatusOK, "orders", report.Orders, "mode", report.Mode)
	r.Logger.Info(fmt.Sprintf("Transformed %d sales rows", report.SalesRows), "orders", report.Orders, "changed", report.feed("orders").Inserted, "quarantined", report.Quarantined)
}

// rereadAndPublish reads single orders by id, those in quarantine among them, and publishes. What was not
// asked for is as old as before, so the publication keeps its moment.
func (r *run) rereadAndPublish(ctx context.Context) error {
	if len(r.IDs) == 0 { // a retry of the quarantine: these lists may be in it too
		if _, err := r.events(ctx); err != nil {
			return err
		}
		if err := r.reference(ctx); err != nil {
			return err
		}
	}
	err := r.layer(ctx, ScanReread, func(ctx context.Context, sink *orderSink) error {
		return r.rereadAll(ctx, sink, r.IDs)
	})
	if err == nil {
		err = r.layer(ctx, ScanHeld, r.heldOrders)
	}
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	r.countOrders()
	if r.known == nil {
		r.Logger.Info("Nothing is published", "why", "the history is not loaded yet")
		return nil
	}
	asOf, err := r.store.AsOf(ctx)
	if err != nil || asOf.IsZero() {
		return err
	}
	return r.publish(ctx, asOf)
}

// rereadAll reads single orders by id. Stored ones that QTickets does not know any more are judged by settle.
func (r *run) rereadAll(ctx context.Context, sink *orderSink, ids []uint64) error {
	var missing []uint64
	for _, id := range ids {
		found, err := r.reread(ctx, sink, id)
		if err != nil {
			return err
		}
		if !found {
			missing = append(missing, id)
		}
	}
	stored, err := r.storedOf(ctx, missing)
	if err != nil {
		return err
	}
	return r.settle(ctx, sink, stored)
}

// storedOf are those of the orders that are stored.
func (r *run) storedOf(ctx context.Context, ids []uint64) ([]uint64, error) {
	var stored []uint64
	for _, id := range ids {
		found, err := r.store.OrderIDs(ctx, 0, id-1, id)
		if err != nil {
			return nil, err
		}
		stored = append(stored, found...)
	}
	return stored, nil
}
