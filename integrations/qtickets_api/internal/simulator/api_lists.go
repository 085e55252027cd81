package simulator

// table finds a list by the name in its path; nil is an unknown route.
func (w *World) table(name string) *table {
	if w.capture != nil {
		return w.capture.table(name)
	}
	switch name {
	case "orders":
		return &table{
			name: name, resource: "Order", perPage: 50, columns: orderColumns, rows: rowsOf[*order](w.orders), byID: true,
			narrow: w.narrowOrders, find: finder(w.orderByID),
		}
	case "events":
		return &table{
			name: name, resource: "Event", perPage: 10, columns: eventColumns, rows: rowsOf[*event](w.events), byID: true,
			find: finder(w.eventByID),
		}
	case "discounts":
		return &table{
			name: name, resource: "Discount", perPage: 100, columns: discountColumns,
			rows: rowsOf[*discount](w.discounts), byID: true, find: seeker(w.discounts),
		}
	case "clients":
		return &table{
			name: name, resource: "Client", perPage: 100, columns: clientColumns,
			rows: rowsOf[*client](w.clients), byID: true, find: seeker(w.clients),
		}
	case "promo-codes":
		return &table{name: name, perPage: 500, columns: promoColumns, rows: rowsOf[*promoCode](w.promoCodes)}
	case "baskets":
		return &table{name: name, perPage: 100, columns: ticketColumns, rows: w.allTickets(), byID: false}
	}
	return nil
}

func (w *World) narrowOrders(t *test) (rowList, bool) {
	if t.accepts == [3]bool{} || t.values[0].kind == cellNull {
		return nil, false
	}
	id := t.values[0].n
	switch {
	case t.column == "updated_at":
		return subset{all: rowsOf[*order](w.orders), index: w.stamps.matching(t, len(w.orders))}, true
	case t.operator != "=":
	case t.column == "event_id":
		if e := w.eventByID[id]; e != nil {
			return rowsOf[*order](e.orders), true
		}
		return rowsOf[*order](nil), true
	case t.column == "id":
		if o := w.orderByID[id]; o != nil {
			return rowsOf[*order]{o}, true
		}
		return rowsOf[*order](nil), true
	}
	return nil, false
}

// allTickets lists baskets by order; ids ascend but for the main baskets of season tickets.
func (w *World) allTickets() rowsOf[*ticket] {
	all := make(rowsOf[*ticket], 0, len(w.ticketByID))
	for _, o := range w.orders {
		all = append(all, o.tickets...)
	}
	return all
}

func finder[T interface {
	comparable
	row
}](index map[int64]T) func(int64) row {
	return func(id int64) row {
		var none T
		if found := index[id]; found != none {
			return found
		}
		return nil
	}
}

func seeker[T row](list []T) func(int64) row {
	return func(id int64) row {
		for _, r := range list {
			if r.number() == id {
				return r
			}
		}
		return nil
	}
}
