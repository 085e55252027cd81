package simulator

import (
	"slices"
	"strings"
)

// seatFields are all fields of a seat in the order they are written; "id" is called seat_id in the
// nested form (section 10).
var seatFields = []string{
	"id", "seat_id", "root_id", "name", "zone_id", "zone_root_id", "short_seat_id", "admission", "available", "disabled",
	"ordered",
	"max_quantity", "free_quantity", "ordered_quantity", "payed_quantity", "in_basket_quantity", "row", "place", "price",
	"currency_id", "multiprice_name", "multiprice_code", "color_theme_id", "related_seats", "coords", "spread",
}

// seatValue is one field of a seat; nil for a name there is not.
func (s *show) seatValue(st *seat, field string) *node {
	p := st.at
	sellable := !p.closed && !p.quota
	switch field {
	case "id", "seat_id":
		return textNode(st.id)
	case "root_id":
		return textNode(st.rootID)
	case "name":
		return textNode(st.zone.name + ", ряд " + st.row + ", место " + st.number)
	case "zone_id":
		return textNode(st.zone.id)
	case "zone_root_id":
		return textNode(st.zone.rootID)
	case "short_seat_id":
		return textNode(st.shortID)
	case "admission":
		return boolNode(p.admission)
	case "available":
		return boolNode(sellable && p.free() > 0)
	case "disabled":
		return boolNode(!sellable)
	case "ordered":
		return boolNode(st.ordered > 0)
	case "row":
		return textNode(st.row)
	case "place":
		return textNode(st.number)
	case "price":
		return &node{kind: '0', text: string(appendMoney(nil, st.zone.price.price))}
	case "currency_id":
		return textNode(s.event.currency)
	case "multiprice_name":
		return textOrNull(st.tariff)
	case "multiprice_code":
		return textOrNull(st.multipriceCode)
	case "related_seats":
		return &node{kind: '['}
	case "coords":
		return &node{kind: '[', children: []*node{intNode(100 + 12*int(castID(st.number))),
			intNode(100 + 12*int(castID(st.row)))}}
	case "spread":
		return spreadNode(p)
	}
	return st.quantity(field)
}

func (st *seat) quantity(field string) *node {
	p := st.at
	switch field {
	case "max_quantity":
		return intNode(p.max)
	case "free_quantity":
		if p.closed {
			return intNode(0)
		}
		return intNode(max(0, p.free()))
	case "ordered_quantity":
		return intNode(st.ordered)
	case "payed_quantity":
		return intNode(st.payed)
	case "in_basket_quantity":
		// Carts are counted on the first tariff of a place only, as orders are on the one sold.
		if p.seats[0] == st {
			return intNode(p.inBasket)
		}
		return intNode(0)
	case "color_theme_id":
		return intNode(st.zone.price.theme)
	}
	return nil
}

// spreadNode holds personal quotas and, in one of them, an address.
func spreadNode(p *position) *node {
	n := &node{kind: '{'}
	n.add("partner_id", &node{kind: 'n', text: "null"})
	for _, k := range []string{"users", "client_groups", "client_emails", "agents"} {
		n.add(k, &node{kind: '['})
	}
	if p.quota {
		n.get("client_emails").children = []*node{textNode("canary.quota@mail.example.test")}
	}
	return n
}

func (s *Server) serveSeats(c call) response {
	q, err := c.query()
	if err != nil {
		return thrown()
	}
	if fault, ok := c.faults.find(SeatsUnavailable); ok && (fault.N == 0 || fault.N == c.route.id) {
		return thrown()
	}
	s.world.mu.RLock()
	defer s.world.mu.RUnlock()
	if s.world.capture != nil {
		return jsonResponse([]byte(`{"data":[]}`), 0)
	}
	sh := s.world.showByID[c.route.id]
	if sh == nil {
		return notFound("Show", c.route.id)
	}
	rows, err := sh.seatTree(q, c.faults)
	if err != nil {
		return thrown()
	}
	data := &node{kind: '{'}
	data.set("data", rows)
	return jsonResponse(rewritten(data.appendTo(nil), c.faults), len(rows.children))
}

// seatTree is the data of an answer: keyed by zone, or by seat for flat:true.
func (s *show) seatTree(q query, f *faultSet) (*node, error) {
	out := &node{kind: '{'}
	names := q.seatNames()
	for _, z := range s.zones {
		seats := out
		if !q.flat {
			seats = &node{kind: '{'}
		}
		for _, st := range z.seats {
			ok, err := s.seatMatches(st, q.where, f)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			key := st.id
			if !q.flat {
				key = st.shortID
			}
			seats.add(key, s.seatNode(st, names))
		}
		if !q.flat && (len(seats.children) > 0 || len(q.where) == 0) {
			out.add(z.id, zoneNode(z, seats))
		}
	}
	return out, nil
}

// seatNames are what an answer shows: what select asks for, else nothing but the seat in the nested
// form and everything but quotas in the flat one.
func (q query) seatNames() []string {
	asked := q.selects
	switch {
	case len(asked) == 0 && q.flat:
		asked = slices.Delete(slices.Clone(seatFields), len(seatFields)-1, len(seatFields))
	case len(asked) == 0:
		asked = []string{"seat_id", "admission"}
	}
	other := "id"
	if q.flat {
		other = "seat_id"
	}
	var names []string
	for _, field := range seatFields {
		for _, name := range asked {
			if field != other && (name == field || strings.HasPrefix(name, field+".")) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (s *show) seatNode(st *seat, names []string) *node {
	n := &node{kind: '{'}
	dotted := false
	for _, name := range names {
		field, _, deeper := strings.Cut(name, ".")
		dotted = dotted || deeper
		n.set(field, s.seatValue(st, field))
	}
	if dotted {
		return n.project(names)
	}
	return n
}

func zoneNode(z *zone, seats *node) *node {
	n := &node{kind: '{'}
	n.add("zone_id", textNode(z.id))
	n.add("name", textNode(z.name))
	n.add("description", textNode(""))
	n.add("seats", seats)
	return n
}

// seatMatches compares any field as text; seats know "=" and the null tests only (section 3.3).
func (s *show) seatMatches(st *seat, where []condition, f *faultSet) (bool, error) {
	if len(where) == 0 || f.on(FilterIgnored) {
		return true, nil
	}
	for _, c := range where {
		field := s.seatValue(st, c.column)
		if field == nil || isRange(c.operator) {
			return false, errThrown
		}
		isNull := field.kind == 'n'
		switch {
		case c.operator == "null" && !isNull, c.operator == "not null" && isNull:
			return false, nil
		case c.operator == "=" && (isNull || c.value.string() != field.string() && asFlag(c.value) != field.string()):
			return false, nil
		}
	}
	return true, nil
}

// asFlag lets 1 and 0 stand for true and false.
func asFlag(n *node) string {
	switch n.string() {
	case "1":
		return "true"
	case "0":
		return "false"
	}
	return n.string()
}
