package simulator

import (
	"fmt"
	"strings"
	"time"
)

// EventSpec describes an event to add to a running world.
type EventSpec struct {
	Name     string // "" means "Новое событие"
	Zone     string // one of the world's venue zones, "Asia/Vladivostok"; "" means Europe/Moscow
	Currency string // "" means RUB
	Shows    []ShowSpec
}

// ShowSpec describes one date of an event.
type ShowSpec struct {
	Start  time.Time     // zero means a week from the world's now
	Length time.Duration // zero means two hours
	// Hall is "numbered", "standing", "mixed", "tariffs" or "small" (24 standing places); "" means mixed.
	Hall string
}

var hallNames = map[string]hallKind{
	"": hallMixed, "numbered": hallNumbered, "standing": hallStanding, "mixed": hallMixed, "tariffs": hallTariffs, "small": hallSmall,
}

// NewEvent puts an event on sale now and returns its id.
func (w *World) NewEvent(spec EventSpec) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	place := moscow
	for _, c := range []city{novosibirsk, vladivostok, kaliningrad, tomsk} {
		if c.zone == spec.Zone {
			place = c
		}
	}
	if spec.Zone != "" && spec.Zone != place.zone {
		return 0, fmt.Errorf("new event: no venue in zone %q: see catalogue.go for those there are", spec.Zone)
	}
	if spec.Name == "" {
		spec.Name = "Новое событие"
	}
	if spec.Currency == "" {
		spec.Currency = "RUB"
	}
	e := w.newEvent(spec.Name, place, strings.ToUpper(spec.Currency), w.now)
	e.onSaleFrom = w.now
	for _, show := range spec.Shows {
		if _, err := w.addShowBySpec(e, show); err != nil {
			return 0, err
		}
	}
	return e.id, nil
}

// NewShow adds a date to an event and returns its id; the event's updated_at moves.
func (w *World) NewShow(eventID int64, spec ShowSpec) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := w.eventByID[eventID]
	if e == nil {
		return 0, impossible("find event %d", eventID)
	}
	e.updatedAt = w.now
	return w.addShowBySpec(e, spec)
}

func (w *World) addShowBySpec(e *event, spec ShowSpec) (int64, error) {
	hall, ok := hallNames[spec.Hall]
	if !ok {
		return 0, fmt.Errorf("new show: no hall is called %q: use numbered, standing, mixed, tariffs or small", spec.Hall)
	}
	start := w.now + 7*day
	if !spec.Start.IsZero() {
		start = spec.Start.Unix()
	}
	if spec.Length == 0 {
		spec.Length = 2 * time.Hour
	}
	s := w.newShow(e, start, start+int64(spec.Length/time.Second))
	s.createdAt, s.updatedAt = w.now, w.now
	buildHall(s, hall, 5000, w.nextPrice)
	return s.id, nil
}

// DeleteEvent marks an event deleted; it stays in the lists (section 9). Its orders stay as they are.
func (w *World) DeleteEvent(eventID int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := w.eventByID[eventID]
	if e == nil || e.deletedAt != 0 {
		return impossible("delete event %d", eventID)
	}
	w.deleteEvent(e)
	return nil
}

// CloseSeats takes n free places of a show off sale and returns how many there were.
func (w *World) CloseSeats(showID int64, n int) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.showByID[showID]
	if s == nil {
		return 0, impossible("find show %d", showID)
	}
	closed := 0
	for closed < n && len(s.openPlaces) > 0 {
		p := s.openPlaces[len(s.openPlaces)-1]
		p.closed = true
		s.hide(p)
		closed++
	}
	s.scheme = schemeProperties(s)
	s.updatedAt, s.event.updatedAt = w.now, w.now
	return closed, nil
}

// TicketInfo is what a test needs to choose a ticket for an operation.
type TicketInfo struct {
	ID, ShowID int64
	Price      int64  // kopecks
	State      string // "held", "sold", "refunded", "cancelled"
	Main       bool   // main basket of a season ticket
	Scanned    bool
}

var stateNames = map[ticketState]string{
	stateHeld: "held", stateSold: "sold", stateRefunded: "refunded", stateCancelled: "cancelled",
}

// Tickets of an order, in the order of its baskets; nil for an unknown order.
func (w *World) Tickets(orderID int64) []TicketInfo {
	w.mu.RLock()
	defer w.mu.RUnlock()
	o := w.orderByID[orderID]
	if o == nil {
		return nil
	}
	var list []TicketInfo
	for _, t := range o.tickets {
		list = append(list, TicketInfo{
			ID: t.id, ShowID: t.show.id, Price: t.price, State: stateNames[t.life.state],
			Main: t.linked != nil, Scanned: t.checkedAt != 0,
		})
	}
	return list
}

// Shows are the ids of an event's shows; nil for an unknown event.
func (w *World) Shows(eventID int64) []int64 {
	w.mu.RLock()
	defer w.mu.RUnlock()
	e := w.eventByID[eventID]
	if e == nil {
		return nil
	}
	var list []int64
	for _, s := range e.shows {
		list = append(list, s.id)
	}
	return list
}
