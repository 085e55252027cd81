package warehouse_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestWebhooksWaitAndAreHandled: each delivery is counted, a repeated one waits again, and one that comes while an
// earlier delivery of it is being handled is not lost.
func TestWebhooksWaitAndAreHandled(t *testing.T) {
	t.Parallel()
	db := testkit.Open(t, testkit.Database(t))
	at := time.Now().Truncate(time.Millisecond)
	delivery := func(id string, order uint64, after time.Duration) warehouse.Webhook {
		return warehouse.Webhook{ID: id, Type: "payed", OrderID: order, ReceivedAt: at.Add(after)}
	}
	save := func(want []bool, delivered ...warehouse.Webhook) {
		t.Helper()
		repeated, err := db.SaveWebhooks(t.Context(), delivered)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, repeated); diff != "" {
			t.Errorf("repeated (-want +got):\n%s", diff)
		}
	}
	pending := func(want ...string) []warehouse.Webhook {
		t.Helper()
		found, err := db.PendingWebhooks(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range found {
			got = append(got, fmt.Sprintf("%s %d ×%d +%s", w.ID, w.OrderID, w.Deliveries, w.ReceivedAt.Sub(at)))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pending (-want +got):\n%s", diff)
		}
		return found
	}
	handle := func(handled []warehouse.Webhook) {
		t.Helper()
		if err := db.HandleWebhooks(t.Context(), handled, "run", at.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}

	pending()
	save([]bool{false, false, true}, delivery("a", 1, 0), delivery("b", 2, time.Second), delivery("a", 1, 2*time.Second))
	found := pending("b 2 ×1 +1s", "a 1 ×2 +2s")
	handle(found)
	pending()
	save([]bool{true}, delivery("a", 1, 3*time.Second))
	found = pending("a 1 ×3 +3s")
	save([]bool{true}, delivery("a", 1, 3*time.Second)) // in the same millisecond, while a run handles the one before
	handle(found)
	handle(pending("a 1 ×4 +3s"))
	save([]bool{true}, delivery("a", 1, -time.Hour)) // a clock set back
	handle(pending("a 1 ×5 +3s"))
	pending()

	rows := testkit.Rows(t, db.Config(),
		"SELECT webhook_id, deliveries, isNotNull(handled_at), delay_ms, run_id FROM meta_webhooks ORDER BY webhook_id")
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprint(r[0], " ", r[1], " ", r[2], " ", *r[3].(*int64), " ", r[4]))
	}
	if diff := cmp.Diff([]string{"a 5 1 3597000 run", "b 1 1 3599000 run"}, got); diff != "" {
		t.Errorf("meta_webhooks (-want +got):\n%s", diff)
	}
}

// TestBatchesOfLoadsAreKept: many publications of one moment do not push the ones before out of reach.
func TestBatchesOfLoadsAreKept(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	db, admin := testkit.Open(t, c), testkit.Raw(t, testkit.As(t, c, embedded.Admin))
	moment := time.Now().Add(-time.Hour)
	var last []uint64 // of each moment
	var orders uint64
	publish := func(asOf time.Time, times int) uint64 {
		t.Helper()
		var batch uint64
		for range times {
			orders++
			insert(t, db, order(orders, 10050, 2))
			done, err := db.Publish(t.Context(), warehouse.PublishOptions{Run: "run", AsOf: asOf})
			if err != nil {
				t.Fatal(err)
			}
			batch = done.Batch
		}
		return batch
	}
	drop := func() (kept []string) {
		t.Helper()
		if err := db.DropOldBatches(t.Context()); err != nil {
			t.Fatal(err)
		}
		return texts(t, raw(t, c), "SELECT toString(batch) FROM store_sales_daily GROUP BY batch ORDER BY batch")
	}
	for i := range 5 {
		last = append(last, publish(moment.Add(time.Duration(i)*time.Minute), 4))
	}
	changed, err := db.OrdersChangedSince(t.Context(), last[4])
	if err != nil || changed {
		t.Errorf("orders changed since the publication: %t, %v", changed, err)
	}
	insert(t, db, order(orders+1, 10050, 2))
	if changed, err = db.OrdersChangedSince(t.Context(), last[4]); err != nil || !changed {
		t.Errorf("no order changed since the publication, though one did: %v", err)
	}
	if kept := drop(); len(kept) != 20 { // somebody may still read what was published within half an hour
		t.Errorf("kept %d batches", len(kept))
	}
	if err := admin.Exec(t.Context(), "ALTER TABLE publish UPDATE published_at = published_at - INTERVAL 31 MINUTE "+
		"WHERE 1 SETTINGS mutations_sync = 1"); err != nil {
		t.Fatal(err)
	}
	kept := drop()
	for _, want := range last[2:] {
		if !slices.Contains(kept, fmt.Sprint(want)) {
			t.Errorf("batch %d of an earlier load is gone", want)
		}
	}
	if len(kept) != 5 { // three publications, and the last ones of two earlier moments
		t.Errorf("kept batches %v", kept)
	}
}
