package warehouse_test

import (
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// raw is a connection without the product's code between.
func raw(t testing.TB, c warehouse.Config) clickhouse.Conn {
	t.Helper()
	return testkit.Raw(t, c)
}

// texts is the first column of a query.
func texts(t testing.TB, conn clickhouse.Conn, sql string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		found = append(found, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}
