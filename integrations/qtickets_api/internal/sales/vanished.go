package sales

import (
	"slices"
	"time"
)

// CloseVanished adds to the tickets of an order those that only its earlier version has, as cancelled
// ones. A ticket that is gone from its order without a trace is closed, not forgotten (API notes,
// section 8), and it brings nothing any more, not even a refund: what is published can be recomputed
// from the source. at is when the order was seen without it.
func CloseVanished(tickets, earlier []Ticket, at time.Time) []Ticket {
	for _, old := range earlier {
		if slices.ContainsFunc(tickets, func(t Ticket) bool { return t.TicketID == old.TicketID }) {
			continue
		}
		old.State, old.Counting, old.Amounts = Cancelled, Vanished, Amounts{}
		if old.DeletedAt == nil {
			at := at.Truncate(time.Second)
			old.DeletedAt = &at
		}
		tickets = append(tickets, old)
	}
	return tickets
}
