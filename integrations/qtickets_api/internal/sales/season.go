package sales

import (
	"cmp"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// countSeasonTicketsOnce looks for a main ticket that links others of the same order (a season
// ticket: API notes, section 8) and lets only one side count, so that neither seats nor money double.
// The linked tickets count, because they name the shows; unless only the main one carries a price.
func countSeasonTicketsOnce(o *qtickets.Order, tickets []Ticket, elsewhere []Counting) {
	mains := mainsFirst(o.Baskets)
	if len(mains) == 0 {
		return
	}
	index := make(map[int64]int, len(tickets))
	for i := range o.Baskets {
		index[o.Baskets[i].ID] = i
	}
	for _, main := range mains {
		var linked []int
		var linkedPrice qtickets.Money
		for _, id := range o.Baskets[main].RelatedBaskets {
			if i, ok := index[id]; ok && i != main && elsewhere[i] == Undecided {
				linked = append(linked, i)
				linkedPrice += tickets[i].Price
			}
		}
		switch {
		case len(linked) == 0:
		case linkedPrice == 0 && tickets[main].Price > 0:
			for _, i := range linked {
				elsewhere[i] = SeasonTicketPart
			}
		default:
			elsewhere[main] = SeasonTicket
		}
	}
}

// mainsFirst orders the tickets that link others: most links first, then by id. Whether a linked
// ticket links back is unknown, so the side that gave way must not push the other one out in turn.
func mainsFirst(baskets []qtickets.Basket) []int {
	var mains []int
	for i := range baskets {
		if len(baskets[i].RelatedBaskets) > 0 {
			mains = append(mains, i)
		}
	}
	slices.SortFunc(mains, func(a, b int) int {
		x, y := &baskets[a], &baskets[b]
		return cmp.Or(len(y.RelatedBaskets)-len(x.RelatedBaskets), cmp.Compare(x.ID, y.ID))
	})
	return mains
}
