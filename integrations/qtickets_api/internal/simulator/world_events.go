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
	"": hallMixed, "numbered": hallNumbered, "standing": hallStanding, "mixed": hallMixed, "tariffs": hallTariffs,
	"small": hallSmall,
}

// NewEvent puts an event on sale now and returns its id.
func (w *World) NewEvent(spec EventSpec) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	location := moscow
	for _, c := range []city{novosibirsk, vladivostok, kaliningrad, tomsk} {
		if c.zone == spec.Zone {
			location = c
		}
	}
	if spec.Zone != "" && spec.Zone != location.zone {
		return 0, fmt.Errorf("new event: no venue in zone %q: see world_catalogue.go for those there are", spec.Zone)
	}
	if spec.Name == "" {
		spec.Name = "Новое событие"
	}
	if spec.Currency == "" {
		spec.Currency = "RUB"
	}
	e := w.newEvent(spec.Name, location, strings.ToUpper(spec.Currency), w.now)
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

// TicketInfo is what a test needs to choose a ticket for an operation.
type TicketInfo struct {
	ID, ShowID int64
	Price      int64  // kopecks
	State      string // "held", "sold", "refunded", "cancelled"
	Main       bool   // main basket of a season ticket
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
			Main: t.linked != nil,
		})
	}
	return list
}
