package simulator

import (
	"slices"
	"strings"
	"time"
)

// DailyKey is a cell of a daily fact. Day is the Moscow calendar day, "2006-01-02".
type DailyKey struct {
	Day      string
	EventID  int64
	ShowID   int64
	Currency string
}

// UTMKey is a daily cell per tag; values are trimmed and lower-cased, "" when absent.
type UTMKey struct {
	DailyKey
	Source, Medium, Campaign string
}

// Sales are the tickets paid on a day (day of payed_at), as they stand now. Amounts are kopecks.
type Sales struct {
	TicketsSold     int   // still sold; free ones included
	TicketsFree     int   // those of TicketsSold that cost nothing
	GrossTickets    int   // sold and refunded
	RefundedTickets int   // refunded since, whenever that was
	Gross           int64 // prices of sold and refunded tickets
	Refunded        int64 // money returned for them
	Revenue         int64 // Gross - Refunded: money kept
}

// Refunds are the refunds made on a day (day of refunded_at).
type Refunds struct {
	Tickets  int
	Refunded int64 // returned
	Kept     int64 // price - returned
}

// Stock is a show's hall in places. Capacity = Free + Sold + Held + Closed.
type Stock struct {
	Capacity int
	Free     int
	Sold     int
	Held     int // reserved and unpaid, or in a cart
	Closed   int // disabled or kept for a quota
}

// Totals count the whole world. Tickets leave out main baskets of season tickets.
type Totals struct {
	Orders, Tickets, Baskets        int
	Sold, Refunded, Cancelled, Held int
	SoldFree                        int
	Revenue, RefundedAmount         map[string]int64 // kopecks by currency
}

// Oracle is what the facts must say about a world at one moment.
type Oracle struct {
	SalesDaily    map[DailyKey]Sales
	SalesUTMDaily map[UTMKey]Sales
	RefundsDaily  map[DailyKey]Refunds
	Inventory     map[int64]Stock // by show id
	Totals        Totals
	// Ids of everything the lists show, ascending; TicketIDs are basket ids, main baskets of season
	// tickets included.
	OrderIDs, TicketIDs, EventIDs, ShowIDs []int64
	// MainTicketIDs are the main baskets of season tickets, which no count includes.
	MainTicketIDs []int64
}

// Oracle says what the facts must be now. A world of captured answers has no life-cycle record: its
// oracle lists ids only.
func (w *World) Oracle() Oracle { return w.OracleWithout() }

// OracleWithout leaves some orders out of the facts and totals: those a loader is right to refuse,
// because a fault made them unreadable. Their tickets still occupy seats.
func (w *World) OracleWithout(orderIDs ...int64) Oracle {
	w.mu.RLock()
	defer w.mu.RUnlock()
	a := Oracle{
		SalesDaily: map[DailyKey]Sales{}, SalesUTMDaily: map[UTMKey]Sales{}, RefundsDaily: map[DailyKey]Refunds{},
		Inventory: map[int64]Stock{},
		Totals:    Totals{Revenue: map[string]int64{}, RefundedAmount: map[string]int64{}},
	}
	if w.capture != nil {
		w.capture.fillIDs(&a)
		return a
	}
	for _, o := range w.orders {
		if slices.Contains(orderIDs, o.id) {
			continue
		}
		a.OrderIDs = append(a.OrderIDs, o.id)
		a.Totals.Orders++
		for _, t := range o.tickets {
			a.addTicket(o, t)
		}
	}
	for _, e := range w.events {
		a.EventIDs = append(a.EventIDs, e.id)
		for _, s := range e.shows {
			a.ShowIDs = append(a.ShowIDs, s.id)
			a.Inventory[s.id] = s.stock()
		}
	}
	for _, ids := range [][]int64{a.TicketIDs, a.ShowIDs, a.MainTicketIDs} {
		slices.Sort(ids)
	}
	return a
}

func (a *Oracle) addTicket(o *order, t *ticket) {
	a.TicketIDs = append(a.TicketIDs, t.id)
	a.Totals.Baskets++
	if t.linked != nil {
		a.MainTicketIDs = append(a.MainTicketIDs, t.id)
		return
	}
	a.Totals.Tickets++
	switch t.life.state {
	case stateHeld:
		a.Totals.Held++
	case stateCancelled:
		a.Totals.Cancelled++
	case stateSold:
		a.addSold(o, t)
	case stateRefunded:
		a.addRefunded(o, t)
	}
}

func (a *Oracle) addSold(o *order, t *ticket) {
	one := Sales{TicketsSold: 1, GrossTickets: 1, Gross: t.life.charged, Revenue: t.life.charged}
	if t.life.charged == 0 {
		one.TicketsFree = 1
	}
	a.Totals.Sold++
	a.Totals.SoldFree += one.TicketsFree
	a.Totals.Revenue[o.event.currency] += t.life.charged
	a.add(o, t, one)
}

func (a *Oracle) addRefunded(o *order, t *ticket) {
	kept := t.life.charged - t.life.returned
	a.Totals.Refunded++
	a.Totals.Revenue[o.event.currency] += kept
	a.Totals.RefundedAmount[o.event.currency] += t.life.returned
	a.add(o, t, Sales{GrossTickets: 1, RefundedTickets: 1, Gross: t.life.charged, Refunded: t.life.returned,
		Revenue: kept})
	key := dailyKey(o, t, t.life.refundedAt)
	sum := a.RefundsDaily[key]
	sum.Tickets++
	sum.Refunded += t.life.returned
	sum.Kept += kept
	a.RefundsDaily[key] = sum
}

func (a *Oracle) add(o *order, t *ticket, one Sales) {
	key := dailyKey(o, t, t.life.soldAt)
	a.SalesDaily[key] = a.SalesDaily[key].plus(one)
	tagged := UTMKey{key, normalTag(o, "utm_source"), normalTag(o, "utm_medium"), normalTag(o, "utm_campaign")}
	a.SalesUTMDaily[tagged] = a.SalesUTMDaily[tagged].plus(one)
}

func (s Sales) plus(one Sales) Sales {
	s.TicketsSold += one.TicketsSold
	s.TicketsFree += one.TicketsFree
	s.GrossTickets += one.GrossTickets
	s.RefundedTickets += one.RefundedTickets
	s.Gross += one.Gross
	s.Refunded += one.Refunded
	s.Revenue += one.Revenue
	return s
}

func dailyKey(o *order, t *ticket, moment int64) DailyKey {
	return DailyKey{moscowDay(moment), o.event.id, t.show.id, o.event.currency}
}

func moscowDay(moment int64) string {
	return time.Unix(moment+moscowOffset, 0).UTC().Format(time.DateOnly)
}

// normalTag is a tag as the facts show it; an address of a person is never shown.
func normalTag(o *order, key string) string {
	v := strings.ToLower(strings.TrimSpace(utmValue(o.utm, key)))
	if strings.Contains(v, "@") {
		return "[email]"
	}
	return v
}

func (s *show) stock() Stock {
	var k Stock
	for _, p := range s.positions {
		k.Capacity += p.max
		k.Sold += p.payed
		k.Held += p.ordered - p.payed + p.inBasket
		if p.closed || p.quota {
			k.Closed += p.free()
		} else {
			k.Free += p.free()
		}
	}
	return k
}
