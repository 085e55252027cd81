package simulator

import "slices"

// hourShares is how buyers spread over the Moscow day, the peak at 17 (section 16).
var hourShares = [24]int{2, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3}

// playHistory makes the orders of a new world between now and until, and leaves the clock at until.
func (w *World) playHistory(until int64) {
	w.at(w.now+day, w.nightlyUpdate)
	w.fillSoldOutShows()
	for _, moment := range w.arrivals(w.options.Orders-len(w.orders), w.now, until) {
		w.advanceTo(moment)
		if len(w.orders) > 20 && w.rng.IntN(200) == 0 && w.replaceSomebody() {
			continue
		}
		w.sellSomething()
	}
	w.advanceTo(until)
	w.fillCarts()
}

// arrivals are n sorted moments in [from, until); some repeat the second of the one before.
func (w *World) arrivals(n int, from, until int64) []int64 {
	hours := 0
	for _, share := range hourShares {
		hours += share
	}
	moments := make([]int64, 0, max(n, 0))
	for len(moments) < n {
		if len(moments) > 0 && w.rng.IntN(100) == 0 {
			moments = append(moments, moments[len(moments)-1])
			continue
		}
		pick, at := w.rng.IntN(hours), 0
		for pick >= hourShares[at] {
			pick -= hourShares[at]
			at++
		}
		moscowDay := (from + moscowOffset) / day * day
		moment := moscowDay - moscowOffset + w.rng.Int64N((until-from)/day+2)*day + int64(at)*hour + w.rng.Int64N(hour)
		if moment > from && moment < until {
			moments = append(moments, moment)
		}
	}
	slices.Sort(moments)
	return moments
}

// fillSoldOutShows lets the first buyers empty the small shows of events that are still to come. They
// neither expire nor ask for their money back.
func (w *World) fillSoldOutShows() {
	for _, e := range w.events {
		if len(e.shows) < 3 || e.shows[len(e.shows)-1].positions[0].max != 24 {
			continue
		}
		s := e.shows[len(e.shows)-1]
		for len(s.openPositions) > 0 && w.options.Orders-len(w.orders) > 8 {
			w.advanceTo(w.now + 30*minute)
			o, err := w.createOrder(NewOrder{ShowID: s.id, Tickets: min(6, s.openPositions[0].free())})
			if err != nil {
				break
			}
			w.at(w.now+14+w.rng.Int64N(300), func() { _ = w.pay(o) })
		}
	}
	w.advanceTo(w.now + hour)
}

// sellSomething makes one order of a plausible kind and schedules its fate.
func (w *World) sellSomething() *order {
	e := w.pickEvent()
	if e == nil {
		return nil
	}
	n := NewOrder{EventID: e.id, Tickets: w.basketCount(), Season: e.season && w.rng.IntN(20) == 0}
	fate := w.rng.IntN(100)
	n.Free = fate < 48
	n.FullPrice = !n.Free && w.rng.IntN(100) < 27
	w.mixShows(e, &n)
	o, err := w.createOrder(n)
	if err != nil {
		return nil
	}
	switch {
	case fate < 80:
		w.schedulePayment(o)
	case fate < 89: // left to the expiry job
		if w.rng.IntN(10) == 0 {
			w.in(12*hour, func() { _ = w.extend(o) })
		}
	case fate < 99:
		w.in(10+w.rng.Int64N(6*hour), func() {
			if o.deletedAt == 0 && !o.payed {
				w.cancel(o)
			}
		})
	default:
		_ = w.reserveForever(o)
	}
	return o
}

func (w *World) in(seconds int64, run func()) { w.at(w.now+seconds, run) }

// basketCount follows the capture: 15, 13, 10, 2, 0 and 10 of 50 orders.
func (w *World) basketCount() int {
	switch n := w.rng.IntN(50); {
	case n < 15:
		return 1
	case n < 28:
		return 2
	case n < 38:
		return 3
	case n < 40:
		return 4
	default:
		return 6
	}
}

// mixShows lets one order in twenty hold tickets of two shows of its event.
func (w *World) mixShows(e *event, n *NewOrder) {
	if n.Season || n.Tickets < 2 || w.rng.IntN(20) != 0 {
		return
	}
	var open []*show
	for _, s := range e.shows {
		if s.onSale(w.now) && len(s.openPositions) > 0 {
			open = append(open, s)
		}
	}
	if len(open) < 2 {
		return
	}
	first := w.rng.IntN(len(open) - 1)
	n.ShowID, n.SecondShowID = open[first].id, open[first+1].id
}

// pickEvent chooses an event that sells now, by weight; nil when none does.
func (w *World) pickEvent() *event {
	total := 0
	for _, e := range w.events {
		if w.sells(e) {
			total += e.weight
		}
	}
	if total == 0 {
		return nil
	}
	pick := w.rng.IntN(total)
	for _, e := range w.events {
		if !w.sells(e) {
			continue
		}
		if pick -= e.weight; pick < 0 {
			return e
		}
	}
	return nil
}

func (w *World) sells(e *event) bool {
	if !e.active || e.deletedAt != 0 || e.onSaleFrom > w.now || e.weight == 0 {
		return false
	}
	for _, s := range e.shows {
		if s.onSale(w.now) && len(s.openPositions) > 0 {
			return true
		}
	}
	return false
}

// schedulePayment pays a free order at once and another one 14 to 351 s later, then lets scans,
// refunds and changes of mind follow.
func (w *World) schedulePayment(o *order) {
	delay := 14 + w.rng.Int64N(338)
	if o.price == 0 {
		delay = 0
	}
	paid := func() {
		if w.pay(o) == nil {
			w.scheduleAfterlife(o)
		}
	}
	if delay == 0 {
		paid()
		return
	}
	w.in(delay, paid)
}

// scheduleAfterlife decides what becomes of a paid order.
func (w *World) scheduleAfterlife(o *order) {
	for _, t := range o.tickets {
		if w.rng.IntN(100) < 33 {
			w.at(w.scanMoment(t), func() { _ = w.scan(t) })
		}
	}
	later := w.now + hour + w.rng.Int64N(20*day)
	switch fate := w.rng.IntN(200); {
	case fate < 5 && o.price > 0:
		w.at(later, func() { w.refundSome(o, true) })
	case fate < 10 && o.price > 0:
		w.at(later, func() { w.refundSome(o, false) })
	case fate < 12:
		w.at(later, func() { w.withTicket(o, func(t *ticket) { _ = w.deleteTicket(o, t) }) })
	case fate < 14:
		w.at(later, func() { w.cancelAndRegret(o) })
	case fate < 16:
		w.at(later, func() { w.withTicket(o, func(t *ticket) { _ = w.editGuest(t) }) })
	}
}

// withTicket does something to the last ticket of an order. A vanished order has none left.
func (w *World) withTicket(o *order, do func(*ticket)) {
	if n := len(o.tickets); n > 0 {
		do(o.tickets[n-1])
	}
}

func (w *World) scanMoment(t *ticket) int64 {
	if t.show.exhibition {
		return max(w.now, t.show.start) + 6*day + w.rng.Int64N(39*day)
	}
	return t.show.start - w.rng.Int64N(hour)
}

// refundSome refunds all or one of the sold tickets that nobody has used yet; one refund in three keeps a part.
func (w *World) refundSome(o *order, all bool) {
	var unused []*ticket
	var total int64
	for _, t := range soldTickets(o) {
		if t.checkedAt == 0 && w.now < t.show.finish {
			unused = append(unused, t)
			total += t.price
			if !all {
				break
			}
		}
	}
	amount := FullAmount
	if w.rng.IntN(3) == 0 {
		// A fee of a tenth is kept, down to the kopeck.
		amount = total - total/10
	}
	if len(unused) > 0 && o.deletedAt == 0 {
		_ = w.refund(o, unused, amount)
	}
}

// cancelAndRegret cancels a paid order by mistake; half of them are restored two hours later.
func (w *World) cancelAndRegret(o *order) {
	if o.deletedAt != 0 || len(o.refunds) > 0 || o.tellsPrimary {
		return
	}
	w.cancel(o)
	if w.rng.IntN(2) == 0 {
		w.in(2*hour, func() { _ = w.restore(o) })
	}
}

func (w *World) replaceSomebody() bool {
	for range 20 {
		o := w.orders[w.rng.IntN(len(w.orders))]
		if _, err := w.replace(o); err == nil {
			return true
		}
	}
	return false
}

func (w *World) nightlyUpdate() {
	w.silentUpdate()
	w.in(day, w.nightlyUpdate)
}

func (w *World) fillCarts() {
	for _, e := range w.events {
		for _, s := range e.shows {
			if s.onSale(w.now) && w.rng.IntN(2) == 0 {
				_ = w.addToCart(s)
			}
		}
	}
}
