package pipeline_test

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestReread: single orders are read by their ids and published at once; the moment up to which the sales are
// complete does not move.
func TestReread(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(100))
	fetchOrders := func(ids ...uint64) func(*pipeline.Options) {
		return func(o *pipeline.Options) { o.Mode, o.IDs = pipeline.ModeReread, ids }
	}
	id := l.world.Oracle().OrderIDs[99]
	if report := l.mustSync(fetchOrders(uint64(id))); report.Batch != 0 {
		t.Error("a part of the history was published")
	}
	l.mustSync()
	asOf, err := l.db.AsOf(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var changed []uint64
	for _, id := range l.world.Oracle().OrderIDs {
		if len(changed) < 3 && l.world.Refund(id, nil, simulator.FullAmount) == nil {
			changed = append(changed, uint64(id))
		}
	}
	gone := l.world.Oracle().OrderIDs[0]
	if err := l.world.Vanish(gone); err != nil {
		t.Fatal(err)
	}
	report := l.mustSync(fetchOrders(append(changed, uint64(gone), 1)...))
	checkFacts(l)
	if again, _ := l.db.AsOf(t.Context()); !again.Equal(asOf) || report.OrdersComplete || report.Batch == 0 {
		t.Errorf("as_of %v, before %v; complete %v, batch %d", again, asOf, report.OrdersComplete, report.Batch)
	}
}
