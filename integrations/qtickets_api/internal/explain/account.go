package explain

import (
	"cmp"
	"slices"
)

// RowKey tells the rows of one day apart. In totals of a currency event and show are 0.
type RowKey struct {
	EventID  uint64 `json:"event_id,omitempty"`
	ShowID   uint64 `json:"show_id,omitempty"`
	Currency string `json:"currency_id"`
}

// Totals are the columns of a row of a fact.
type Totals[T any] interface {
	comparable
	plus(T) T
}

// Row is a row of a fact: what its tickets add up to, and what is published.
type Row[T Totals[T]] struct {
	RowKey
	Tickets   T `json:"tickets"`
	Published T `json:"published"`
}

// Ties tells whether the tickets add up to the published row.
func (r Row[T]) Ties() bool { return r.Tickets == r.Published }

// Account is one fact of a slice.
type Account[T Totals[T]] struct {
	Tickets []Ticket `json:"tickets"` // that count, by event, show, currency, order
	Rows    []Row[T] `json:"rows"`    // in the same order
	Totals  []Row[T] `json:"totals"`  // by currency
}

func (a *Account[T]) ties() bool {
	return !slices.ContainsFunc(a.Rows, func(r Row[T]) bool { return !r.Ties() })
}

// tally is the rows of a fact while they are added up.
type tally[T Totals[T]] map[RowKey]Row[T]

// add adds to a row and to the total of its currency.
func (rows tally[T]) add(totals tally[T], key RowKey, tickets, published T) {
	row, total := rows[key], totals[RowKey{Currency: key.Currency}]
	rows[key] = Row[T]{key, row.Tickets.plus(tickets), row.Published.plus(published)}
	totals[RowKey{Currency: key.Currency}] = Row[T]{RowKey{Currency: key.Currency}, total.Tickets.plus(tickets),
		total.Published.plus(published)}
}

func (rows tally[T]) sorted() []Row[T] {
	list := make([]Row[T], 0, len(rows))
	for _, r := range rows {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Row[T]) int {
		return cmp.Or(cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.ShowID, b.ShowID), cmp.Compare(a.Currency, b.Currency))
	})
	return list
}

// addUp makes rows and totals of the tickets, by what each adds, and of what is published.
func (a *Account[T]) addUp(rows, totals tally[T], of func(*Ticket) T) {
	var none T
	for i := range a.Tickets {
		rows.add(totals, a.Tickets[i].Key(), of(&a.Tickets[i]), none)
	}
	a.Rows, a.Totals = rows.sorted(), totals.sorted()
}
