package warehouse_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestListQuarantine: what waits, without what was released.
func TestListQuarantine(t *testing.T) {
	t.Parallel()
	db := testkit.Open(t, testkit.Database(t))
	at := time.Now().Truncate(time.Millisecond)
	rows := []warehouse.Quarantined{{Feed: "orders", ID: 7, Reason: "price: missing", At: at}, {Feed: "events", Reason: "id: missing", At: at}, {Feed: "orders", ID: 5, Reason: "currency_id: missing", At: at}}
	if err := db.Quarantine(t.Context(), rows, "one"); err != nil {
		t.Fatal(err)
	}
	if err := db.Release(t.Context(), []warehouse.Quarantined{{Feed: "orders", ID: 5, At: at.Add(time.Second)}}, "two"); err != nil {
		t.Fatal(err)
	}
	got, err := db.ListQuarantine(t.Context())
	want := []warehouse.Held{{Feed: "events", Reason: "id: missing", LastRead: at, RunID: "one"}, {Feed: "orders", ID: 7, Reason: "price: missing", LastRead: at, RunID: "one"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
