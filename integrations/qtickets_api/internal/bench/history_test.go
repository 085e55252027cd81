package bench_test

import (
	"context"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/bench"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// TestEveryOrderDiffers reads a history as the loader does: whole, in pages as big as the real ones, and
// without an id that stands twice.
func TestEveryOrderDiffers(t *testing.T) {
	t.Parallel()
	history, err := bench.NewHistory(1010)
	if err != nil {
		t.Fatal(err)
	}
	server, err := bench.Serve(history, bench.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	client, err := qtickets.New(qtickets.Options{BaseURL: server.URL(), Token: server.Token(), RateLimit: 10_000,
		MaxInFlight: 4})
	if err != nil {
		t.Fatal(err)
	}
	orders, tickets := map[int64]bool{}, map[int64]bool{}
	count := 0
	query := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: 100}
	for p, err := range qtickets.Pages(context.Background(), client.Orders, query, 4, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Invalid) > 0 {
			t.Fatalf("page %d: %+v", p.Paging.CurrentPage, p.Invalid[0])
		}
		for _, o := range p.Rows {
			orders[o.ID] = true
			for _, b := range o.Baskets {
				tickets[b.ID] = true
				count++
			}
		}
	}
	if len(orders) != history.Orders || history.Orders != 1050 {
		t.Errorf("%d different orders of %d, want 1050", len(orders), history.Orders)
	}
	if len(tickets) != count || count < 2*history.Orders {
		t.Errorf("%d different tickets of %d", len(tickets), count)
	}
	var size int
	for n := 1; n <= history.Pages(); n++ {
		size += len(history.Page(n)) / history.Pages()
	}
	if size < 200_000 || size > 250_000 { // 4.5 KB per order on average (API notes, section 4)
		t.Errorf("a page has %d bytes", size)
	}
	if stats := client.Stats(); stats.Requests != int64(history.Pages()) {
		t.Errorf("%d requests for %d pages", stats.Requests, history.Pages())
	}
}
