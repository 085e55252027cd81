package sales_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// seat reads "id capacity free ordered payed basket"; "?" is a number the API left out, an id of the
// form "tariff/root" is a tariff of the place root, and "x" in front means switched off.
func seat(text string) qtickets.Seat {
	text, disabled := strings.CutPrefix(text, "x ")
	fields := strings.Fields(text)
	var n [5]qtickets.Opt[int64]
	for i, w := range fields[1:] {
		if w != "?" {
			var v int64
			if _, err := fmt.Sscan(w, &v); err != nil {
				panic(err)
			}
			n[i] = number(v)
		}
	}
	s := qtickets.Seat{
		ID: fields[0], Disabled: qtickets.Some(disabled), MaxQuantity: n[0], FreeQuantity: n[1], OrderedQuantity: n[2],
		PayedQuantity: n[3], InBasketQuantity: n[4],
		Admission: qtickets.Some(true), // never a sign of a free place
	}
	if _, root, tariff := strings.Cut(s.ID, "/"); tariff {
		s.RootID = qtickets.Some(root)
	}
	return s
}

// inventory writes the sums as "capacity sold held free closed", "?" for unknown.
func inventory(row sales.Inventory) string {
	var fields []string
	for _, n := range []*int64{row.Capacity, row.Sold, row.Held, row.Free, row.Closed} {
		if n == nil {
			fields = append(fields, "?")
		} else {
			fields = append(fields, fmt.Sprint(*n))
		}
	}
	return strings.Join(fields, " ")
}

func TestInventory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		seats []string // id, capacity, free, ordered (payed included), payed, in a basket
		want  string   // capacity, sold, held, free, closed
	}{
		{"no seats: nothing is known", nil, "? ? ? ? ?"},
		{"free seat", []string{"a 1 1 0 0 0"}, "1 0 0 1 0"},
		{"sold seat", []string{"a 1 0 1 1 0"}, "1 1 0 0 0"},
		{"held seat", []string{"a 1 0 1 0 0"}, "1 0 1 0 0"},
		{"seat in a basket", []string{"a 1 0 0 0 1"}, "1 0 1 0 0"},
		{"closed seat", []string{"x a 1 0 0 0 0"}, "1 0 0 0 1"},
		{"closed seat that says free", []string{"x a 1 1 0 0 0"}, "1 0 0 0 1"},
		{"sold, then closed", []string{"x a 1 0 1 1 0"}, "1 1 0 0 0"},
		{"quota seat: neither free nor sold", []string{"a 1 0 0 0 0"}, "1 0 0 0 0"},
		{"a hall", []string{"a 1 1 0 0 0", "b 1 0 1 1 0", "c 1 0 1 0 0", "d 1 0 0 0 1", "x e 1 0 0 0 0", "f 1 0 0 0 0"},
			"6 1 2 1 1"},
		{"standing area", []string{"floor 300 150 120 100 30"}, "300 100 50 150 0"},
		{"sold-out standing area is 0, not unknown", []string{"floor 300 0 300 300 0"}, "300 300 0 0 0"},
		{"standing area closed in the middle of the sale", []string{"x floor 300 150 120 100 30"}, "300 100 50 0 150"},
		{"ordered without the paid ones", []string{"a 10 5 2 5 0"}, "10 5 0 5 0"},

		{"no numbers at all", []string{"a ? ? ? ? ?"}, "? ? ? ? 0"},
		{"free left out", []string{"a 1 1 0 0 0", "b 1 ? 1 1 0"}, "2 1 0 ? 0"},
		{"capacity left out", []string{"a ? 1 0 0 0"}, "? 0 0 1 0"},
		{"paid left out", []string{"a 1 0 1 ? 0"}, "1 ? ? 0 0"},
		{"baskets left out", []string{"a 1 0 1 1 ?"}, "1 1 ? 0 0"},
		{"closed with numbers left out", []string{"x a 5 0 ? 1 0"}, "5 1 ? 0 ?"},
		{"closed with capacity left out", []string{"x a ? 0 0 0 0"}, "? 0 0 0 ?"},

		{"two tariffs of a free place", []string{"full/a 1 1 0 0 0", "child/a 1 1 0 0 0"}, "1 0 0 1 0"},
		{"sold in one tariff is sold", []string{"full/a 1 0 1 1 0", "child/a 1 1 0 0 0"}, "1 1 0 0 0"},
		{"held in one tariff is held", []string{"full/a 1 0 1 0 0", "child/a 1 0 0 0 0"}, "1 0 1 0 0"},
		{"one tariff closed, the other open", []string{"x full/a 1 0 0 0 0", "child/a 1 1 0 0 0"}, "1 0 0 1 0"},
		{"sold in a tariff that was closed since", []string{"x full/a 1 0 1 1 0", "child/a 1 0 0 0 0"}, "1 1 0 0 0"},
		{"every tariff closed", []string{"x full/a 1 0 0 0 0", "x child/a 1 0 0 0 0"}, "1 0 0 0 1"},
		{"three tariffs, two closed", []string{"x full/a 1 0 0 0 0", "child/a 1 1 0 0 0", "x old/a 1 0 0 0 0"}, "1 0 0 1 0"},
		{"a standing area split between two tariffs", []string{"full/floor 300 100 120 110 0", "child/floor 300 100 75 75 5"},
			"300 185 15 100 0"},
		{"a standing area repeated on two tariffs", []string{"full/floor 300 100 200 190 5", "child/floor 300 100 200 190 5"},
			"300 190 15 100 0"},
		{"unknown in one tariff is unknown", []string{"full/a 1 ? 0 0 0", "child/a 1 1 0 0 0"}, "1 0 0 ? 0"},
		{"two places of two tariffs", []string{"full/a 1 1 0 0 0", "full/b 1 0 1 1 0", "child/a 1 1 0 0 0",
			"child/b 1 0 1 1 0"}, "2 1 0 1 0"},
	} {
		var seats []qtickets.Seat
		for _, text := range c.seats {
			seats = append(seats, seat(text))
		}
		show := sales.Show{ShowID: 80001, EventID: 70001}
		row := sales.InventoryOf(show, seats)
		if got := inventory(row); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		slices.Reverse(seats)
		if again := sales.InventoryOf(show, seats); inventory(again) != inventory(row) ||
			again.ContentHash != row.ContentHash {
			t.Errorf("%s: the order of the seats matters: %s", c.name, inventory(again))
		}
		if row.ShowID != 80001 || row.EventID != 70001 || row.ContentHash == 0 {
			t.Errorf("%s: %+v", c.name, row)
		}
	}
}

// A root id that came empty does not make one place of all seats.
func TestInventoryWithEmptyRoot(t *testing.T) {
	t.Parallel()
	a, b := seat("a 1 1 0 0 0"), seat("b 1 1 0 0 0")
	a.RootID, b.RootID = qtickets.Some(""), qtickets.Some("")
	if got := inventory(sales.InventoryOf(sales.Show{}, []qtickets.Seat{a, b})); got != "2 0 0 2 0" {
		t.Error(got)
	}
}

func TestInventoryHash(t *testing.T) {
	t.Parallel()
	show := sales.Show{ShowID: 80001, EventID: 70001}
	seen := map[uint64]string{}
	for _, text := range []string{"a 1 1 0 0 0", "a 1 0 1 1 0", "a 1 ? 1 1 0", "x a 1 0 0 0 0"} {
		hash := sales.InventoryOf(show, []qtickets.Seat{seat(text)}).ContentHash
		if other, twice := seen[hash]; twice {
			t.Errorf("%q and %q have one hash", text, other)
		}
		seen[hash] = text
	}
}
