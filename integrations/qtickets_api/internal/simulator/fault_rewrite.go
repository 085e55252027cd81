package simulator

import (
	"slices"
	"strconv"
)

// rowWriter writes rows straight, or by way of a tree when select or a fault of content asks for it.
func (s *Server) rowWriter(q query, f *faultSet) func(*phpWriter, row, bool) {
	changes := s.changes(f)
	if len(q.selects) == 0 && len(changes) == 0 {
		return func(p *phpWriter, r row, detail bool) { r.write(p, detail) }
	}
	return func(p *phpWriter, r row, detail bool) {
		aside := phpWriter{offset: p.offset, withoutScheme: p.withoutScheme}
		r.write(&aside, detail)
		n := mustParse(aside.b)
		for _, change := range changes {
			change(n)
		}
		if len(q.selects) > 0 {
			n = n.project(q.selects)
		}
		p.comma()
		p.b = n.appendTo(p.b)
	}
}

// changes are the faults of content that are on.
func (s *Server) changes(f *faultSet) []func(*node) {
	var list []func(*node)
	first := s.world.firstOrder()
	add := func(kind FaultKind, otherwise int64, change func(*node)) {
		fault, ok := f.find(kind)
		if !ok {
			return
		}
		only := otherwise
		if fault.N != 0 {
			only = fault.N
		}
		list = append(list, func(n *node) {
			if only == 0 || isOrder(n, only) {
				change(n)
			}
		})
	}
	add(BadPrice, first, spoilPrice)
	add(NaiveTime, first, stripOffsets)
	add(NullDetails, 0, dropDetails)
	add(CustomObject, 0, customObject)
	add(NameMaps, 0, mapNames)
	if fault, ok := f.find(TicketTwice); ok {
		list = append(list, s.world.ticketTwice(fault.N))
	}
	add(UnknownFields, 0, addUnknown)
	add(IntsAsStrings, 0, numbersToStrings)
	return list
}

// firstOrder is the id faults of content spoil unless told another; the caller holds the lock.
func (w *World) firstOrder() int64 {
	if t := w.table("orders"); t.rows.length() > 0 {
		return t.rows.at(0).number()
	}
	return 0
}

func isOrder(n *node, id int64) bool {
	return n.get("baskets") != nil && castID(n.get("id").string()) == id
}

func spoilPrice(order *node) {
	order.set("price", textNode("1 200 руб."))
	for _, t := range order.get("baskets").children {
		t.set("price", textNode("бесплатно?"))
		t.set("ticket_amount", textNode("—"))
	}
}

func stripOffsets(order *node) {
	order.walk(func(n *node) {
		if n.kind == '"' && isMoment(n.text) {
			n.text = n.text[:19]
		}
	})
}

// isMoment recognises "2006-01-02T15:04:05+03:00".
func isMoment(s string) bool {
	return len(s) == 25 && s[4] == '-' && s[7] == '-' && s[10] == 'T' && s[13] == ':' && s[16] == ':' && s[22] == ':'
}

// ticketTwice gives the first ticket of an order (0: the last) the id of the first ticket of the order before it; the
// caller holds the lock.
func (w *World) ticketTwice(id int64) func(*node) {
	at := len(w.orders) - 1
	if id != 0 {
		at = slices.IndexFunc(w.orders, func(o *order) bool { return o.id == id })
	}
	return func(n *node) {
		if at > 0 && isOrder(n, w.orders[at].id) && len(w.orders[at-1].tickets) > 0 && len(n.get("baskets").children) > 0 {
			twin := strconv.FormatInt(w.orders[at-1].tickets[0].id, 10)
			n.get("baskets").children[0].set("id", &node{kind: '0', text: twin})
		}
	}
}

func dropDetails(n *node) {
	if client := n.get("client"); client != nil {
		client.set("details", &node{kind: 'n', text: "null"})
	}
}

func customObject(n *node) {
	if n.get("custom") == nil {
		return
	}
	wish := &node{kind: '{'}
	wish.set("wish", textNode(canaryCyrillic+", позвоните "+canaryPhone+"0000"))
	n.set("custom", wish)
	fields := &node{kind: '{'}
	fields.set("organization_name", textNode("ООО «"+canaryCyrillic+"»"))
	n.set("fields", fields)
}

func mapNames(n *node) {
	for _, at := range []*node{n, n.get("city")} {
		if name := at.get("name"); name != nil && name.kind == '"' && n.get("shows") != nil {
			m := &node{kind: '{'}
			m.set("en", textNode("Translated"))
			m.set("ru", textNode(name.text))
			at.set("name", m)
		}
	}
}

// addUnknown puts a field of each JSON type into the row and its parts.
func addUnknown(n *node) {
	n.walk(func(at *node) {
		if at.kind != '{' || at.get("id") == nil {
			return
		}
		object := &node{kind: '{'}
		object.set("id_of_new", &node{kind: '0', text: "7"})
		at.set("new_object", object)
		at.set("new_list", &node{kind: '[', children: []*node{{kind: '0', text: "1.5"}}})
		at.set("new_text", textNode("new/текст"))
		at.set("new_flag", &node{kind: 't', text: "true"})
		at.set("new_null", &node{kind: 'n', text: "null"})
	})
}

func numbersToStrings(n *node) {
	n.walk(func(at *node) {
		if at.kind == '0' {
			at.kind = '"'
		}
	})
}

// rewritten applies the faults that concern any answer to a body that is not made of rows.
func rewritten(body []byte, f *faultSet) []byte {
	if !f.on(IntsAsStrings) && !f.on(UnknownFields) {
		return body
	}
	n := mustParse(body)
	if f.on(UnknownFields) {
		addUnknown(n)
	}
	if f.on(IntsAsStrings) {
		numbersToStrings(n)
	}
	return n.appendTo(nil)
}
