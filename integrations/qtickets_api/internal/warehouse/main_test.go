package warehouse_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

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

// post sends one statement over HTTP with settings in the query string, as BI tools do, and returns the response and
// the code of an error.
func post(t testing.TB, c warehouse.Config, sql string, settings map[string]string) (text, code string) {
	t.Helper()
	parameters := url.Values{"database": {c.Database}}
	for name, value := range settings {
		parameters.Set(name, value)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		fmt.Sprintf("http://%s:%d/?%s", c.Host, c.Port, parameters.Encode()), strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(c.User, c.Password)
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(body)), response.Header.Get("X-ClickHouse-Exception-Code")
}
