package sales

import (
	"cmp"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Seat is a place of the hall with a row and a number, once whatever its tariffs. Standing areas are not among them.
type Seat struct {
	Zone       string // id of the zone, as in Zone
	Row, Place string // as on the ticket
	State      SeatState
	Price      *qtickets.Money // of its dearest tariff; nil: unknown
	IDs        []string        // of its tariffs, as tickets name them
}

// SeatState is what has become of a seat.
type SeatState string

// The states of a seat. It is unknown where nobody has it and nobody can buy it, or a number is missing.
const (
	SeatSold    SeatState = "sold"
	SeatHeld    SeatState = "held"
	SeatFree    SeatState = "free"
	SeatClosed  SeatState = "closed"
	SeatUnknown SeatState = "unknown"
)

// seatsOf are the seats of a show in the order of zones and ids.
func seatsOf(seats []qtickets.Seat, places map[string]position) []Seat {
	merged, standing := map[string]Seat{}, map[string]bool{}
	for _, s := range seats {
		key := positionKey(s)
		one, seen := merged[key]
		if !seen || s.ZoneID.Value < one.Zone {
			one.Zone = s.ZoneID.Value
		}
		one.Row, one.Place = max(one.Row, s.Row.Value), max(one.Place, s.Place.Value)
		if s.Price.Valid && (one.Price == nil || s.Price.Value > *one.Price) {
			one.Price = &s.Price.Value
		}
		one.IDs = append(one.IDs, s.ID)
		merged[key] = one
		standing[key] = standing[key] || s.Admission.Value
	}
	var list []Seat
	for key, s := range merged {
		p := places[key]
		if standing[key] || p.capacity != count(1) || s.Row == "" || s.Place == "" {
			continue
		}
		s.State = p.state()
		slices.Sort(s.IDs)
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Seat) int { return cmp.Or(cmp.Compare(a.Zone, b.Zone), slices.Compare(a.IDs, b.IDs)) })
	return list
}

// state of a position that one person takes.
func (p position) state() SeatState {
	taken := p.taken()
	switch {
	case taken.payed.Value > 0:
		return SeatSold
	case taken.held().Value > 0:
		return SeatHeld
	case p.disabled:
		return SeatClosed
	case p.free.Value > 0:
		return SeatFree
	default:
		return SeatUnknown
	}
}
