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
	rows := []warehouse.Quarantined{{Feed: "orders", ID: 7, Reason: "price: missing", ReadAt: at},
		{Feed: "events", Reason: "id: missing", ReadAt: at}, {Feed: "orders", ID: 5, Reason: "currency_id: missing",
			ReadAt: at}}
	if _, err := db.Insert(t.Context(), warehouse.Rows{Quarantined: rows}, "one"); err != nil {
		t.Fatal(err)
	}
	released := []warehouse.Quarantined{{Feed: "orders", ID: 5, ReadAt: at.Add(time.Second)}}
	if _, err := db.Insert(t.Context(), warehouse.Rows{Released: released}, "two"); err != nil {
		t.Fatal(err)
	}
	got, err := db.ListQuarantine(t.Context())
	want := []warehouse.Quarantined{{Feed: "events", Reason: "id: missing", ReadAt: at, RunID: "one"},
		{Feed: "orders", ID: 7, Reason: "price: missing", ReadAt: at, RunID: "one"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
