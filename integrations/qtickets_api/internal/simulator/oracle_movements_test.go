package simulator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestMovementsAddUp: ticket by ticket they make the daily facts, and zones make halls.
func TestMovementsAddUp(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 12, Orders: 900, MailInCampaign: true})
	oracle := world.Oracle()
	type sums struct {
		Sold, Refunded  int
		Gross, Returned int64
	}
	want, got := map[simulator.UTMKey]sums{}, map[simulator.UTMKey]sums{}
	for key, s := range oracle.SalesUTMDaily {
		key.Day = ""
		sum := want[key]
		sum.Sold += s.GrossTickets
		sum.Refunded += s.RefundedTickets
		sum.Gross += s.Gross
		sum.Returned += s.Refunded
		want[key] = sum
	}
	orders := map[int64]bool{}
	for _, m := range world.Movements() {
		key := simulator.UTMKey{
			DailyKey: simulator.DailyKey{EventID: m.EventID, ShowID: m.ShowID, Currency: m.Currency},
			Source:   m.Source, Medium: m.Medium, Campaign: m.Campaign,
		}
		sum := got[key]
		if m.Refund {
			sum.Refunded++
			sum.Returned += m.Returned
		} else {
			sum.Sold++
			sum.Gross += m.Price
			orders[m.OrderID] = true
		}
		got[key] = sum
		if m.OrderTickets < 1 || m.DaysLeft < 0 || m.City == "" || m.Payment == "" {
			t.Errorf("%+v", m)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(orders) < 300 {
		t.Errorf("%d paid orders; movements (-daily +added up):\n%s", len(orders), diff)
	}
	for show, stock := range oracle.Inventory {
		var sum simulator.Stock
		for name, z := range world.Zones(show) {
			sum.Capacity += z.Capacity
			sum.Free += z.Free
			sum.Sold += z.Sold
			sum.Held += z.Held
			sum.Closed += z.Closed
			if z.GrossPotential < int64(z.Capacity)*z.MinPrice || z.GrossPotential > int64(z.Capacity)*z.MaxPrice {
				t.Errorf("zone %s: %+v", name, z)
			}
		}
		if sum != stock {
			t.Errorf("zones of show %d make %+v, the hall %+v", show, sum, stock)
		}
	}
}
