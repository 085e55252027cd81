package warehouse

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

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

// Migrate brings the schema of a server of its own up to date, in the database of the connection.
func Migrate(ctx context.Context, c Config) error {
	return Layout{Database: c.Database}.Migrate(ctx, []Config{c})
}

// Migrate brings the schema up to date: the same statements as the file an operator pipes, one by one. It needs the
// rights of admin_min and may be repeated at any time. A layout of replicated tables is for all replicas at once.
func (l Layout) Migrate(ctx context.Context, servers []Config) error {
	if l.Replicated {
		return l.migrateReplicas(ctx, servers)
	}
	return l.migrateServer(ctx, servers[0])
}

func (l Layout) migrateServer(ctx context.Context, c Config) error {
	db, err := l.open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	engines, err := db.engines(ctx, l.Database)
	if err != nil {
		return err
	}
	if table := firstTable(engines, isReplicated); table != "" {
		return fmt.Errorf("%w: %s.%s is replicated at %s: run \"qtickets_api migrate --replicated\" with all replicas in "+
			"CLICKHOUSE_HOST (docs/clusters.md)", ErrSchema, l.Database, table, c.address())
	}
	for i, statement := range l.statements() {
		if err := db.exec(ctx, statement, nil); err != nil {
			return fmt.Errorf("schema statement %d: %w", i+1, err)
		}
	}
	return nil
}

// open connects to a server whose database may not exist yet.
func (l Layout) open(ctx context.Context, c Config) (*DB, error) {
	if !l.NoDatabase {
		c.Database = ""
	}
	return Open(ctx, c)
}

// migrateReplicas brings replicated tables up to date on all servers, or makes them: also on a server that joins
// later. Every server must answer. A table is created and altered where it is, or on the first server, and then
// created on the others, which take its columns from there.
func (l Layout) migrateReplicas(ctx context.Context, servers []Config) error {
	var replicas []*replica
	for _, c := range servers {
		db, err := l.open(ctx, c)
		if err != nil {
			return fmt.Errorf("nothing was changed, all replicas must answer: %w", err)
		}
		defer func() { _ = db.Close() }()
		engines, err := db.engines(ctx, l.Database)
		if err != nil {
			return err
		}
		if table := firstTable(engines, isPlain); table != "" {
			return fmt.Errorf("%w: %s.%s is a plain table at %s, and a plain table does not become a replicated one: move its "+
				"rows as docs/clusters.md says; nothing was changed", ErrSchema, l.Database, table, c.address())
		}
		replicas = append(replicas, &replica{db, engines})
	}
	for _, step := range l.steps(replicas) {
		if err := step.at.apply(ctx, step.statement); err != nil {
			name, _, _ := strings.Cut(step.statement, "\n")
			return fmt.Errorf("%s at %s: %w", name, step.at.db.config.address(), err)
		}
	}
	return nil
}

// replica is a server whose schema is brought up to date.
type replica struct {
	db      *DB
	engines map[string]string // of its tables before
}

type step struct {
	at        *replica
	statement string
}

// steps in their order: the database, each table with its changes, the views.
func (l Layout) steps(replicas []*replica) []step {
	var steps []step
	statements := l.statements()
	everywhere := func(statement string) {
		for _, r := range replicas {
			steps = append(steps, step{r, statement})
		}
	}
	for _, s := range statements {
		switch table := tableOf(s); {
		case createsTable.MatchString(s):
			first := whereTableIs(replicas, table)
			steps = append(steps, step{first, s})
			for _, alter := range statements {
				if altersTable.MatchString(alter) && tableOf(alter) == table {
					steps = append(steps, step{first, alter})
				}
			}
			everywhere(s) // once more at the first, where it does nothing
		case table == "":
			everywhere(s)
		}
	}
	return steps
}

// whereTableIs is the first server that has a table, or the first of all.
func whereTableIs(replicas []*replica, table string) *replica {
	for _, r := range replicas {
		if r.engines[table] != "" {
			return r
		}
	}
	return replicas[0]
}

// apply runs a statement, again when another change of the table was quicker.
func (r *replica) apply(ctx context.Context, statement string) error {
	for attempt := 0; ; attempt++ {
		err := r.db.exec(ctx, statement, nil)
		if serverCode(err) != codeCannotAlter || attempt == 10 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Second):
		}
	}
}

// engines of the tables and views of a database, by name. Without the database there are none.
func (db *DB) engines(ctx context.Context, database string) (map[string]string, error) {
	engines := map[string]string{}
	parameters := map[string]string{"database": database}
	err := db.query(ctx, statement("table_names"), parameters, func(r driver.Rows) error {
		var name, engine string
		err := r.Scan(&name, &engine)
		engines[name] = engine
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	return engines, nil
}

func isReplicated(engine string) bool { return strings.HasPrefix(engine, "Replicated") }

// isPlain is about tables that other servers do not have. ClickHouse Cloud shares all of them by itself.
func isPlain(engine string) bool {
	return strings.HasSuffix(engine, "MergeTree") && !isReplicated(engine) && !strings.HasPrefix(engine, "Shared")
}

// firstTable is the first of our tables whose engine is of a kind; "": none is.
func firstTable(engines map[string]string, kind func(engine string) bool) string {
	for _, name := range needed {
		if kind(engines[name]) {
			return name
		}
	}
	return ""
}

// CheckSchema finds out whether everything the loader reads and writes is there and may be seen, and whether the
// schema is at least of this release's version: a newer one has all that this release needs. Of several servers none
// may have tables of its own. The error is ErrSchema and names what is missing.
func (db *DB) CheckSchema(ctx context.Context) error {
	engines, err := db.engines(ctx, db.config.Database)
	if err != nil {
		return err
	}
	for _, name := range needed {
		if engines[name] == "" {
			return fmt.Errorf("%w: %s.%s is not there, or user %s may not see it: %s, and give the rights of "+
				"infra/clickhouse/grants.sql",
				ErrSchema, db.config.Database, name, db.config.User, applySchema)
		}
	}
	plain, replicated := firstTable(engines, isPlain), firstTable(engines, isReplicated)
	if plain != "" && (replicated != "" || db.config.OneOfSeveral) {
		return fmt.Errorf("%w: %s.%s at %s is a plain table, which other servers do not have: with several servers all "+
			"tables must be replicated (\"qtickets_api migrate --replicated\", docs/clusters.md); with one server name it "+
			"alone in CLICKHOUSE_HOST", ErrSchema, db.config.Database, plain, db.config.address())
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
	"store_movements", "store_entries", "store_zones_latest", "store_parts", "fact_qtickets_movements",
	"fact_qtickets_zones_latest",
	"stg_qtickets_api_orders_raw", "stg_qtickets_api_inventory_raw", "dim_events", "meta_job_runs",
	"fact_qtickets_sales_daily", "fact_qtickets_inventory_latest", "v_qtickets_sales_dashboard",
}
