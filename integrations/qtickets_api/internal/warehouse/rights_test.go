package warehouse_test

import (
	"errors"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestRights tries what each user of the list of rights may and may not do.
func TestRights(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	const allowed, denied = 0, 497 // ClickHouse: not enough privileges
	for _, r := range []struct {
		user, statement string
		code            int32
	}{
		{embedded.Loader, "SELECT count() FROM state_orders", allowed},
		{embedded.Loader, "SELECT count() FROM stg_qtickets_api_orders_raw", allowed},
		{embedded.Loader, "SELECT count() FROM v_qtickets_sales_dashboard", allowed},
		{embedded.Loader, "INSERT INTO state_color_themes (color_theme_id, version) VALUES (1, 1)", allowed},
		{embedded.Loader, "ALTER TABLE store_sales_daily DROP PARTITION 1", allowed},
		{embedded.Loader, "ALTER TABLE state_orders DELETE WHERE 1", denied},
		{embedded.Loader, "TRUNCATE TABLE state_orders", denied},
		{embedded.Loader, "DROP TABLE state_orders", denied},
		{embedded.Loader, "CREATE TABLE state_new (a UInt8) ENGINE = MergeTree ORDER BY a", denied},
		{embedded.Loader, "ALTER TABLE store_sales_daily ADD COLUMN a UInt8", denied},
		{embedded.Loader, "OPTIMIZE TABLE state_orders", denied},
		{embedded.Loader, "SELECT * FROM system.users", denied},
		{embedded.Loader, "SELECT * FROM file('/etc/passwd', LineAsString)", denied},
		{embedded.Loader, "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)", denied},
		{embedded.Loader, "SYSTEM SHUTDOWN", denied},
		{embedded.Reader, "SELECT count() FROM fact_qtickets_sales_daily", allowed},
		{embedded.Reader, "SELECT count() FROM fact_qtickets_sales_utm_daily", allowed},
		{embedded.Reader, "SELECT count() FROM fact_qtickets_refunds_daily", allowed},
		{embedded.Reader, "SELECT count() FROM fact_qtickets_inventory_latest", allowed},
		{embedded.Reader, "SELECT count() FROM v_qtickets_sales_dashboard", allowed},
		{embedded.Reader, "SELECT count() FROM dim_events", allowed},
		{embedded.Reader, "SELECT count() FROM state_orders", denied},
		{embedded.Reader, "SELECT count() FROM stg_qtickets_api_orders_raw", denied},
		{embedded.Reader, "SELECT count() FROM store_sales_daily", denied},
		{embedded.Reader, "SELECT count() FROM publish", denied},
		{embedded.Reader, "SELECT count() FROM meta_job_runs", denied},
		{embedded.Reader, "INSERT INTO publish (seq) VALUES (1)", denied},
		{embedded.Reader, "SELECT * FROM file('/etc/passwd', LineAsString)", denied},
		{embedded.Admin, "CREATE TABLE state_later (a UInt8) ENGINE = MergeTree ORDER BY a", allowed},
		{embedded.Admin, "DROP TABLE state_later", allowed},
		{embedded.Admin, "SHOW GRANTS FOR etl_writer", allowed},
		{embedded.Admin, "SELECT * FROM file('/etc/passwd', LineAsString)", denied},
	} {
		err := raw(t, testkit.As(t, c, r.user)).Exec(t.Context(), r.statement)
		var refusal *clickhouse.Exception
		if err != nil && !errors.As(err, &refusal) {
			t.Fatalf("%s: %s: %v", r.user, r.statement, err)
		}
		if got := code(refusal); got != r.code {
			t.Errorf("%s: %s: code %d, want %d (%v)", r.user, r.statement, got, r.code, err)
		}
	}
}

func code(e *clickhouse.Exception) int32 {
	if e == nil {
		return 0
	}
	return e.Code
}
