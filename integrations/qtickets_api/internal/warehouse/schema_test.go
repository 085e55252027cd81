package warehouse_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

const createStatements = "SELECT create_table_query FROM system.tables WHERE database = '%' ORDER BY name"

// TestPipedFileAndMigrateAgree pipes the file through the engine's own multi-statement client, as an
// operator does, and compares every object with what Migrate makes.
func TestPipedFileAndMigrateAgree(t *testing.T) {
	t.Parallel()
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "piped")
	local := func(arguments []string, stdin string) string {
		t.Helper()
		out, err := chserver.Local(t.Context(), library, append([]string{"--path", dir}, arguments...),
			strings.NewReader(stdin))
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	for range 2 { // twice: it must be safe to repeat
		local(nil, warehouse.SQL("schema"))
	}
	piped := local([]string{"--query", strings.ReplaceAll(createStatements, "%", "zakaz") + " FORMAT TSVRaw"}, "")

	c := testkit.As(t, testkit.Database(t), embedded.Admin)
	if err := warehouse.Migrate(t.Context(), c); err != nil {
		t.Fatal("second migration: ", err)
	}
	migrated := strings.Join(texts(t, raw(t, c), strings.ReplaceAll(createStatements, "%", c.Database)), "\n") + "\n"

	// Views belong to who made them: admin_min here, the local session there. The test database has a
	// name of its own.
	migrated = strings.ReplaceAll(strings.ReplaceAll(migrated, "DEFINER = admin_min", "DEFINER = default"), c.Database,
		"zakaz")
	if diff := cmp.Diff(piped, migrated); diff != "" || strings.Count(piped, "CREATE") < 30 {
		t.Errorf("the piped file and Migrate make different schemas (-piped +migrated):\n%s", diff)
	}
}

// TestSchemaFileIsSafeToCut: anybody may cut the files at ";" and rename the database.
func TestSchemaFileIsSafeToCut(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"schema", "smoke_checks", "grants"} {
		text := warehouse.SQL(name)
		for n, line := range strings.Split(text, "\n") {
			code, comment, _ := strings.Cut(line, "--")
			if strings.Contains(comment, ";") ||
				(strings.Contains(code, ";") && !strings.HasSuffix(strings.TrimSpace(code), ";")) {
				t.Errorf("%s.sql:%d: a ; that does not end a statement: %s", name, n+1, line)
			}
		}
		if name == "grants" {
			continue
		}
		if used := regexp.MustCompile(`zakaz[^.;' ]|[^ ('/]zakaz`).FindString(strings.ReplaceAll(text, "EXISTS zakaz;",
			"")); used != "" {
			t.Errorf("%s.sql uses the name of the database for something else: %q", name, used)
		}
	}
	// The lines of runs after webhooks leave the ledger after a week; there are none of them before that is in force.
	remaining := regexp.MustCompile(`ALTER TABLE \S+ ADD (?:COLUMN|INDEX) IF NOT EXISTS|ALTER TABLE zakaz\.state_job_runs MODIFY TTL \S+ \+ INTERVAL 7 DAY DELETE WHERE mode = 'webhook' `).
		ReplaceAllString(warehouse.SQL("schema"), "")
	if lossy := regexp.MustCompile(`(?im)^\s*(DROP|TRUNCATE|DELETE|RENAME|EXCHANGE|ALTER)\b.*`).FindString(remaining); lossy != "" {
		t.Errorf("the schema file holds a statement that can lose data: %s", lossy)
	}
}

// TestEveryColumnIsExplained: what BI and operators read has a Russian comment on every column.
func TestEveryColumnIsExplained(t *testing.T) {
	t.Parallel()
	c := testkit.As(t, testkit.Database(t), embedded.Admin)
	conn := raw(t, c)
	const views = "database = currentDatabase() AND match(table, '^(stg|dim|fact|v|meta)_')"
	if bare := texts(t, conn, "SELECT concat(table, '.', name) FROM system.columns WHERE "+views+
		" AND NOT match(comment, '[а-яА-Я]')"); len(bare) > 0 {
		t.Errorf("columns without a Russian comment: %v", bare)
	}
	if n := len(texts(t, conn, "SELECT name FROM system.columns WHERE "+views)); n < 150 {
		t.Errorf("only %d columns were looked at", n)
	}
}

// TestEveryMartIsDropped: the list of batches to drop knows every table of facts.
func TestEveryMartIsDropped(t *testing.T) {
	t.Parallel()
	c := testkit.As(t, testkit.Database(t), embedded.Admin)
	tables := texts(t, raw(t, c),
		"SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'store_')")
	for _, store := range tables {
		if !strings.Contains(warehouse.SQL("stored_batches"), " FROM "+store+" ") {
			t.Errorf("stored_batches.sql does not list %s", store)
		}
	}
	if len(tables) < 7 {
		t.Errorf("tables of facts: %v", tables)
	}
}
