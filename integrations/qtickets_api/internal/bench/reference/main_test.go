package main

import (
	"fmt"
	"log/slog"
	"strconv"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/bench"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestSameRows: the comparison is fair only if both programs store the same. What the loader alone knows
// (hashes, anomalies, the text without personal data) is left out.
func TestSameRows(t *testing.T) {
	t.Parallel()
	history, err := bench.NewHistory(400)
	if err != nil {
		t.Fatal(err)
	}
	server, err := bench.Serve(history, bench.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)

	theirs := testkit.Database(t)
	environment := map[string]string{
		"QTICKETS_BASE_URL": server.URL(), "QTICKETS_TOKEN": server.Token(), "QTICKETS_MAX_IN_FLIGHT": "4",
		"CLICKHOUSE_HOST": theirs.Host, "CLICKHOUSE_PORT": strconv.Itoa(theirs.Port), "CLICKHOUSE_DATABASE": theirs.Database,
		"CLICKHOUSE_USER": theirs.User, "CLICKHOUSE_PASSWORD": theirs.Password,
	}
	if err := run(t.Context(), func(name string) string { return environment[name] }); err != nil {
		t.Fatal(err)
	}

	ours := testkit.Database(t)
	api, err := qtickets.New(qtickets.Options{BaseURL: server.URL(), Token: server.Token(), RateLimit: 10_000,
		MaxInFlight: 4})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.Sync(t.Context(), api, testkit.Open(t, ours), "loader",
		pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}

	a, b := rows(t, ours), rows(t, theirs)
	if len(a) != history.Orders || len(b) != history.Orders {
		t.Fatalf("%d and %d orders of %d", len(a), len(b), history.Orders)
	}
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("the loader stored\n%s\nthe reference program\n%s", a[i], b[i])
		}
	}
}

// rows are the orders of a database as text.
func rows(t *testing.T, c warehouse.Config) []string {
	t.Helper()
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol: clickhouse.HTTP, Addr: []string{fmt.Sprintf("%s:%d", c.Host, c.Port)},
		Auth: clickhouse.Auth{Database: c.Database, Username: c.User, Password: c.Password},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	// These two marks hold e-mail addresses here, which the loader takes out.
	found, err := conn.Query(t.Context(), `SELECT toString(tuple(* EXCEPT (version, content_hash, run_id, anomalies, payload_json, utm_content, utm_term)))
		FROM state_orders FINAL ORDER BY order_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var texts []string
	for found.Next() {
		var text string
		if err := found.Scan(&text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return texts
}
