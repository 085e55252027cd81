package sales

import "dashboard-mvp/integrations/qtickets_api/internal/qtickets"

// Inventory is the seats of one show by what can be done with them. nil is unknown, which is neither
// zero nor sold out: the API left a number out on some seat, so the sum would be a guess.
type Inventory struct {
	ShowID      uint64
	EventID     uint64
	Capacity    *int64 // all places of the hall
	Sold        *int64 // paid
	Held        *int64 // ordered or in a basket, not paid
	Free        *int64 // can be bought now; 0 is sold out
	Closed      *int64 // switched off by the organiser
	Zones       []Zone // by their ids; empty when there are no seats
	Seats       []Seat // those with a row and a number
	ContentHash uint64
}

// InventoryOf sums the seats of a show by physical place: a multi-tariff hall lists each place once per
// tariff under one root_id (API notes, section 10). "admission" only says that a place is standing.
func InventoryOf(show Show, seats []qtickets.Seat) Inventory {
	var all hall
	places := positions(seats)
	for _, p := range places {
		all.add(p)
	}
	row := Inventory{
		ShowID:   show.ShowID,
		EventID:  show.EventID,
		Capacity: all.capacity.sum(),
		Sold:     all.sold.sum(),
		Held:     all.held.sum(),
		Free:     all.free.sum(),
		Closed:   all.closed.sum(),
	}
	row.Zones, row.Seats = zonesOf(seats, places), seatsOf(seats, places)
	if len(seats) == 0 { // without seats nothing is known: it is not a hall of zero seats
		row = Inventory{ShowID: show.ShowID, EventID: show.EventID}
	}
	row.ContentHash = hashOf(row)
	return row
}

// hall sums positions.
type hall struct{ capacity, sold, held, free, closed tally }

func (h *hall) add(p position) {
	h.capacity.add(p.capacity)
	h.sold.add(p.taken().payed)
	h.held.add(p.taken().held())
	if p.disabled {
		h.free.add(count(0))
		h.closed.add(p.closed())
	} else {
		h.free.add(p.free)
		h.closed.add(count(0))
	}
}

// position is one physical seat, or one standing area, over all its tariffs.
type position struct {
	disabled       bool
	capacity, free qtickets.Opt[int64]
	most, sum      quantities // over its tariffs: the largest numbers and their sums
}

// quantities are places of an area that cannot be bought any more.
type quantities struct{ ordered, payed, basket qtickets.Opt[int64] }

func count(n int64) qtickets.Opt[int64] { return qtickets.Some(n) }

// positions merges the tariffs of each position. It is free only as far as every open tariff says so, and closed
// when every tariff is; what was sold in a tariff stays sold when that tariff is closed.
func positions(seats []qtickets.Seat) map[string]position {
	merged := make(map[string]position, len(seats))
	for _, s := range seats {
		key := positionKey(s)
		taken := quantities{ordered: s.OrderedQuantity, payed: s.PayedQuantity, basket: s.InBasketQuantity}
		next := position{disabled: s.Disabled.Or(false), capacity: s.MaxQuantity, free: s.FreeQuantity, most: taken,
			sum: taken}
		if p, seen := merged[key]; seen {
			next = mergeTariffs(p, next)
		}
		merged[key] = next
	}
	return merged
}

// positionKey is the id a position has in all its tariffs.
func positionKey(s qtickets.Seat) string {
	if root := s.RootID.Or(s.ID); root != "" {
		return root
	}
	return s.ID
}

func mergeTariffs(a, b position) position {
	free := pick(a.free, b.free, smaller)
	switch {
	case a.disabled && !b.disabled:
		free = b.free
	case b.disabled && !a.disabled:
		free = a.free
	}
	return position{
		disabled: a.disabled && b.disabled,
		capacity: pick(a.capacity, b.capacity, larger),
		free:     free,
		most:     a.most.with(b.most, larger),
		sum:      a.sum.with(b.sum, plus),
	}
}

func (q quantities) with(other quantities, of func(a, b int64) int64) quantities {
	return quantities{
		ordered: pick(q.ordered, other.ordered, of),
		payed:   pick(q.payed, other.payed, of),
		basket:  pick(q.basket, other.basket, of),
	}
}

func pick(a, b qtickets.Opt[int64], of func(a, b int64) int64) qtickets.Opt[int64] {
	if !a.Valid || !b.Valid {
		return qtickets.Opt[int64]{}
	}
	return count(of(a.Value, b.Value))
}

func larger(a, b int64) int64  { return max(a, b) }
func smaller(a, b int64) int64 { return min(a, b) }
func plus(a, b int64) int64    { return a + b }

// taken are the numbers of the position. Whether the API repeats those of the position on each tariff or
// splits them between the tariffs is unknown; split numbers add up to no more than what is not free.
func (p position) taken() quantities {
	if p.capacity.Valid && p.free.Valid && p.sum.ordered.Value+p.sum.basket.Value <= p.capacity.Value-p.free.Value {
		return p.sum
	}
	return p.most
}

// held is ordered but not paid, plus baskets. ordered_quantity is expected to include the paid ones
// (API notes, section 10); where it does not, nothing is held rather than less than nothing.
func (q quantities) held() qtickets.Opt[int64] {
	if !q.ordered.Valid || !q.payed.Valid || !q.basket.Valid {
		return qtickets.Opt[int64]{}
	}
	return count(max(q.ordered.Value-q.payed.Value, 0) + max(q.basket.Value, 0))
}

// closed is what of a disabled position was not sold or held before it was switched off.
func (p position) closed() qtickets.Opt[int64] {
	taken := p.taken()
	held := taken.held()
	if !p.capacity.Valid || !held.Valid {
		return qtickets.Opt[int64]{}
	}
	return count(max(p.capacity.Value-taken.payed.Value-held.Value, 0))
}

// tally sums numbers of which one unknown makes the sum unknown.
type tally struct {
	total   int64
	unknown bool
}

func (t *tally) add(v qtickets.Opt[int64]) {
	t.total += v.Value
	t.unknown = t.unknown || !v.Valid
}

func (t *tally) sum() *int64 {
	if t.unknown {
		return nil
	}
	return &t.total
}
