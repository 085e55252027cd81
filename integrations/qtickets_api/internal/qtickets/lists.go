package qtickets

import (
	"fmt"
	"slices"
)

// How many rows, tickets and shows one response may hold together, and how many seats: twice the largest halls with all
// their tariffs. The text of an element may be far smaller than what becomes of it.
const (
	maxElements = 50_000
	maxSeats    = 500_000
)

// usualRows a page of orders has, and manyTickets take one piece of memory, so that they need not move as lists grow.
const (
	usualRows   = 50
	manyTickets = 50
)

// keep counts an element that will stay in memory.
func (r *reader) keep() {
	most := max(r.most, maxElements)
	if r.elements++; r.elements > most && r.err == nil {
		r.err = &limitError{fmt.Sprintf("more than %d rows, tickets or seats", most)}
	}
}

// listOf reads the elements of a list, at most as many as make sense; more make the row invalid, as does one without
// its id. They go into room as far as it reaches.
func listOf[T any, P interface {
	*T
	decode(*reader)
	rowID() int64
}](r *reader, room []T, most int, what string) []T {
	list := room
	n := 0
	for ok := r.enterList(); ok && r.nextItem(); {
		if n++; n > most {
			list = nil
			r.skip()
			continue
		}
		r.keep()
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
	return slices.Clip(list)
}

// tickets reads those of an order. Many orders of a page share one piece of memory.
func (r *reader) tickets() []Basket {
	if cap(r.room) == 0 {
		r.room = make([]Basket, 0, manyTickets)
	}
	list := listOf(r, r.room, maxBaskets, "ticket")
	r.room = r.room[min(len(list), cap(r.room)):cap(r.room)][:0]
	if len(list) == 0 {
		return nil
	}
	return list
}
