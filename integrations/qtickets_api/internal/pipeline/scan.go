package pipeline

import (
	"context"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Scan is one way of finding changes, and what it read and found in this run. No single way is proven to
// find every change, so there are several, from cheap to complete.
type Scan struct {
	Name     string `json:"layer"`
	Orders   int    `json:"orders"`             // read, repeated ones included
	New      int    `json:"new"`                // not stored before
	Changed  int    `json:"changed"`            // stored with another content
	Vanished int    `json:"vanished,omitempty"` // stored, and gone from QTickets
	Requests int64  `json:"requests"`
}

// Names of the scans, as the ledger keeps them.
const (
	ScanHistory    = "history"    // every order by ascending id
	ScanNew        = "new_ids"    // by descending id down to known ones
	ScanChanged    = "updated_at" // a range on updated_at
	ScanSweep      = "sweep"      // all orders of an event
	ScanQuarantine = "quarantine" // orders that were invalid when an earlier run read them
	ScanReread     = "reread"     // single orders by id
	ScanWebhook    = "webhook"    // orders that webhooks announced
	ScanRelated    = "related"    // orders that hold a ticket which another order holds too
	ScanReconcile  = "reconcile"  // every order by ascending id, compared with the stored ones
)

// scan looks for changed orders in one way and writes what was found. Scans of the same name are added up in the
// report.
func (r *run) scan(ctx context.Context, name string, read func(ctx context.Context, s *sink) error) error {
	s := r.newSink(warehouse.FeedOrders)
	s.scan = r.report.scan(name)
	sent := r.api.Stats().Requests
	err := read(ctx, s)
	if flushed := s.flush(ctx); err == nil {
		err = flushed
	}
	s.scan.Requests += r.api.Stats().Requests - sent
	r.Logger.Info("Read orders", "layer", name, "orders", s.scan.Orders, "new", s.scan.New, "changed", s.scan.Changed,
		"vanished", s.scan.Vanished, "requests", s.scan.Requests)
	return err
}
