package qtickets

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// SeatsAnswer is the inventory of one show. Seats is empty, not an error, for a show without any.
type SeatsAnswer struct {
	Seats      []Seat
	Invalid    []InvalidRow // seats that could not be understood, each with the show's id: the sums lack them
	ObservedAt time.Time    // UTC, when the request was sent
}

// seatColumns is what Seats selects: without select the numbers are absent (API notes, section 10).
// spread is never asked for, it may hold e-mails.
var seatColumns = []string{
	"seat_id", "root_id", "admission", "disabled", "price",
	"max_quantity", "free_quantity", "ordered_quantity", "payed_quantity", "in_basket_quantity",
}

// decodeSeats reads {data} keyed by zone (nested form) or by seat (flat form).
func decodeSeats(dec *jsontext.Decoder, showID int64) (SeatsAnswer, error) {
	r := reader{dec: dec}
	var answer SeatsAnswer
	if r.kind() != '{' {
		return answer, r.unexpected("it is no object")
	}
	var data bool
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) != "data" {
			r.skip()
			continue
		}
		if data = r.kind() == '[' || r.kind() == '{'; data {
			r.startRow()
			answer.zones(&r, showID)
		} else {
			r.skip()
		}
	}
	if err := r.end(); err != nil {
		return SeatsAnswer{}, err
	}
	if !data {
		return SeatsAnswer{}, fmt.Errorf("%w: it has no data", ErrUnexpected)
	}
	return answer, nil
}

// zones reads the elements of data, each of which is a zone with seats or a seat.
func (a *SeatsAnswer) zones(r *reader, showID int64) {
	for ok := r.enterList(); ok && r.nextItem(); {
		first := len(a.Seats)
		var seat Seat
		var zoneID, name Opt[string]
		zone := false
		for ok := r.enterObject(); ok && r.nextKey(); {
			switch string(r.key) {
			case "seats":
				zone = true
				a.seats(r, showID)
			case "zone_id":
				zoneID = r.text()
			case "name": // of the zone, or of a seat, which nobody needs
				name = r.name()
			default:
				seat.member(r)
			}
		}
		if !zone {
			seat.ZoneID = zoneID
			if seat.ID == "" {
				seat.ID = r.dec.StackPointer().LastToken()
			}
			a.add(r, showID, seat)
			continue
		}
		if !zoneID.Valid {
			zoneID = Some(r.dec.StackPointer().LastToken())
		}
		for i := first; i < len(a.Seats); i++ {
			a.Seats[i].ZoneID, a.Seats[i].ZoneName = zoneID, name
		}
		a.settle(r, showID) // a zone's own member made no sense
	}
	a.settle(r, showID)
}

func (a *SeatsAnswer) seats(r *reader, showID int64) {
	for ok := r.enterList(); ok && r.nextItem(); {
		var seat Seat
		for ok := r.enterObject(); ok && r.nextKey(); {
			seat.member(r)
		}
		if seat.ID == "" { // the short id is unique inside its zone only
			at := r.dec.StackPointer()
			seat.ID = at.Parent().Parent().LastToken() + "-" + at.LastToken()
		}
		a.add(r, showID, seat)
	}
}

// member reads one member of a seat.
func (s *Seat) member(r *reader) {
	switch string(r.key) {
	case "seat_id":
		s.ID = r.text().Or(s.ID)
	case "id":
		if id := r.text(); s.ID == "" {
			s.ID = id.Value
		}
	case "root_id":
		s.RootID = r.text()
	case "admission":
		s.Admission = r.boolean()
	case "disabled":
		s.Disabled = r.boolean()
	case "price":
		s.Price = r.money()
	case "max_quantity":
		s.MaxQuantity = r.integer()
	case "free_quantity":
		s.FreeQuantity = r.integer()
	case "ordered_quantity":
		s.OrderedQuantity = r.integer()
	case "payed_quantity":
		s.PayedQuantity = r.integer()
	case "in_basket_quantity":
		s.InBasketQuantity = r.integer()
	default:
		r.skip()
	}
}

// add keeps a seat that made sense.
func (a *SeatsAnswer) add(r *reader, showID int64, seat Seat) {
	if a.settle(r, showID) || r.err != nil {
		return
	}
	a.Seats = append(a.Seats, seat)
}

// settle moves a complaint about what was just read to Bad.
func (a *SeatsAnswer) settle(r *reader, showID int64) bool {
	if r.bad == "" {
		return false
	}
	a.Invalid = append(a.Invalid, InvalidRow{ID: showID, Reason: fmt.Sprintf("seats[%d]%s", showID, r.bad)})
	r.bad = ""
	return true
}

// numbersAbsent reports that no seat has any number, as when the API ignores select.
func (a *SeatsAnswer) numbersAbsent() bool {
	for _, s := range a.Seats {
		if s.MaxQuantity.Valid || s.FreeQuantity.Valid || s.OrderedQuantity.Valid || s.PayedQuantity.Valid || s.Price.Valid {
			return false
		}
	}
	return len(a.Seats) > 0
}
