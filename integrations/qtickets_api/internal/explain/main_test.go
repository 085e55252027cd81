package explain_test

import (
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/explain"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func read(t testing.TB, db *warehouse.DB, s explain.Slice) *explain.Explanation {
	t.Helper()
	e, err := explain.Read(t.Context(), db, s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func insert(t testing.TB, db *warehouse.DB, rows ...warehouse.Observed[sales.Order]) {
	t.Helper()
	if _, err := db.Insert(t.Context(), warehouse.Rows{Orders: rows}, "test"); err != nil {
		t.Fatal(err)
	}
}

func publish(t testing.TB, db *warehouse.DB) uint64 {
	t.Helper()
	done, err := db.Publish(t.Context(), warehouse.PublishOptions{Run: "test", AsOf: time.Now(), AcceptLosses: true})
	if err != nil {
		t.Fatal(err)
	}
	return done.Batch
}
