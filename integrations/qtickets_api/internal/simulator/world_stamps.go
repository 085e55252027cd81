package simulator

import (
	"cmp"
	"slices"
)

// stamps are updated_at of the orders, by their places in the list. What changed since a moment is asked for all day,
// and looked for in these, not in orders that lie all over the memory.
type stamps []*[stampsInBlock]int64

const stampsInBlock = 1 << 12

// keep makes the stamp at a place that of an order.
func (s *stamps) keep(place int, o *order) {
	if place == len(*s)*stampsInBlock {
		*s = append(*s, new([stampsInBlock]int64))
	}
	stamp := &(*s)[place/stampsInBlock][place%stampsInBlock]
	*stamp = *o.updatedAt
	o.updatedAt = stamp
}

// matching are the places, of the first n, whose stamps meet a comparison with a moment.
func (s *stamps) matching(t *test, n int) []int32 {
	var places []int32
	for place := range n {
		stamp := (*s)[place/stampsInBlock][place%stampsInBlock]
		if stamp != 0 && t.accepts[1+cmp.Compare(stamp, t.values[0].n)] {
			places = append(places, int32(place)) //nolint:gosec // no world is that large
		}
	}
	return places
}

// forgetOrder takes an order out of the list. It keeps a stamp of its own, as its place is another's from now on.
func (w *World) forgetOrder(o *order) {
	place := slices.Index(w.orders, o)
	stamp := *o.updatedAt
	o.updatedAt = &stamp
	w.orders = without(w.orders, o)
	for i := place; i < len(w.orders); i++ {
		w.stamps.keep(i, w.orders[i])
	}
}
