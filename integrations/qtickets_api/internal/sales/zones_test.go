package sales_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

func zoneSeat(zone, name string, price qtickets.Money, text string) qtickets.Seat {
	s := seat(text)
	s.ZoneID, s.ZoneName = qtickets.Some(zone), qtickets.Some(name)
	if price >= 0 {
		s.Price = qtickets.Some(price)
	}
	return s
}

func TestZones(t *testing.T) {
	t.Parallel()
	seats := []qtickets.Seat{
		zoneSeat("vip", "Ложа", 500000, "v1 1 0 1 1 0"), zoneSeat("vip", "Ложа", 400000, "v2 1 1 0 0 0"),
		zoneSeat("floor", "", 150000, "f 300 250 40 30 10"),
		zoneSeat("full_p", "Партер", 120000, "full/p1 1 0 1 1 0"), zoneSeat("child_p", "Партер", 60000, "child/p1 1 0 1 1 0"),
		zoneSeat("odd", "Без цены", -1, "o 1 1 0 0 0"),
	}
	want := []string{
		"child_p Партер: 1 1 0 0 0, 600.00 to 1200.00, 1200.00",
		"floor floor: 300 30 20 250 0, 1500.00 to 1500.00, 450000.00",
		"odd Без цены: 1 0 0 1 0, ? to ?, ?",
		"vip Ложа: 2 1 0 1 0, 4000.00 to 5000.00, 9000.00",
	}
	for range 2 {
		var got []string
		for _, z := range sales.InventoryOf(sales.Show{}, seats).Zones {
			sums := sales.Inventory{Capacity: z.Capacity, Sold: z.Sold, Held: z.Held, Free: z.Free, Closed: z.Closed}
			got = append(got, fmt.Sprintf("%s %s: %s, %s to %s, %s", z.ID, z.Name, inventory(sums), orUnknown(z.MinPrice),
				orUnknown(z.MaxPrice), orUnknown(z.GrossPotential)))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("zones (-want +got):\n%s", diff)
		}
		slices.Reverse(seats)
	}
}

func orUnknown(m *qtickets.Money) string {
	if m == nil {
		return "?"
	}
	return m.String()
}

// TestZoneKeepsItsNamesInTheHash: the hash of a stored row is made of this JSON, so a renamed field must not show in
// it.
func TestZoneKeepsItsNamesInTheHash(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(sales.Zone{})
	const want = `{"ID":"","Name":"","Capacity":null,"Sold":null,"Held":null,"Free":null,"Closed":null,"MinPrice":null,"MaxPrice":null,"Possible":null}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
}
