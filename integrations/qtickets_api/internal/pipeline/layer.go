package pipeline

import (
	"context"
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

// Names of the layers.
const (
	ScanHistory   = "history"    // every order by ascending id
	ScanNew       = "new_ids"    // by descending id down to known ones
	ScanChanged   = "updated_at" // a range on updated_at
	ScanSweep     = "sweep"      // all orders of an event
	ScanHeld      = "quarantine" // orders an earlier run could not understand
	ScanReread    = "reread"     // single orders by id
	ScanWebhook   = "webhook"    // orders that webhooks announced
	ScanReconcile = "reconcile"  // every order by ascending id, compared with the stored ones
)

// layer runs one way of finding changes and notes in the report what came of it. Layers of the same name
// are added up.
func (r *run) layer(ctx context.Context, name string, read func(ctx context.Context, sink *orderSink) error) error {
	at := -1
	for i := range r.report.Scans {
		if r.report.Scans[i].Name == name {
			at = i
		}
	}
	if at < 0 {
		at = len(r.report.Scans)
		r.report.Scans = append(r.report.Scans, Scan{Name: name})
	}
	r.current = &r.report.Scans[at]
	sink := &orderSink{run: r}
	before := r.api.Stats().Requests
	err := read(ctx, sink)
	if flushed := sink.flush(ctx); err == nil {
		err = flushed
	}
	l := r.current
	l.Requests += r.api.Stats().Requests - before
	r.Logger.Info("Read orders", "layer", l.Name, "orders", l.Orders, "new", l.New, "changed", l.Changed, "vanished", l.Vanished, "requests", l.Requests)
	return err
}
