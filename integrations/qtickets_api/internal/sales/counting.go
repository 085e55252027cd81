package sales

import "dashboard-mvp/integrations/qtickets_api/internal/qtickets"

// Counting says whether a ticket is in the published numbers, and if not, why. It is decided here, once for each
// ticket. The warehouse stores what numbers need of it (State and Counted); SQL puts the two together in one place, the
// column ticket_counts of state_orders.
type Counting uint8

// What a ticket can be for the published numbers.
const (
	Undecided        Counting = iota // not from FromOrder: a ticket read back from the warehouse
	CountedSold                      // in the numbers of its sales day as sold
	CountedRefunded                  // in the numbers of its sales day and of its refund day as refunded
	NotPaid                          // its order is not paid
	NotRefunded                      // cancelled without a refund
	Vanished                         // gone from its order without a trace, hence cancelled
	Replaced                         // another order replaces its order and sells the same
	SeasonTicket                     // a season ticket: the tickets it links count
	SeasonTicketPart                 // part of a season ticket that alone carries a price: the season ticket counts
	Elsewhere                        // counted through other tickets; which ones is not stored
)

// Counts tells whether the ticket is in the published numbers.
func (c Counting) Counts() bool { return c == CountedSold || c == CountedRefunded }

// StoredCounting is what the stored columns of a ticket of a paid order say. They do not tell Vanished from
// NotRefunded, nor Replaced, SeasonTicket and SeasonTicketPart (all Elsewhere) from each other; the order's payload
// does.
func StoredCounting(state State, counted uint8) Counting {
	if counted == 0 {
		return countingOf(state, Elsewhere)
	}
	return countingOf(state, Undecided)
}

// decideCounting completes the tickets of an order. elsewhere is why the sale of a ticket counts through other tickets.
func decideCounting(o *qtickets.Order, tickets []Ticket) {
	elsewhere := make([]Counting, len(tickets)) // Undecided: it does not
	countSeasonTicketsOnce(o, tickets, elsewhere)
	countReplacedOnce(o, tickets, elsewhere)
	for i := range tickets {
		tickets[i].Counting = countingOf(tickets[i].State, elsewhere[i])
		if elsewhere[i] == Undecided {
			tickets[i].Counted = 1
		}
	}
}

func countingOf(state State, elsewhere Counting) Counting {
	switch {
	case state == Held:
		return NotPaid
	case state == Cancelled:
		return NotRefunded
	case elsewhere != Undecided:
		return elsewhere
	case state == Refunded:
		return CountedRefunded
	default:
		return CountedSold
	}
}
