package simulator

import (
	"errors"
	"fmt"
)

// ErrNotPossible is returned when an order, ticket or show is not in a state that allows the operation
// (paying a cancelled order, selling a sold-out show), or does not exist.
var ErrNotPossible = errors.New("not possible now")

func impossible(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrNotPossible)...)
}

// NewOrder describes an order to make. The zero value asks for one ticket of any show on sale.
type NewOrder struct {
	EventID int64 // 0: any event on sale
	ShowID  int64 // 0: any show on sale of the event
	// SecondShowID, if set, takes half of the tickets (section 7.2: an order may mix shows).
	SecondShowID int64
	Tickets      int // 0 means 1
	// Free gives a 100 % promo code.
	Free bool
	// FullPrice leaves out the promo code that most orders have.
	FullPrice bool
	// Season makes a season ticket: one main basket and one linked ticket per show of the event.
	Season bool
	// UTM pairs of key and value; nil picks at random, an empty list is none.
	UTM [][2]string
}

// CreateOrder reserves seats and returns the order's id. Nothing else is scheduled but the expiry: the order
// waits for Pay, Cancel or the clock.
func (w *World) CreateOrder(n NewOrder) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o, err := w.createOrder(n)
	if err != nil {
		return 0, err
	}
	return o.id, nil
}

func (w *World) createOrder(n NewOrder) (*order, error) {
	shows, err := w.showsFor(n)
	if err != nil {
		return nil, err
	}
	o := w.blankOrder(shows[0].event)
	switch {
	case n.Free:
		o.promo = w.pickPromo(true)
	case !n.FullPrice:
		o.promo = w.pickPromo(false)
	}
	if n.UTM == nil {
		o.utm = w.pickUTM(w.rng)
	}
	for _, p := range n.UTM {
		o.utm = append(o.utm, parameter{p[0], p[1]})
	}
	if n.Season {
		w.addSeason(o)
	} else {
		for i := range max(1, n.Tickets) {
			s := shows[i*len(shows)/max(1, n.Tickets)]
			if st := s.pick(w.rng); st != nil {
				w.addTicket(o, s, st)
			}
		}
	}
	if len(o.tickets) == 0 {
		return nil, impossible("create order for show %d, sold out", shows[0].id)
	}
	w.addOrder(o)
	return o, nil
}

func (w *World) showsFor(n NewOrder) ([]*show, error) {
	if n.ShowID == 0 {
		return w.anyShow(n)
	}
	var shows []*show
	for _, id := range []int64{n.ShowID, n.SecondShowID} {
		if id == 0 {
			continue
		}
		s := w.showByID[id]
		if s == nil || len(shows) > 0 && shows[0].event != s.event {
			return nil, impossible("create order for show %d", id)
		}
		shows = append(shows, s)
	}
	return shows, nil
}

func (w *World) anyShow(n NewOrder) ([]*show, error) {
	e := w.eventByID[n.EventID]
	if n.EventID == 0 {
		e = w.pickEvent()
	}
	if e == nil {
		return nil, impossible("create order for event %d", n.EventID)
	}
	var open []*show
	for _, s := range e.shows {
		if s.onSale(w.now) && len(s.openPositions) > 0 {
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return nil, impossible("create order for event %d, nothing on sale", e.id)
	}
	return []*show{open[w.rng.IntN(len(open))]}, nil
}

func (w *World) blankOrder(e *event) *order {
	o := &order{
		id: w.nextID(&w.ids.order, 40), uniqid: w.uniqid(), event: e, client: w.pickClient(),
		createdAt: w.now, updatedAt: new(int64), reservedTo: w.now + day, paymentType: "card",
	}
	*o.updatedAt = w.now
	switch w.rng.IntN(50) {
	case 0, 1, 2, 3, 4, 5:
		o.paymentType = "1234567"
	case 6:
		o.paymentType = "bankcard"
	}
	o.personalFields = w.rng.IntN(100) == 0
	o.reservedNull = w.rng.IntN(200) == 0
	o.staff = w.rng.IntN(60) == 0
	return o
}

const uniqidLetters = "0123456789ABCDEFGHIJKabcdefghijk"

func (w *World) uniqid() string {
	b := make([]byte, 10)
	for i := range b {
		b[i] = uniqidLetters[w.rng.IntN(len(uniqidLetters))]
	}
	return string(b)
}

func (w *World) pickClient() *client {
	if len(w.clients) > 0 && w.rng.IntN(4) == 0 {
		return w.clients[w.rng.IntN(len(w.clients))]
	}
	c := &client{id: w.nextID(&w.ids.client, 3), details: 'o'}
	switch w.rng.IntN(200) {
	case 0:
		c.details = 'n'
	case 1:
		c.details = 'e'
	}
	w.clients = append(w.clients, c)
	return c
}

func (w *World) addTicket(o *order, s *show, st *seat) *ticket {
	t := w.newTicket(o, s)
	t.seat = st
	t.originalPrice = st.zone.price.price
	t.discount = discountOn(t.originalPrice, o.promo)
	t.price = t.originalPrice - t.discount
	o.price += t.price
	o.originalPrice += t.originalPrice
	s.hold(st)
	return t
}

func (w *World) newTicket(o *order, s *show) *ticket {
	w.ids.ticketSeq++
	t := &ticket{
		id: w.nextID(&w.ids.ticket, 30), seq: w.ids.ticketSeq, order: o, show: s,
		// Put into the cart 11 to 411 s before the order was made.
		createdAt: w.now - 11 - w.rng.Int64N(400), updatedAt: w.now,
	}
	o.tickets = append(o.tickets, t)
	return t
}

// addSeason makes the main basket and one linked ticket for each show still on sale.
func (w *World) addSeason(o *order) {
	first := len(o.tickets)
	for _, s := range o.event.shows {
		if !s.onSale(w.now) {
			continue
		}
		if st := s.pick(w.rng); st != nil {
			w.addTicket(o, s, st)
		}
	}
	linked := o.tickets[first:]
	if len(linked) == 0 {
		return
	}
	main := w.newTicket(o, linked[0].show)
	main.linked = append([]*ticket(nil), linked...)
	for _, t := range main.linked {
		t.main = main
	}
	// The main basket stands first, as the thing the buyer bought.
	copy(o.tickets[1:], o.tickets[:len(o.tickets)-1])
	o.tickets[0] = main
}

func (w *World) addOrder(o *order) {
	w.stamps.keep(len(w.orders), o)
	w.orders = append(w.orders, o)
	w.orderByID[o.id] = o
	o.event.orders = append(o.event.orders, o)
	for _, t := range o.tickets {
		w.ticketByID[t.id] = t
	}
	w.scheduleExpiry(o)
	w.notify("created", o, nil)
}

// scheduleExpiry lets the job look at the order 903 to 953 s after reserved_to.
func (w *World) scheduleExpiry(o *order) {
	until := o.reservedTo
	w.at(until+903+w.rng.Int64N(51), func() {
		if !o.payed && o.deletedAt == 0 && !o.reserved && o.reservedTo == until {
			w.cancel(o)
		}
	})
}
