package sales_test

import (
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/corpus"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// FuzzFromOrder reads foreign bytes as an order: either the reader or the rules refuse it, or the row
// holds the money rules, and its payload gives the same row again.
func FuzzFromOrder(f *testing.F) {
	files, err := fs.Glob(orderFiles, "testdata/orders/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		text, err := orderFiles.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, kept := range corpus.Read(f, "FuzzFromOrder") {
		f.Add([]byte(kept[0]))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		src, err := qtickets.DecodeOrder(text)
		if err != nil {
			return
		}
		row, err := sales.FromOrder(src, nil)
		if err != nil {
			return
		}
		checkRow(t, src, row)
		stored, err := qtickets.DecodeOrder(row.PayloadJSON)
		if err != nil {
			t.Fatalf("the payload cannot be read back: %v", err)
		}
		again := fromOrder(t, stored)
		if again.ContentHash != row.ContentHash {
			t.Fatalf("the payload is another content: %s\n%s", row.PayloadJSON, again.PayloadJSON)
		}
		if diff := cmp.Diff(totals(row), totals(again)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The seeds are no corpus by name only: each is a row with these sums.
func TestSeedOrders(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]map[sales.State]sales.Amounts{
		"paid":             {sales.Sold: {Gross: 900_00, Revenue: 900_00}},
		"cancelled":        {sales.Cancelled: {}},
		"refunded_in_part": {sales.Refunded: {Gross: 1000_55, Refunded: 900_50, Revenue: 100_05}},
		"php_quirks":       {sales.Sold: {}},
		"season_ticket":    {sales.Sold: {Gross: 3000_00, Revenue: 3000_00}},
	} {
		src := decode(t, orderText(t, name))
		row := fromOrder(t, src)
		checkRow(t, src, row)
		if diff := cmp.Diff(want, totals(row)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
