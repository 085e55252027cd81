package warehouse_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/bench"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// BenchmarkEncodeBatch makes one insert of 2 000 orders, known rows asked for, columns filled, encoded and
// compressed, for a ClickHouse that takes no time.
func BenchmarkEncodeBatch(b *testing.B) {
	rows := benchOrders(b, 2000)
	server := httptest.NewServer(&deaf{engine: fmt.Sprintf("http://127.0.0.1:%d", testkit.Engine(b).HTTPPort())})
	b.Cleanup(server.Close)
	c := testkit.Database(b)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	c.Port, _ = strconv.Atoi(port)
	db := testkit.Open(b, c)
	b.ReportAllocs()
	for b.Loop() {
		written, err := db.Insert(b.Context(), warehouse.Rows{Orders: rows}, "bench")
		if err != nil || written[warehouse.FeedOrders].New != len(rows) {
			b.Fatalf("%+v: %v", written, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(rows)), "ns/order")
}

// benchOrders are orders as a backfill has them.
func benchOrders(b *testing.B, n int) []warehouse.Observed[sales.Order] {
	b.Helper()
	history, err := bench.NewHistory(n)
	if err != nil {
		b.Fatal(err)
	}
	server, err := bench.Serve(history, bench.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	api, err := qtickets.New(qtickets.Options{BaseURL: server.URL(), Token: server.Token(), RateLimit: 10_000})
	if err != nil {
		b.Fatal(err)
	}
	var rows []warehouse.Observed[sales.Order]
	for number := range history.Pages() {
		page, err := api.Orders(b.Context(), qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, Page: number + 1})
		if err != nil {
			b.Fatal(err)
		}
		for _, source := range page.Rows {
			row, err := sales.FromOrder(source, []byte("of the benchmark only"))
			if err != nil {
				b.Fatal(err)
			}
			rows = append(rows, warehouse.Observed[sales.Order]{Row: row, At: time.Now()})
		}
	}
	return rows
}

// deaf is a ClickHouse that hears no insert to its end and answers every other question as it did the first
// time.
type deaf struct {
	engine  string
	mu      sync.Mutex
	replies map[string]reply
}

type reply struct {
	header http.Header
	status int
	body   []byte
}

func (d *deaf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Query().Get("query"), "INSERT") {
		_, _ = io.Copy(io.Discard, r.Body)
		return
	}
	question, err := io.ReadAll(r.Body)
	if err == nil {
		err = d.forward(w, r, string(question))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func (d *deaf) forward(w http.ResponseWriter, r *http.Request, question string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, known := d.replies[question]
	if !known {
		request, err := http.NewRequestWithContext(r.Context(), r.Method, d.engine+r.URL.RequestURI(),
			strings.NewReader(question))
		if err != nil {
			return err
		}
		request.Header = r.Header.Clone()
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		a = reply{header: response.Header, status: response.StatusCode}
		if a.body, err = io.ReadAll(response.Body); err != nil {
			return err
		}
		if d.replies == nil {
			d.replies = map[string]reply{}
		}
		d.replies[question] = a
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, err := w.Write(a.body)
	return err
}
