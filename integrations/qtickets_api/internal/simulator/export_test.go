package simulator

import "regexp"

// Operations of a box office that only the tests of this package choose themselves; histories and steps use
// the unexported ones.

// PartnersPath is the base path of the Partners API.
const PartnersPath = partnersPath

func (w *World) Extend(orderID int64) error { return w.change(orderID, w.extend) }

func (w *World) ReserveForever(orderID int64) error { return w.change(orderID, w.reserveForever) }

func (w *World) DeleteTicket(orderID, ticketID int64) error {
	return w.change(orderID, func(o *order) error { return w.deleteTicket(o, o.ticket(ticketID)) })
}

func (w *World) Restore(orderID int64) error { return w.change(orderID, w.restore) }

// ScanOut lets a ticket out: only the basket's updated_at moves (what else is unknown, section 8).
func (w *World) ScanOut(ticketID int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.ticketByID[ticketID]
	if t == nil || t.checkedAt == 0 || !t.live() {
		return impossible("scan out a ticket")
	}
	t.updatedAt = w.now
	w.notify("unchecked", t.order, []*ticket{t})
	return nil
}

func (w *World) EditGuest(ticketID int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.editGuest(w.ticketByID[ticketID])
}

// Reprice gives an unpaid ticket another discount, in kopecks (section 8: only while unpaid).
func (w *World) Reprice(ticketID, discountKopecks int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.ticketByID[ticketID]
	if t == nil || t.life.state != stateHeld || !t.live() || t.linked != nil ||
		discountKopecks < 0 || discountKopecks > t.originalPrice {
		return impossible("reprice a ticket")
	}
	price := t.originalPrice - discountKopecks
	t.order.price += price - t.price
	t.discount, t.price = discountKopecks, price
	t.updatedAt, *t.order.updatedAt = w.now, w.now
	w.notify("updated", t.order, nil)
	return nil
}

func (w *World) AddToCart(showID int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.showByID[showID]
	if s == nil {
		return impossible("find show %d", showID)
	}
	return w.addToCart(s)
}

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
	for closed < n && len(s.openPositions) > 0 {
		p := s.openPositions[len(s.openPositions)-1]
		p.closed = true
		s.hide(p)
		closed++
	}
	s.scheme = schemeProperties(s)
	s.updatedAt, s.event.updatedAt = w.now, w.now
	return closed, nil
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

// Status sums the requests answered with a status.
func (c Counters) Status(status int) int {
	n := 0
	for k, count := range c.Requests {
		if k.Status == status {
			n += count
		}
	}
	return n
}

// CanaryPattern matches any personal datum of any world, whatever its letter case: names, e-mails,
// phones (with or without the plus), card masks, barcodes and secret addresses.
func CanaryPattern() *regexp.Regexp {
	return regexp.MustCompile(`(?i)canary|канарейк|\+7999555|7999555[0-9]{4}|553691\*+|991773[0-9]{6}`)
}
