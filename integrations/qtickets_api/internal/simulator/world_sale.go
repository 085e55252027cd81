package simulator

// Pay pays a reserved order. Its tickets are stamped now, the order itself 4 to 28 s later (by the
// clock), as section 8 describes; a free order is stamped now only, and later by a silent update.
func (w *World) Pay(orderID int64) error {
	return w.change(orderID, w.pay)
}

// change runs an operation on an order under the lock.
func (w *World) change(orderID int64, operation func(*order) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := w.orderByID[orderID]
	if o == nil {
		return impossible("find order %d", orderID)
	}
	return operation(o)
}

func (w *World) pay(o *order) error {
	if o.payed || o.deletedAt != 0 || o.payedAt != 0 {
		return impossible("pay order %d", o.id)
	}
	o.payed, o.payedAt = true, w.now
	*o.updatedAt = w.now
	o.card = o.price > 0 && w.rng.IntN(4) == 0
	for _, t := range o.tickets {
		if !t.live() {
			continue
		}
		t.updatedAt = w.now
		t.life = life{state: stateSold, soldAt: w.now, charged: t.price}
		if t.seat != nil {
			t.show.paid(t.seat)
		}
	}
	if o.price > 0 {
		stamp := w.now + 4 + w.rng.Int64N(25)
		w.at(stamp, func() {
			if o.deletedAt == 0 && *o.updatedAt < stamp {
				*o.updatedAt = stamp
			}
		})
	}
	w.notify("payed", o, nil)
	return nil
}

// extend prolongs an unpaid reservation by 24 hours.
func (w *World) extend(o *order) error {
	if o.payed || o.deletedAt != 0 || o.extended {
		return impossible("extend order %d", o.id)
	}
	o.extended = true
	o.reservedTo += day
	*o.updatedAt = w.now
	w.scheduleExpiry(o)
	w.notify("updated", o, nil)
	return nil
}

// reserveForever makes an unpaid reservation endless (reserved: true); the expiry job spares it.
func (w *World) reserveForever(o *order) error {
	if o.payed || o.deletedAt != 0 {
		return impossible("reserve order %d", o.id)
	}
	o.reserved, o.reservedNull = true, false
	*o.updatedAt = w.now
	w.notify("updated", o, nil)
	return nil
}

// Cancel cancels a paid or unpaid order without a refund: what the organiser or the expiry job does.
func (w *World) Cancel(orderID int64) error {
	return w.change(orderID, func(o *order) error {
		if o.deletedAt != 0 || o.tellsPrimary {
			return impossible("cancel order %d", o.id)
		}
		w.cancel(o)
		return nil
	})
}

func (w *World) cancel(o *order) {
	o.deletedAt, *o.updatedAt = w.now, w.now
	for _, t := range o.tickets {
		if t.live() {
			w.dropTicket(t)
		}
	}
	w.notify("deleted", o, nil)
}

// dropTicket deletes a live ticket without a refund and frees its seat.
func (w *World) dropTicket(t *ticket) {
	t.deletedAt, t.updatedAt = w.now, w.now
	t.amountsKnown = true
	t.refundedAmount, t.refundedDeduction = 0, 0
	if t.seat != nil && t.life.state != stateCancelled {
		t.show.release(t.seat, t.life.state == stateSold)
	}
	t.life.state = stateCancelled
}

// deleteTicket deletes one ticket of a live order. Whether the order's updated_at moves follows RefundRules.
// Deleting all linked tickets of a season ticket deletes the main one; deleting the last ticket cancels the
// order.
func (w *World) deleteTicket(o *order, t *ticket) error {
	if t == nil || !t.live() || o.deletedAt != 0 || t.linked != nil || o.tellsPrimary {
		return impossible("delete a ticket of order %d", o.id)
	}
	w.dropTicket(t)
	w.dropEmptyMain(t.main)
	if w.rules.MovesUpdatedAt {
		*o.updatedAt = w.now
	}
	w.recomputePrice(o)
	if countLive(o) == 0 {
		o.deletedAt, *o.updatedAt = w.now, w.now
	}
	w.notify("updated", o, nil)
	return nil
}

func (w *World) dropEmptyMain(main *ticket) {
	if main == nil || !main.live() {
		return
	}
	for _, t := range main.linked {
		if t.live() {
			return
		}
	}
	w.dropTicket(main)
}

func countLive(o *order) int {
	n := 0
	for _, t := range o.tickets {
		if t.live() {
			n++
		}
	}
	return n
}

func (w *World) recomputePrice(o *order) {
	if !w.rules.RecomputesPrice {
		return
	}
	o.price, o.originalPrice = 0, 0
	for _, t := range o.tickets {
		if t.live() {
			o.price += t.price
			o.originalPrice += t.originalPrice
		}
	}
}
