package testkit

import (
	"net"
	"reflect"
	"strconv"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Raw is a connection over HTTP without the product's code. It closes with the test.
func Raw(t testing.TB, c warehouse.Config) clickhouse.Conn {
	t.Helper()
	conn := rawConn(t, c)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func rawConn(t testing.TB, c warehouse.Config) clickhouse.Conn {
	t.Helper()
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol: clickhouse.HTTP,
		Addr:     []string{net.JoinHostPort(c.Host, strconv.Itoa(c.Port))},
		Auth:     clickhouse.Auth{Database: c.Database, Username: c.User, Password: c.Password},
	})
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// Rows reads a query as Go values, one slice per row.
func Rows(t testing.TB, c warehouse.Config, sql string, values ...any) [][]any {
	t.Helper()
	conn := rawConn(t, c)
	defer func() { _ = conn.Close() }() // an idle connection would delay the end of the engine
	rows, err := conn.Query(t.Context(), sql, values...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer rows.Close()
	var found [][]any
	for rows.Next() {
		row := make([]any, len(rows.ColumnTypes()))
		for i, column := range rows.ColumnTypes() {
			row[i] = reflect.New(column.ScanType()).Interface()
		}
		if err := rows.Scan(row...); err != nil {
			t.Fatal(err)
		}
		for i := range row {
			row[i] = reflect.ValueOf(row[i]).Elem().Interface()
		}
		found = append(found, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return found
}
