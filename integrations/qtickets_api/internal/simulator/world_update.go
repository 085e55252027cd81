package simulator

// Scan lets a ticket in: checked_at now, basket updated_at the same, the order untouched (section 8).
func (w *World) Scan(ticketID int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.scan(w.ticketByID[ticketID])
}

func (w *World) scan(t *ticket) error {
	if t == nil || t.life.state != stateSold || t.checkedAt != 0 {
		return impossible("scan a ticket")
	}
	t.checkedAt = w.now
	// The stamp comes up to 47 s after the scan; one that an Advance has not reached yet would be in the future.
	stamp := w.now + w.rng.Int64N(48)
	t.updatedAt = w.now
	if w.rules.ScansMoveUpdatedAt {
		*t.order.updatedAt = w.now
	}
	w.at(stamp, func() {
		if t.live() && t.updatedAt < stamp {
			t.updatedAt = stamp
		}
	})
	w.notify("checked", t.order, []*ticket{t})
	return nil
}

// editGuest renames the guest of a live ticket: sales do not change, but both updated_at move.
func (w *World) editGuest(t *ticket) error {
	if t == nil || !t.live() {
		return impossible("edit a ticket")
	}
	t.updatedAt, *t.order.updatedAt = w.now, w.now
	w.notify("updated", t.order, nil)
	return nil
}

// SilentUpdate gives up to six recently paid orders a new updated_at, without any other change, and returns
// their ids (section 8).
func (w *World) SilentUpdate() []int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.silentUpdate()
}

func (w *World) silentUpdate() []int64 {
	var touched []int64
	for i := len(w.orders) - 1; i >= 0 && len(touched) < 6 && w.orders[i].createdAt > w.now-9*day; i-- {
		o := w.orders[i]
		if !o.payed || o.deletedAt != 0 || o.silentUpdatedAt != 0 || o.payedAt > w.now-9*hour || w.rng.IntN(3) == 0 {
			continue
		}
		o.silentUpdatedAt, *o.updatedAt = w.now, w.now
		touched = append(touched, o.id)
	}
	return touched
}

// addToCart puts one place of a show into somebody's cart for 20 minutes: in_basket_quantity, no order.
func (w *World) addToCart(s *show) error {
	st := s.pick(w.rng)
	if st == nil {
		return impossible("put a seat of show %d into a cart", s.id)
	}
	st.at.inBasket++
	s.updateOpen(st.at)
	w.at(w.now+20*minute, func() {
		st.at.inBasket--
		s.updateOpen(st.at)
	})
	return nil
}

// Vanish removes an order for good, as if the organiser's data had been purged: it is in no list and
// in no count any more (section 18, row 18).
func (w *World) Vanish(orderID int64) error {
	return w.change(orderID, func(o *order) error {
		if o.tellsPrimary {
			return impossible("purge order %d, which replaces one that stays", o.id)
		}
		for _, t := range o.tickets {
			w.forgetTicket(t)
		}
		w.forgetOrder(o)
		o.event.orders = without(o.event.orders, o)
		delete(w.orderByID, o.id)
		// Jobs that still wait for it must find nothing to do.
		o.deletedAt = w.now
		o.tickets = nil
		return nil
	})
}

// VanishTicket removes one ticket from an order for good, without a trace in the order.
func (w *World) VanishTicket(orderID, ticketID int64) error {
	return w.change(orderID, func(o *order) error {
		t := o.ticket(ticketID)
		if t == nil || t.linked != nil || t.main != nil || len(o.tickets) == 1 {
			return impossible("remove a ticket of order %d", o.id)
		}
		if o.tellsPrimary {
			return impossible("remove a ticket of order %d, which replaces one that stays", o.id)
		}
		w.forgetTicket(t)
		o.tickets = without(o.tickets, t)
		return nil
	})
}

func (w *World) forgetTicket(t *ticket) {
	if t.occupies() {
		t.show.release(t.seat, t.life.state == stateSold)
	}
	t.deletedAt = max(t.deletedAt, w.now)
	t.life.state = stateCancelled
	delete(w.ticketByID, t.id)
}

func without[T comparable](list []T, gone T) []T {
	kept := make([]T, 0, len(list))
	for _, x := range list {
		if x != gone {
			kept = append(kept, x)
		}
	}
	return kept
}
