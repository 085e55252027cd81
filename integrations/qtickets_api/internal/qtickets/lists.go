package qtickets

import "fmt"

// How many rows, tickets and shows one response may hold together, and how many seats: twice the largest halls with all
// their tariffs. The text of an element may be far smaller than what becomes of it.
const (
	maxElements = 50_000
	maxSeats    = 500_000
)

// How many rows and elements of a list there usually are, so that they need not move as it grows: a page of orders has
// 50 rows, an order up to four tickets.
const (
	usualRows     = 50
	usualElements = 4
)

// keep counts an element that will stay in memory.
func (r *reader) keep() {
	most := max(r.most, maxElements)
	if r.elements++; r.elements > most && r.err == nil {
		r.err = &limitError{fmt.Sprintf("more than %d rows, tickets or seats", most)}
	}
}

// listOf reads the elements of a list, at most as many as make sense; more make the row invalid, as does one without
// its id.
func listOf[T any, P interface {
	*T
	decode(*reader)
	rowID() int64
}](r *reader, most int, what string) []T {
	var list []T
	n := 0
	for ok := r.enterList(); ok && r.nextItem(); {
		if n++; n > most {
			list = nil
			r.skip()
			continue
		}
		r.keep()
		if list == nil {
			list = make([]T, 0, usualElements)
		}
		list = append(list, *new(T))
		element := P(&list[len(list)-1])
		element.decode(r)
		if element.rowID() == 0 {
			r.fail("the " + what + " has no id")
		}
	}
	if n > most {
		r.fail(fmt.Sprintf("more than %d %ss", most, what))
	}
	return list
}
