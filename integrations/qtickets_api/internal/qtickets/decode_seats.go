package qtickets

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// SeatsResponse is the inventory of one show. A show without seats has none and is not an error.
type SeatsResponse struct {
	Seats      []Seat
	Invalid    []InvalidRow // invalid seats, each with the show's id: the sums lack them
	ObservedAt time.Time    // UTC, when the request was sent
}

// seatColumns is what Seats selects: without select the quantities are absent (API notes, section 10).
// spread is never asked for, it may hold e-mails.
var seatColumns = []string{
	"seat_id", "root_id", "admission", "disabled", "row", "place", "price",
	"max_quantity", "free_quantity", "ordered_quantity", "payed_quantity", "in_basket_quantity",
}

// decodeSeats reads {data} keyed by zone (nested form) or by seat (flat form).
func decodeSeats(dec *jsontext.Decoder, showID int64) (SeatsResponse, error) {
	r := reader{dec: dec, most: maxSeats}
	var response SeatsResponse
	if r.kind() != '{' {
		return response, r.unexpected("not a JSON object")
	}
	var data bool
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) != "data" {
			r.skip()
			continue
		}
		if data = r.kind() == '[' || r.kind() == '{'; data {
			r.startRow()
			response.zones(&r, showID)
		} else {
			r.skip()
		}
	}
	if err := r.end(); err != nil {
		return SeatsResponse{}, err
	}
	if !data {
		return SeatsResponse{}, fmt.Errorf("%w: no data", ErrUnexpected)
	}
	return response, nil
}

// zones reads the elements of data, each of which is a zone with seats or a seat.
func (a *SeatsResponse) zones(r *reader, showID int64) {
	for ok := r.enterList(); ok && r.nextItem(); {
		r.keep()
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
				name = r.label()
			default:
				seat.member(r)
			}
		}
		if !zone {
			seat.ZoneID = zoneID
			if seat.ID == "" {
				seat.ID = scrub(r.dec.StackPointer().LastToken())
			}
			a.add(r, showID, seat)
			continue
		}
		if !zoneID.Valid {
			zoneID = Some(scrub(r.dec.StackPointer().LastToken()))
		}
		for i := first; i < len(a.Seats); i++ {
			a.Seats[i].ZoneID, a.Seats[i].ZoneName = zoneID, name
		}
		a.recordInvalid(r, showID) // a member of the zone itself
	}
	a.recordInvalid(r, showID)
}

func (a *SeatsResponse) seats(r *reader, showID int64) {
	for ok := r.enterList(); ok && r.nextItem(); {
		r.keep()
		var seat Seat
		for ok := r.enterObject(); ok && r.nextKey(); {
			seat.member(r)
		}
		if seat.ID == "" { // the short id is unique inside its zone only
			at := r.dec.StackPointer()
			seat.ID = scrub(at.Parent().Parent().LastToken() + "-" + at.LastToken())
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
	case "row":
		s.Row = r.label()
	case "place":
		s.Place = r.label()
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

// label is a text for people: figures are right without it.
func (r *reader) label() Opt[string] {
	r.optional = true
	text := r.text()
	r.optional = false
	return text
}

// add keeps a valid seat.
func (a *SeatsResponse) add(r *reader, showID int64, seat Seat) {
	if a.recordInvalid(r, showID) || r.err != nil {
		return
	}
	a.Seats = append(a.Seats, seat)
}

// recordInvalid reports whether what was just read is invalid, and keeps the reason.
func (a *SeatsResponse) recordInvalid(r *reader, showID int64) bool {
	if r.invalid == "" {
		return false
	}
	a.Invalid = append(a.Invalid, InvalidRow{ID: showID, Reason: fmt.Sprintf("seats[%d]%s", showID, r.invalid)})
	r.invalid = ""
	return true
}

// lacksQuantities reports that no seat has a quantity or a price, as when the API ignores select.
func (a *SeatsResponse) lacksQuantities() bool {
	for _, s := range a.Seats {
		if s.MaxQuantity.Valid || s.FreeQuantity.Valid || s.OrderedQuantity.Valid || s.PayedQuantity.Valid || s.Price.Valid {
			return false
		}
	}
	return len(a.Seats) > 0
}
