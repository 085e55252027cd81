package simulator

import (
	"cmp"
	"slices"
	"strconv"
)

// FullAmount asks Refund to return the whole price of the tickets.
const FullAmount int64 = -1

// Refund returns money for sold tickets of an order: amount kopecks in all (or FullAmount), the rest of
// their price is kept. Nil tickets means all sold ones. The amount is shared in proportion to the
// prices; the last ticket takes what rounding leaves. The seats are free again.
func (w *World) Refund(orderID int64, ticketIDs []int64, amount int64) error {
	return w.change(orderID, func(o *order) error {
		var chosen []*ticket
		if ticketIDs == nil {
			chosen = soldTickets(o)
		}
		for _, id := range ticketIDs {
			chosen = append(chosen, o.ticket(id))
		}
		return w.refund(o, chosen, amount)
	})
}

// soldTickets are those a refund may name: no cancelled ones, no main basket of a season ticket.
func soldTickets(o *order) []*ticket {
	var sold []*ticket
	for _, t := range o.tickets {
		if t.life.state == stateSold && t.linked == nil {
			sold = append(sold, t)
		}
	}
	return sold
}

func (w *World) refund(o *order, chosen []*ticket, amount int64) error {
	var total int64
	seen := map[*ticket]bool{}
	for _, t := range chosen {
		if t == nil || t.life.state != stateSold || t.linked != nil || seen[t] {
			return impossible("refund a ticket of order %d", o.id)
		}
		seen[t] = true
		total += t.price
	}
	if amount == FullAmount {
		amount = total
	}
	if len(chosen) == 0 || amount < 0 || amount > total {
		return impossible("refund %d kopecks of order %d", amount, o.id)
	}
	shares := w.shares(chosen, amount, total)
	operation := refundOperation{id: w.nextID(&w.ids.refund, 5), at: w.now, returned: amount, kept: total - amount}
	for i, t := range chosen {
		w.refundTicket(t, shares[i])
		if w.rules.SplitsFractions && total > 0 && amount*t.price%total != 0 {
			exact := float64(amount) * float64(t.price) / float64(total) / 100
			t.refundedText = strconv.FormatFloat(exact, 'g', -1, 64)
			t.deductionText = strconv.FormatFloat(float64(t.price)/100-exact, 'g', -1, 64)
		}
		operation.tickets = append(operation.tickets, t.id)
	}
	o.refunds = append(o.refunds, operation)
	w.afterRefund(o)
	w.notify("refunded", o, chosen)
	return nil
}

// shares are what each ticket gets back of an amount, in kopecks: in proportion to its price, the last one taking what
// rounding leaves; or, where the API says fractions, those with the greatest rest rounded up.
func (w *World) shares(chosen []*ticket, amount, total int64) []int64 {
	shares := make([]int64, len(chosen))
	left, leftPrice := amount, total
	for i, t := range chosen {
		share := t.price
		switch {
		case w.rules.SplitsFractions && total > 0:
			share = amount * t.price / total
		case leftPrice > 0:
			share = left * t.price / leftPrice
		}
		left -= share
		leftPrice -= t.price
		shares[i] = share
	}
	order := make([]int, len(chosen))
	for i := range order {
		order[i] = i
	}
	if total > 0 {
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(amount*chosen[b].price%total, amount*chosen[a].price%total),
				cmp.Compare(chosen[a].id, chosen[b].id))
		})
	}
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}

func (w *World) refundTicket(t *ticket, share int64) {
	t.refundedAt, t.updatedAt = w.now, w.now
	t.amountsKnown = true
	t.refundedAmount, t.refundedDeduction = share, t.price-share
	if w.rules.SetsDeletedAt {
		t.deletedAt = w.now
	}
	if t.seat != nil {
		t.show.release(t.seat, true)
	}
	t.life.state, t.life.refundedAt, t.life.returned = stateRefunded, w.now, share
	w.dropEmptyMain(t.main)
}

func (w *World) afterRefund(o *order) {
	if w.rules.MovesUpdatedAt {
		*o.updatedAt = w.now
	}
	w.recomputePrice(o)
	if countLive(o) > 0 {
		return
	}
	if w.rules.DropsPayed || w.rules.DropsPayedAt {
		o.payed = false
	}
	if w.rules.DropsPayedAt {
		o.payedAt = 0
	}
	if w.rules.SetsDeletedAt {
		o.deletedAt = w.now
		if w.rules.MovesUpdatedAt {
			*o.updatedAt = w.now
		}
	}
}

// restore brings a cancelled order back, if nothing of it was refunded and its seats are still free. A paid
// order keeps its day of payment; an unpaid one gets a new reservation of 24 hours.
func (w *World) restore(o *order) error {
	if o.deletedAt == 0 || len(o.refunds) > 0 || len(o.secondary) > 0 || o.replaced {
		return impossible("restore order %d", o.id)
	}
	gone := o.deletedAt
	need := map[*position]int{}
	for _, t := range o.tickets {
		if t.seat == nil || !o.comesBack(t, gone) {
			continue
		}
		need[t.seat.at]++
		if t.seat.at.closed || t.seat.at.quota || t.seat.at.free() < need[t.seat.at] {
			return impossible("restore order %d, a seat is taken", o.id)
		}
	}
	o.deletedAt, *o.updatedAt = 0, w.now
	for _, t := range o.tickets {
		if o.comesBack(t, gone) {
			w.reviveTicket(o, t)
		}
	}
	if !o.payed {
		o.reservedTo = w.now + day
		w.scheduleExpiry(o)
	}
	w.notify("updated", o, nil)
	return nil
}

// comesBack tells whether a ticket was deleted with its order, and not before the order was paid.
func (o *order) comesBack(t *ticket, gone int64) bool {
	return t.deletedAt == gone && (!o.payed || t.life.soldAt != 0)
}

func (w *World) reviveTicket(o *order, t *ticket) {
	t.deletedAt, t.updatedAt = 0, w.now
	t.amountsKnown = false
	t.life.state = stateHeld
	if t.seat != nil {
		t.show.hold(t.seat)
	}
	if o.payed {
		t.life.state = stateSold
		if t.seat != nil {
			t.show.paid(t.seat)
		}
	}
}

// Replace swaps a paid order for a new one of other seats at the same prices: the old is cancelled without a
// refund and lists the new in secondary_orders, the new is paid at once and lists the old in
// primary_orders (webhook bodies only, section 7.1). It returns the id of the new order.
func (w *World) Replace(orderID int64) (int64, error) {
	var id int64
	err := w.change(orderID, func(o *order) error {
		fresh, err := w.replace(o)
		if err == nil {
			id = fresh.id
		}
		return err
	})
	return id, err
}

func (w *World) replace(old *order) (*order, error) {
	if !old.payed || old.deletedAt != 0 || old.replaced || len(soldTickets(old)) != len(old.tickets) {
		return nil, impossible("replace order %d", old.id)
	}
	seats := make([]*seat, len(old.tickets))
	used := map[*position]int{}
	for i, t := range old.tickets {
		seats[i] = t.show.pick(w.rng)
		if seats[i] == nil || seats[i].at.free() <= used[seats[i].at] {
			return nil, impossible("replace order %d, sold out", old.id)
		}
		used[seats[i].at]++
	}
	fresh := w.blankOrder(old.event)
	fresh.client, fresh.promo, fresh.utm = old.client, old.promo, old.utm
	for i, t := range old.tickets {
		copied := w.addTicket(fresh, t.show, seats[i])
		fresh.price += t.price - copied.price
		fresh.originalPrice += t.originalPrice - copied.originalPrice
		copied.originalPrice, copied.discount, copied.price = t.originalPrice, t.discount, t.price
	}
	fresh.primary = []*order{old}
	if w.rules.ReplacedStays {
		fresh.tellsPrimary, old.replaced = true, true
		for _, t := range old.tickets {
			t.show.release(t.seat, true)
			t.life.state = stateCancelled
		}
		w.addOrder(fresh)
		return fresh, w.pay(fresh)
	}
	old.secondary = append(old.secondary, fresh)
	w.addOrder(fresh)
	w.cancel(old)
	return fresh, w.pay(fresh)
}

// MoveTicket moves a sold ticket into an order of its own, paid when the old one was, and returns that order's id. The
// old order's updated_at stands still (section 8).
func (w *World) MoveTicket(ticketID int64) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fresh, err := w.moveTicket(w.ticketByID[ticketID])
	if err != nil {
		return 0, err
	}
	return fresh.id, nil
}

func (w *World) moveTicket(t *ticket) (*order, error) {
	if t == nil || t.life.state != stateSold || t.linked != nil || t.main != nil || len(t.order.tickets) < 2 ||
		t.order.deletedAt != 0 || t.order.replaced || t.order.tellsPrimary {
		return nil, impossible("move a ticket")
	}
	old := t.order
	fresh := w.blankOrder(old.event)
	fresh.client, fresh.promo, fresh.utm, fresh.paymentType = old.client, old.promo, old.utm, old.paymentType
	fresh.payed, fresh.payedAt = true, old.payedAt
	old.tickets = without(old.tickets, t)
	old.price -= t.price
	old.originalPrice -= t.originalPrice
	fresh.tickets, t.order = []*ticket{t}, fresh
	fresh.price, fresh.originalPrice = t.price, t.originalPrice
	w.addOrder(fresh)
	return fresh, nil
}
