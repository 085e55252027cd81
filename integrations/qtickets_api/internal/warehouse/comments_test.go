package warehouse_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestCommentsAreThoseOfTheServer: what is read from the text of the schema is what ClickHouse made of it.
func TestCommentsAreThoseOfTheServer(t *testing.T) {
	t.Parallel()
	c := testkit.As(t, testkit.Database(t), embedded.Admin)
	want := map[string]map[string]string{}
	for _, r := range testkit.Rows(t, c, `SELECT table, name, comment FROM system.columns
		WHERE database = currentDatabase() AND match(table, '^(stg|dim|fact|v|meta)_')`) {
		view := r[0].(string)
		if want[view] == nil {
			want[view] = map[string]string{}
		}
		want[view][r[1].(string)] = r[2].(string)
	}
	if diff := cmp.Diff(want, warehouse.Comments()); diff != "" {
		t.Errorf("(-server +text):\n%s", diff)
	}
}
