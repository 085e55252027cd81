package qtickets

// IDs are the ids of linked orders or tickets, which come as numbers, numeric strings or objects with an id;
// everything else about them is skipped.
type IDs []int64

// Shape is how many elements a collection of unknown shape has (refunds, services). The elements
// themselves may hold anything, personal data included, so they are never kept.
type Shape int

// mostCounted is where counting ends: as many nulls are stored.
const mostCounted = 1000

// ids collects the ids of linked rows; elements without a readable one are left out and noted as unread (API
// notes, section 18, row 8).
func (r *reader) ids() (list IDs) {
	if k := r.kind(); k != '[' && k != '{' {
		r.wantNothing()
		return nil
	}
	for ok := r.enterList(); ok && r.nextItem(); {
		id := r.linkedID()
		if id == 0 || len(list) >= maxBaskets {
			r.unknown()
			continue
		}
		r.keep()
		list = append(list, id)
	}
	return list
}

func (r *reader) linkedID() (id int64) {
	switch r.kind() {
	case '{':
		for ok := r.enterObject(); ok && r.nextKey(); {
			if string(r.key) == "id" {
				id = r.linkedID()
			} else {
				r.skip()
			}
		}
	case '"', '0':
		text, _ := r.scalar()
		id, _ = parseDecimal(text)
	default:
		r.skip()
	}
	return id
}

func (w *jsonWriter) ids(name string, list IDs) {
	w.name(name)
	w.open('[')
	for _, id := range list {
		w.number(id)
	}
	w.close(']')
}

// shape counts the elements of a collection that was never seen filled (API notes, section 18, row 8);
// whatever it holds, it never invalidates the row.
func (r *reader) shape() (n Shape) {
	if k := r.kind(); k != '[' && k != '{' {
		if text, _ := r.scalar(); len(text) > 0 {
			n = 1
		}
		return n
	}
	for ok := r.enterList(); ok && r.nextItem(); {
		r.skip()
		n = min(n+1, mostCounted)
	}
	return n
}

// shape writes a collection of that many nulls, so that reading it back counts the same.
func (w *jsonWriter) shape(name string, n Shape) {
	w.name(name)
	w.open('[')
	for range n {
		w.raw("null")
	}
	w.close(']')
}

// RefundAmounts are the amounts of an order's refunds, one for each (API notes, section 8); not valid where an element
// names none that can be read.
type RefundAmounts []Opt[Fine]

// refundAmounts reads the refunds of an order. Whatever else they hold is skipped, and nothing in them invalidates the
// row: what was returned for each ticket stands in the ticket.
func (r *reader) refundAmounts() (list RefundAmounts) {
	if k := r.kind(); k != '[' && k != '{' {
		return make(RefundAmounts, r.shape())
	}
	for ok := r.enterList(); ok && r.nextItem(); {
		r.keep()
		var amount Opt[Fine]
		if r.kind() != '{' {
			r.skip()
			list = append(list, amount)
			continue
		}
		for ok := r.enterObject(); ok && r.nextKey(); {
			if k := r.kind(); string(r.key) != "amount" || (k != '0' && k != '"') {
				r.skip()
				continue
			}
			if text, _ := r.scalar(); len(text) > 0 {
				amount.Valid = amount.Value.UnmarshalText(text) == nil
			}
		}
		list = append(list, amount)
	}
	return list
}

func (w *jsonWriter) refundAmounts(name string, list RefundAmounts) {
	w.name(name)
	w.open('[')
	for _, amount := range list {
		if !amount.Valid {
			w.raw("null")
			continue
		}
		w.open('{')
		w.optFine("amount", amount)
		w.close('}')
	}
	w.close(']')
}
