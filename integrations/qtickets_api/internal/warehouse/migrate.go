package warehouse

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// SchemaVersion is the version of the schema that this release reads and writes: that of sql/schema.sql.
const SchemaVersion = 2

// applySchema is how an administrator brings the schema up to date.
const applySchema = "apply infra/clickhouse/migrations/2025-qtickets-api-final.sql as an administrator, or run " +
	"\"qtickets_api migrate\""

// Migrate brings the schema up to date: the same statements as the file an operator pipes, one by one.
// It needs the rights of admin_min and may be repeated at any time.
func Migrate(ctx context.Context, c Config) error {
	database := c.Database
	c.Database = "" // it may not exist yet
	db, err := Open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for i, statement := range statementsFor(database, "schema") {
		if err := db.exec(ctx, statement, nil); err != nil {
			return fmt.Errorf("schema statement %d: %w", i+1, err)
		}
	}
	return nil
}

// CheckSchema finds out whether everything the loader reads and writes is there and may be seen, and whether the schema
// is at least of this release's version: a newer one has all that this release needs. The error is ErrSchema and names
// what is missing.
func (db *DB) CheckSchema(ctx context.Context) error {
	found := map[string]bool{}
	err := db.query(ctx, statement("table_names"), nil, func(r driver.Rows) error {
		var name string
		err := r.Scan(&name)
		found[name] = true
		return err
	})
	if err != nil {
		return fmt.Errorf("list tables: %w", err)
	}
	for _, name := range needed {
		if !found[name] {
			return fmt.Errorf("%w: %s.%s is not there, or user %s may not see it: %s, and give the rights of "+
				"infra/clickhouse/grants.sql",
				ErrSchema, db.config.Database, name, db.config.User, applySchema)
		}
	}
	version := uint32(1) // the last one that did not say so
	if found["meta_schema"] {
		if version, err = db.SchemaVersion(ctx); err != nil {
			return err
		}
	}
	if version < SchemaVersion {
		return fmt.Errorf("%w: database %s has version %d, this release needs version %d: %s", ErrSchema, db.config.Database,
			version, SchemaVersion, applySchema)
	}
	return nil
}

// SchemaVersion reads the version of the schema that was applied last.
func (db *DB) SchemaVersion(ctx context.Context) (version uint32, err error) {
	err = db.query(ctx, statement("schema_version"), nil, func(r driver.Rows) error { return r.Scan(&version) })
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	return version, nil
}

// needed are the tables the loader reads and writes, and the views that others rely on.
var needed = []string{
	"state_orders", "state_events", "state_shows", "state_inventory", "state_inventory_seen", "state_sweeps",
	"state_webhooks", "state_alerts", "state_discounts",
	"state_promo_codes", "state_color_themes", "state_quarantine", "state_job_runs", "publish", "store_sales_daily",
	"store_sales_utm_daily", "store_refunds_daily", "store_inventory_latest", "store_sales_dashboard",
	"store_movements", "store_zones_latest", "fact_qtickets_movements", "fact_qtickets_zones_latest",
	"stg_qtickets_api_orders_raw", "stg_qtickets_api_inventory_raw", "dim_events", "meta_job_runs",
	"fact_qtickets_sales_daily", "fact_qtickets_inventory_latest", "v_qtickets_sales_dashboard",
}
