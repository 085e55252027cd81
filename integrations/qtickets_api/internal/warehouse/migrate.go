package warehouse

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// SchemaVersion is the version of the schema that this release reads and writes: what sql/schema.sql says of itself.
var SchemaVersion = sync.OnceValue(func() uint32 {
	number := regexp.MustCompile(`toUInt32\((\d+)\) AS version`).FindStringSubmatch(SQL("schema"))
	version, err := strconv.ParseUint(number[1], 10, 32)
	if err != nil { // embedded, and tested
		panic(err)
	}
	return uint32(version)
})

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
	version, err := db.schemaVersion(ctx)
	if err != nil {
		return err
	}
	if version < SchemaVersion() {
		return fmt.Errorf("%w: database %s has version %d, this release needs version %d: %s", ErrSchema, db.config.Database,
			version, SchemaVersion(), applySchema)
	}
	return nil
}

// schemaVersion reads the version of the schema that was applied last.
func (db *DB) schemaVersion(ctx context.Context) (version uint32, err error) {
	err = db.query(ctx, statement("schema_version"), nil, func(r driver.Rows) error { return r.Scan(&version) })
	switch {
	case errors.Is(err, ErrSchema):
		return 1, nil // no such view: the last version that did not say so
	case err != nil:
		return 0, fmt.Errorf("read schema version: %w", err)
	default:
		return version, nil
	}
}

// schemaVerdict compares the schema with the one of this release. A newer one has all that the release needs.
func (db *DB) schemaVerdict(ctx context.Context) Verdict {
	v := Verdict{Check: "schema version", Status: "ok", Limit: fmt.Sprintf("version %d", SchemaVersion())}
	version, err := db.schemaVersion(ctx)
	v.Found = fmt.Sprintf("version %d", version)
	switch {
	case err != nil:
		v.Status, v.Found = "fail", fmt.Sprint("could not run: ", err)
	case version < SchemaVersion():
		v.Status, v.Limit = "fail", v.Limit+": "+applySchema
	case version > SchemaVersion():
		v.Status, v.Limit = "warn", v.Limit+": the schema is newer than this program, install the newer release"
	}
	return v
}

// needed are the tables the loader reads and writes, and the views that others rely on.
var needed = []string{
	"state_orders", "state_events", "state_shows", "state_inventory", "state_inventory_seen", "state_sweeps",
	"state_webhooks", "state_alerts", "state_discounts",
	"state_promo_codes", "state_color_themes", "state_quarantine", "state_job_runs", "publish", "store_sales_daily",
	"store_sales_utm_daily", "store_refunds_daily", "store_inventory_latest", "store_sales_dashboard",
	"store_movements", "store_zones_latest", "store_parts", "fact_qtickets_movements", "fact_qtickets_zones_latest",
	"stg_qtickets_api_orders_raw", "stg_qtickets_api_inventory_raw", "dim_events", "meta_job_runs",
	"fact_qtickets_sales_daily", "fact_qtickets_inventory_latest", "v_qtickets_sales_dashboard",
}
