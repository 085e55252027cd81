package simulator

import (
	"fmt"
	"strings"
	"time"
)

// Movement is one ticket that was paid, or refunded, at a moment: what a page of figures is made of. Cancelled tickets
// and main baskets of season tickets are none.
type Movement struct {
	At                       time.Time
	OrderID, EventID, ShowID int64
	City, Currency           string
	Source, Medium, Campaign string // as in UTMKey
	Promo                    string // the text of the code, "" without one
	Payment                  string
	OrderTickets             int // paid tickets of the order, those refunded since included
	DaysLeft                 int // from the Moscow day of At to the venue's day of the show, at least 0
	Price                    int64
	Discount                 int64 // taken off the list price
	OrderedAt                time.Time
	PromoEnd                 time.Time // of the code, zero: without one
	Site                     string    // address in lower case, or "#number"
	Refund                   bool
	Returned                 int64 // of a refund
}

// Movements are those of the whole world, ticket by ticket.
func (w *World) Movements() []Movement {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []Movement
	for _, o := range w.orders {
		paid := 0
		for _, t := range o.tickets {
			if t.linked == nil && (t.life.state == stateSold || t.life.state == stateRefunded) {
				paid++
			}
		}
		for _, t := range o.tickets {
			if t.linked != nil || (t.life.state != stateSold && t.life.state != stateRefunded) {
				continue
			}
			m := Movement{
				OrderID: o.id, EventID: o.event.id, ShowID: t.show.id, City: o.event.city.name, Currency: o.event.currency,
				Source: normalTag(o, "utm_source"), Medium: normalTag(o, "utm_medium"), Campaign: normalTag(o, "utm_campaign"),
				Payment: o.paymentType, OrderTickets: paid, Price: t.life.charged, Discount: t.discount,
				OrderedAt: time.Unix(o.createdAt, 0).UTC(), Site: strings.ToLower(o.site().host),
			}
			if m.Site == "" {
				m.Site = fmt.Sprint("#", o.site().id)
			}
			if o.promo != nil {
				m.Promo = o.promo.code
				if o.promo.activeTo != 0 {
					m.PromoEnd = time.Unix(o.promo.activeTo, 0).UTC()
				}
			}
			all = append(all, m.at(t.show, t.life.soldAt))
			if t.life.state == stateRefunded {
				m.Refund, m.Returned = true, t.life.returned
				all = append(all, m.at(t.show, t.life.refundedAt))
			}
		}
	}
	return all
}

func (m Movement) at(s *show, moment int64) Movement {
	m.At = time.Unix(moment, 0).UTC()
	showDay := (s.start + s.event.city.hours*hour) / day
	m.DaysLeft = int(max(0, showDay-(moment+moscowOffset)/day))
	return m
}

// Entry is one sold ticket: whether its buyer came, and when.
type Entry struct {
	ShowID           int64
	Currency, Source string // as in Movement
	Price            int64
	CheckedAt        time.Time // zero: not scanned
}

// Entries are those of the whole world. Main baskets of season tickets are none.
func (w *World) Entries() []Entry {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []Entry
	for _, o := range w.orders {
		for _, t := range o.tickets {
			if t.linked != nil || t.life.state != stateSold {
				continue
			}
			e := Entry{ShowID: t.show.id, Currency: o.event.currency, Source: normalTag(o, "utm_source"), Price: t.life.charged}
			if t.checkedAt != 0 {
				e.CheckedAt = time.Unix(t.checkedAt, 0).UTC()
			}
			all = append(all, e)
		}
	}
	return all
}

// ZoneStock is a part of a show's hall, a place of several tariffs counted once.
type ZoneStock struct {
	Stock
	MinPrice, MaxPrice int64
	GrossPotential     int64 // list price of all places, each at its dearest tariff
}

// Zones are the parts of a show's hall by name.
func (w *World) Zones(showID int64) map[string]ZoneStock {
	w.mu.RLock()
	defer w.mu.RUnlock()
	zones := map[string]ZoneStock{}
	for _, p := range w.showByID[showID].positions {
		name := p.seats[0].zone.name
		z := zones[name]
		one := (&show{positions: []*position{p}}).stock()
		z.Capacity += one.Capacity
		z.Free += one.Free
		z.Sold += one.Sold
		z.Held += one.Held
		z.Closed += one.Closed
		dearest := int64(0)
		for _, st := range p.seats {
			price := st.zone.price.price
			dearest = max(dearest, price)
			z.MaxPrice = max(z.MaxPrice, price)
			if z.MinPrice == 0 || price < z.MinPrice {
				z.MinPrice = price
			}
		}
		z.GrossPotential += dearest * int64(p.max)
		zones[name] = z
	}
	return zones
}

// SeatFact is a place with a row and a number, once whatever its tariffs.
type SeatFact struct {
	Zone, Row, Place string
	State            string    // "sold", "held", "free" or "closed"
	Price            int64     // of its dearest tariff, in kopecks
	SoldAt           time.Time // UTC, when its order was paid; zero unless sold
}

// Seats are the numbered places of a show's hall.
func (w *World) Seats(showID int64) []SeatFact {
	w.mu.RLock()
	defer w.mu.RUnlock()
	soldAt := map[*position]int64{}
	for _, o := range w.orders {
		for _, t := range o.tickets {
			if t.occupies() && t.show.id == showID && o.payed {
				soldAt[t.seat.at] = max(soldAt[t.seat.at], o.payedAt)
			}
		}
	}
	var all []SeatFact
	for _, p := range w.showByID[showID].positions {
		if p.admission {
			continue
		}
		first := p.seats[0]
		f := SeatFact{Zone: first.zone.name, Row: first.row, Place: first.number, State: "free"}
		for _, st := range p.seats {
			f.Price = max(f.Price, st.zone.price.price)
		}
		switch {
		case p.payed > 0:
			f.State = "sold"
			f.SoldAt = time.Unix(soldAt[p], 0).UTC()
		case p.ordered+p.inBasket > 0:
			f.State = "held"
		case p.closed || p.quota:
			f.State = "closed"
		}
		all = append(all, f)
	}
	return all
}

// ShowFacts are what is true of a show whatever was sold.
type ShowFacts struct {
	EventID, ShowID   int64
	City, Zone, Place string
	Start, Finish     time.Time
	Currency          string
	Cancelled         bool // deleted, or its event is
}

// ShowFacts are those of all shows of the world.
func (w *World) ShowFacts() []ShowFacts {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []ShowFacts
	for _, e := range w.events {
		for _, s := range e.shows {
			all = append(all, ShowFacts{
				EventID: e.id, ShowID: s.id, City: e.city.name, Zone: e.city.zone, Place: e.placeName, Currency: e.currency,
				Start: time.Unix(s.start, 0).UTC(), Finish: time.Unix(s.finish, 0).UTC(), Cancelled: s.deletedAt != 0 ||
					e.deletedAt != 0,
			})
		}
	}
	return all
}
