package sales_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// captured reads the rows of a recorded production answer. The recordings are not part of the
// repository: QTICKETS_CAPTURES names their folder, and without it there is nothing to look at.
func captured(t *testing.T, name string) []json.RawMessage {
	t.Helper()
	dir := os.Getenv("QTICKETS_CAPTURES")
	if dir == "" {
		t.Skip("QTICKETS_CAPTURES names no folder with recorded answers")
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	var page struct{ Data []json.RawMessage }
	if err := json.Unmarshal(text, &page); err != nil {
		t.Fatal(err)
	}
	return page.Data
}

func TestCapturedOrders(t *testing.T) {
	t.Parallel()
	type facts struct{ orders, tickets, sold, free, cancelled, refunded, days, scanned, marked int }
	var got facts
	var revenue qtickets.Money
	byDay, hashes := map[string]qtickets.Money{}, map[uint64]bool{}
	for _, text := range captured(t, "orders_page.json") {
		src := decode(t, string(text))
		row := fromOrder(t, src)
		checkRow(t, src, row)
		hashes[row.ContentHash] = true
		got.orders++
		if row.UTM != (sales.UTM{}) {
			got.marked++
		}
		if len(row.Anomalies) > 0 {
			t.Errorf("order %d: %v", row.OrderID, row.Anomalies)
		}
		for _, b := range row.Tickets {
			got.tickets++
			if b.CheckedAt != nil {
				got.scanned++
			}
			if b.Counted != 1 {
				t.Errorf("ticket %d does not count", b.TicketID)
			}
			switch b.State {
			case sales.Sold:
				got.sold++
				if b.Price == 0 {
					got.free++
				}
				byDay[sales.Day(*row.SaleTS)] += b.Revenue
				revenue += b.Revenue
			case sales.Cancelled:
				got.cancelled++
			case sales.Refunded:
				got.refunded++
			}
		}
	}
	got.days = len(byDay)
	want := facts{orders: 50, tickets: 139, sold: 118, free: 83, cancelled: 21, refunded: 0, days: 17, scanned: 39,
		marked: 26}
	if got != want || revenue.String() != "11397.00" || len(hashes) != 50 {
		t.Errorf("%+v, want %+v; revenue %s, %d different contents", got, want, revenue, len(hashes))
	}
}
