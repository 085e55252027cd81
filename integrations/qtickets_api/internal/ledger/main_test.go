package ledger_test

import (
	"fmt"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// texts is the first column of a query.
func texts(t testing.TB, c warehouse.Config, sql string) []string {
	t.Helper()
	var found []string
	for _, row := range testkit.Rows(t, c, sql) {
		found = append(found, fmt.Sprint(row[0]))
	}
	return found
}
