package replicas_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// schemaOf is every table and view of a database, or its columns, as one text.
func schemaOf(t testing.TB, c warehouse.Config, sql string) string {
	t.Helper()
	var lines []string
	for _, r := range testkit.Rows(t, c, sql) {
		lines = append(lines, r[0].(string))
	}
	return strings.ReplaceAll(strings.Join(lines, "\n"), c.Database, "zakaz")
}

const (
	created = "SELECT create_table_query FROM system.tables WHERE database = currentDatabase() ORDER BY name"
	columns = "SELECT concat(table, '.', name, ' ', type, ' ', default_kind, ' ', default_expression, ' ', comment) " +
		"FROM system.columns WHERE database = currentDatabase() ORDER BY table, position"
)

// TestReplicatedSchema: migrate makes the same tables on every replica, all of them replicated, with the columns of a
// server of its own; it may be repeated, and a replica that joins later, or comes back empty, gets the same.
func TestReplicatedSchema(t *testing.T) {
	cluster := testkit.Replicas(t)
	hosts := cluster.Database(t)
	if err := cluster.Migrate(t.Context(), hosts[0].Database); err != nil {
		t.Fatal("again: ", err)
	}
	admins := cluster.As(embedded.Admin, hosts[0].Database)
	cluster.Exec(t, 0, "DROP DATABASE "+hosts[0].Database+" SYNC") // the first: its tables are on the others
	if err := cluster.Migrate(t.Context(), hosts[0].Database); err != nil {
		t.Fatal("a replica that joins later: ", err)
	}
	first := schemaOf(t, admins[0], created)
	for _, c := range admins[1:] {
		if diff := cmp.Diff(first, schemaOf(t, c, created)); diff != "" {
			t.Errorf("replicas differ:\n%s", diff)
		}
	}
	plain := testkit.As(t, testkit.Database(t), embedded.Admin)
	if diff := cmp.Diff(schemaOf(t, plain, columns), schemaOf(t, admins[0], columns)); diff != "" {
		t.Errorf("columns (-plain +replicated):\n%s", diff)
	}
	const ttl = "TTL toDateTime(started_at) + toIntervalDay(7) WHERE mode = 'webhook'"
	if !strings.Contains(first, ttl) || strings.Contains(first, "ENGINE = MergeTree") ||
		strings.Contains(first, "ENGINE = ReplacingMergeTree") ||
		!strings.Contains(first, "'/clickhouse/tables/{shard}/zakaz/publish', '{replica}'") {
		t.Error("the TTL of the ledger, an engine or a path is not as it should be")
	}
	for n, c := range hosts {
		if err := testkit.Open(t, c).CheckSchema(t.Context()); err != nil {
			t.Errorf("replica %d: %v", n+1, err)
		}
	}
}

// TestPlainBesideReplicated: neither way of migrating mixes the two, and no load begins on a mix.
func TestPlainBesideReplicated(t *testing.T) {
	cluster := testkit.Replicas(t)
	hosts := cluster.Database(t)
	admins := cluster.As(embedded.Admin, hosts[0].Database)
	if err := warehouse.Migrate(t.Context(), admins[1]); err == nil || !strings.Contains(err.Error(), "--replicated") {
		t.Errorf("plain migrate on a replica: %v", err)
	}
	sweeps := hosts[1].Database + ".state_sweeps"
	cluster.Exec(t, 1, "DROP TABLE "+sweeps+" SYNC", "CREATE TABLE "+sweeps+" (event_id UInt64) ENGINE = "+
		"ReplacingMergeTree ORDER BY event_id")
	err := cluster.Migrate(t.Context(), hosts[0].Database)
	if !errors.Is(err, warehouse.ErrSchema) || !strings.Contains(err.Error(), "state_sweeps is a plain table at "+
		"127.0.0.1") || !strings.Contains(err.Error(), "docs/clusters.md") {
		t.Errorf("migrate --replicated beside a plain table: %v", err)
	}
	if err := testkit.Open(t, hosts[1]).CheckSchema(t.Context()); !errors.Is(err, warehouse.ErrSchema) ||
		!strings.Contains(err.Error(), "state_sweeps") {
		t.Errorf("a load on a mix: %v", err)
	}
	own := testkit.Database(t)
	own.OneOfSeveral = true
	if err := testkit.Open(t, own).CheckSchema(t.Context()); !errors.Is(err, warehouse.ErrSchema) ||
		!strings.Contains(err.Error(), "must be replicated") {
		t.Errorf("several servers with tables of their own: %v", err)
	}
}

// TestBalancerIsRefused: what leads every request to another replica is named at once.
func TestBalancerIsRefused(t *testing.T) {
	cluster := testkit.Replicas(t)
	for _, user := range []string{embedded.Loader, embedded.Reader} {
		_, err := warehouse.Open(t.Context(), cluster.Balancer(t, cluster.As(user, "default")[0]))
		if !errors.Is(err, warehouse.ErrSeveralServers) || !strings.Contains(err.Error(), "CLICKHOUSE_HOST") {
			t.Errorf("%s: %v", user, err)
		}
	}
}
