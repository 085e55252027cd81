package qtickets

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// capture reads a recorded production answer. The recordings are not part of the repository: their
// folder is named by QTICKETS_CAPTURES, and without it these tests have nothing to look at.
func capture(t testing.TB, name string) []byte {
	t.Helper()
	dir := os.Getenv("QTICKETS_CAPTURES")
	if dir == "" {
		t.Skip("QTICKETS_CAPTURES names no folder with recorded answers")
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCapturedOrders(t *testing.T) {
	t.Parallel()
	page, err := decodePage[Order](newDecoder(bytes.NewReader(capture(t, "orders_page.json"))), "orders", false)
	if err != nil || len(page.Invalid) != 0 {
		t.Fatalf("err %v, bad rows %v", err, page.Invalid)
	}
	var tickets, sold, free, cancelled, refunded, scanned, paid, marked int
	var revenue, blind Money
	for _, o := range page.Rows {
		if o.Payed.Value {
			paid++
		}
		if len(o.UTM) > 0 {
			marked++
		}
		blind += o.Price.Value
		for _, b := range o.Baskets {
			tickets++
			if b.CheckedAt.Valid {
				scanned++
			}
			switch {
			case b.RefundedAt.Valid:
				refunded++
			case b.DeletedAt.Valid || o.DeletedAt.Valid:
				cancelled++
			case o.Payed.Value:
				sold++
				revenue += b.Price.Value
				if b.Price.Value == 0 {
					free++
				}
			}
		}
		checkRoundTrip(t, o)
	}
	type facts struct{ orders, tickets, paid, sold, free, cancelled, refunded, scanned, marked int }
	got := facts{len(page.Rows), tickets, paid, sold, free, cancelled, refunded, scanned, marked}
	want := facts{50, 139, 40, 118, 83, 21, 0, 39, 26}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if revenue.String() != "11397.00" || blind.String() != "19329.00" {
		t.Errorf("revenue %s, price of everything %s", revenue, blind)
	}
	if page.Paging.PerPage != 50 || page.Paging.CurrentPage != 1 || page.Paging.Total == 0 {
		t.Errorf("paging %+v", page.Paging)
	}
	if ignored := checkRows(Query{OrderBy: []Sort{Asc("id")}}, page.Rows); ignored != nil {
		t.Error(ignored)
	}
}

func TestCapturedEvents(t *testing.T) {
	t.Parallel()
	page, err := decodePage[Event](newDecoder(bytes.NewReader(capture(t, "events_page.json"))), "events", false)
	if err != nil || len(page.Invalid) != 0 {
		t.Fatalf("err %v, bad rows %v", err, page.Invalid)
	}
	shows, deleted, priced := 0, 0, 0
	for _, e := range page.Rows {
		if e.DeletedAt.Valid {
			deleted++
		}
		if e.Name.Value == "" || e.City.Timezone.Value == "" || e.CurrencyID.Value != "RUB" {
			t.Errorf("event %d lacks its name, zone or currency", e.ID)
		}
		for _, s := range e.Shows {
			shows++
			if !s.StartDate.Valid || !s.IsActive.Valid {
				t.Errorf("show %d lacks its start or state", s.ID)
			}
			if s.MinPrice.Valid && s.MaxPrice.Valid {
				priced++
			}
		}
	}
	if len(page.Rows) != 5 || shows != 11 || deleted != 2 || priced != 9 {
		t.Errorf("%d events, %d shows, %d deleted, %d with prices", len(page.Rows), shows, deleted, priced)
	}
}
