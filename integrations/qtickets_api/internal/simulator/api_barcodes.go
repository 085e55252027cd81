package simulator

import "slices"

// serveBarcodes lists the valid tickets of a show as a bare array (section 11).
func (s *Server) serveBarcodes(c call) response {
	q, err := c.query()
	if err != nil {
		return thrown()
	}
	s.world.mu.RLock()
	defer s.world.mu.RUnlock()
	sh := s.world.showByID[c.route.id]
	if sh == nil {
		return notFound("Show", c.route.id)
	}
	list := &node{kind: '['}
	for _, t := range sh.validTickets() {
		n := barcodeNode(t)
		if len(q.selects) > 0 {
			n = n.project(q.selects)
		}
		list.children = append(list.children, n)
	}
	return jsonResponse(rewritten(list.appendTo(nil), c.faults), len(list.children))
}

// validTickets are the sold ones, without main baskets of season tickets: these admit nobody.
func (s *show) validTickets() []*ticket {
	var valid []*ticket
	for _, o := range s.event.orders {
		for _, t := range o.tickets {
			if t.show == s && t.linked == nil && t.live() && o.payedAt != 0 && o.deletedAt == 0 {
				valid = append(valid, t)
			}
		}
	}
	return valid
}

func barcodeNode(t *ticket) *node {
	var p phpWriter
	c := t.order.client
	p.open('{')
	p.str("barcode", t.barcode())
	p.bool("admission", t.seat.at.admission)
	p.money("price", t.price)
	p.str("seat_name", t.seat.zone.name)
	p.str("zone_name", t.seat.zone.name)
	p.str("row", t.seat.row)
	p.str("place", t.seat.number)
	p.str("client_name", c.name())
	p.strOrNull("client_surname", c.surname())
	p.null("client_middlename")
	p.close('}')
	return mustParse(p.b)
}

// serveBarcode tells whether one ticket was scanned.
func (s *Server) serveBarcode(c call) response {
	s.world.mu.RLock()
	defer s.world.mu.RUnlock()
	sh := s.world.showByID[c.route.id]
	if sh == nil {
		return notFound("Show", c.route.id)
	}
	valid := sh.validTickets()
	i := slices.IndexFunc(valid, func(t *ticket) bool { return t.barcode() == c.route.text })
	if i < 0 {
		return notFound("Barcode", 0)
	}
	p := phpWriter{offset: c.faults.offset()}
	p.open('{')
	p.str("barcode", valid[i].barcode())
	p.moment("checked_at", valid[i].checkedAt)
	p.close('}')
	return jsonResponse(p.b, 1)
}
