package sales_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// linking is a ticket whose related_baskets are these.
func linking(b qtickets.Basket, ids ...int64) qtickets.Basket {
	b.RelatedBaskets = ids
	return b
}

// Either the main ticket counts or the ones it links, never both and never neither.
func TestSeasonTicketsCountOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		tickets []qtickets.Basket
		counted []int64
	}{
		{"no links", []qtickets.Basket{ticket(1, "500"), ticket(2, "500")}, []int64{1, 2}},
		{"all carry prices: the linked count", []qtickets.Basket{linking(ticket(1, "1000"), 2, 3), ticket(2, "500"),
			ticket(3, "500")}, []int64{2, 3}},
		{"only the linked carry prices", []qtickets.Basket{linking(ticket(1, "0"), 2, 3), ticket(2, "500"), ticket(3, "500")},
			[]int64{2, 3}},
		{"only the main carries a price", []qtickets.Basket{linking(ticket(1, "1000"), 2, 3), ticket(2, "0"), ticket(3, "0")},
			[]int64{1}},
		{"all free: the linked count", []qtickets.Basket{linking(ticket(1, "0"), 2, 3), ticket(2, "0"), ticket(3, "0")},
			[]int64{2, 3}},
		{"the main comes last", []qtickets.Basket{ticket(2, "500"), ticket(3, "500"), linking(ticket(1, "1000"), 2, 3)},
			[]int64{2, 3}},
		{"a stranger in the order", []qtickets.Basket{linking(ticket(1, "1000"), 2), ticket(2, "1000"), ticket(9, "70")},
			[]int64{2, 9}},
		{"links out of the order", []qtickets.Basket{linking(ticket(1, "1000"), 77, 78)}, []int64{1}},
		{"a link to itself", []qtickets.Basket{linking(ticket(1, "1000"), 1)}, []int64{1}},
		{"links back", []qtickets.Basket{linking(ticket(1, "1000"), 2, 3), linking(ticket(2, "500"), 1),
			linking(ticket(3, "500"), 1)}, []int64{2, 3}},
		{"links back, the main has the last id", []qtickets.Basket{linking(ticket(9, "1000"), 2, 3),
			linking(ticket(2, "500"), 9), linking(ticket(3, "500"), 9)}, []int64{2, 3}},
		{"links back, only the main carries a price", []qtickets.Basket{linking(ticket(1, "1000"), 2, 3),
			linking(ticket(2, "0"), 1), linking(ticket(3, "0"), 1)}, []int64{1}},
		{"a pair that links both ways", []qtickets.Basket{linking(ticket(1, "1000"), 2), linking(ticket(2, "1000"), 1)},
			[]int64{2}},
		{"two season tickets", []qtickets.Basket{linking(ticket(1, "9"), 2), ticket(2, "9"), linking(ticket(3, "7"), 4),
			ticket(4, "0")}, []int64{2, 3}},
	} {
		for _, order := range [][]qtickets.Basket{c.tickets, reversed(c.tickets)} {
			if got := countedIDs(t, order); !slices.Equal(got, c.counted) {
				t.Errorf("%s: counted %v, want %v", c.name, got, c.counted)
			}
		}
	}
}

func reversed(list []qtickets.Basket) []qtickets.Basket {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

func countedIDs(t rapid.TB, tickets []qtickets.Basket) []int64 {
	t.Helper()
	var ids []int64
	for _, ticket := range fromOrder(t, paid(tickets...)).Tickets {
		if ticket.Counted == 1 {
			ids = append(ids, int64(ticket.TicketID))
		}
	}
	slices.Sort(ids)
	return ids
}

// Whatever links what, a ticket gives way only to a counted one, so money never leaves a group of
// linked tickets entirely.
func TestSeasonLinksNeverLoseMoney(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "tickets")
		tickets := make([]qtickets.Basket, n)
		group := make([]int, n) // by joining the two sides of each link
		for i := range tickets {
			group[i] = i
			tickets[i] = ticket(int64(i+1), rapid.SampledFrom([]string{"0", "10", "25.50"}).Draw(t, "price"))
		}
		for i := range tickets {
			tickets[i].RelatedBaskets = rapid.SliceOfN(rapid.Int64Range(1, int64(n)), 0, 3).Draw(t, "links")
			for _, id := range tickets[i].RelatedBaskets {
				from, to := group[i], group[id-1]
				for g := range group {
					if group[g] == from {
						group[g] = to
					}
				}
			}
		}
		counted := countedIDs(t, tickets)
		if shuffled := countedIDs(t, rapid.Permutation(tickets).Draw(t, "order")); !slices.Equal(shuffled, counted) {
			t.Fatalf("counted %v, in another order %v", counted, shuffled)
		}
		type side struct{ any, priced bool }
		all, kept := map[int]side{}, map[int]side{}
		for i, b := range tickets {
			join := func(m map[int]side) {
				s := m[group[i]]
				m[group[i]] = side{true, s.priced || b.Price.Value > 0}
			}
			join(all)
			if slices.Contains(counted, b.ID) {
				join(kept)
			}
		}
		for g, s := range all {
			if kept[g] != s {
				t.Fatalf("group %d: %+v, counted %+v (%v)", g, s, kept[g], counted)
			}
		}
	})
}
