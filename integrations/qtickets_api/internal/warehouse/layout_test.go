package warehouse_test

import (
	"regexp"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestSchemaForReplicas: every table is replicated at the path of the contract and has all columns from the beginning;
// what is printed is SQL, for each layout.
func TestSchemaForReplicas(t *testing.T) {
	t.Parallel()
	admin := raw(t, testkit.As(t, testkit.Database(t), embedded.Admin))
	tables := len(regexp.MustCompile(`(?m)^CREATE TABLE `).FindAllString(warehouse.SQL("schema"), -1))
	for name, l := range map[string]warehouse.Layout{
		"replicated":  {Database: "zakaz", Replicated: true},
		"cluster":     {Database: "zakaz", Replicated: true, NoDatabase: true, Cluster: "{cluster}"},
		"no database": {Database: "zakaz", NoDatabase: true},
	} {
		text := warehouse.Schema(l)
		statements := strings.Split(strings.TrimSpace(text), ";\n")
		for _, s := range statements {
			if err := admin.Exec(t.Context(), "EXPLAIN AST "+strings.TrimSuffix(s, ";")); err != nil {
				t.Errorf("%s: %v\n%s", name, err, s)
			}
		}
		if strings.Contains(text, "CREATE DATABASE") == l.NoDatabase {
			t.Errorf("%s: CREATE DATABASE", name)
		}
		if n := strings.Count(text, " ON CLUSTER '{cluster}'"); l.Cluster != "" && n != len(statements)-1 { // but SET
			t.Errorf("%s: %d of %d statements are ON CLUSTER", name, n, len(statements))
		}
		if !l.Replicated {
			continue
		}
		paths := regexp.MustCompile(`ENGINE = Replicated\w*MergeTree\('/clickhouse/tables/\{shard\}/zakaz/(\w+)', '\{replica\}'`)
		if n := len(paths.FindAllString(text, -1)); n != tables || strings.Contains(text, "ENGINE = MergeTree") ||
			strings.Contains(text, "ENGINE = ReplacingMergeTree") {
			t.Errorf("%s: %d of %d tables are replicated", name, n, tables)
		}
		for _, s := range statements {
			if strings.Contains(s, "ALTER TABLE") && !strings.Contains(s, "alter_sync = 2") {
				t.Errorf("%s: a replica may be left behind by %s", name, s)
			}
		}
	}
	if warehouse.Schema(warehouse.Layout{Database: "zakaz"}) != warehouse.SQL("schema") {
		t.Error("without a layout it is the file itself")
	}
}
