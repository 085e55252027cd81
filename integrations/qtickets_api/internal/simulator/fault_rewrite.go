package simulator

import (
	"cmp"
	"math"
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
	if fault, ok := f.find(NameMaps); ok {
		list = append(list, func(n *node) { mapNames(n, cmp.Or(fault.Text, "ru")) })
	}
	add(PHPFloats, 0, printFloats)
	add(OddFields, 0, oddFields)
	add(ServiceFee, 0, holdServiceFee)
	add(OddRefunds, 0, dropRefundAmounts)
	add(PersonalTexts, 0, nameThePerson)
	add(PersonalKeys, first, keyByPerson)
	if fault, ok := f.find(TicketTwice); ok {
		list = append(list, s.world.ticketTwice(fault.N))
	}
	add(UnknownFields, 0, addUnknown)
	add(IntsAsStrings, 0, numbersToStrings)
	add(BadBytes, 0, spoilName) // the last one: what it writes is no longer a tree
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

// holdServiceFee takes a rouble of each live ticket's amount for a service fee, which its price holds then.
func holdServiceFee(n *node) {
	n.walk(func(at *node) {
		amount := at.get("ticket_amount")
		if amount == nil {
			return
		}
		if value, err := strconv.ParseFloat(amount.text, 64); err == nil && value > 1 {
			amount.text = strconv.FormatFloat(value-1, 'f', -1, 64)
			at.set("service_fee_amount", intNode(1))
		}
	})
}

// dropRefundAmounts leaves refunds without the amount that was returned.
func dropRefundAmounts(order *node) {
	refunds := order.get("refunds")
	if refunds == nil {
		return
	}
	for _, r := range refunds.children {
		if r.get("amount") != nil {
			r.set("amount", &node{kind: 'n', text: "null"})
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

func mapNames(n *node, key string) {
	for _, at := range []*node{n, n.get("city")} {
		if name := at.get("name"); name != nil && name.kind == '"' && n.get("shows") != nil {
			m := &node{kind: '{'}
			m.set("en", textNode("Translated"))
			m.set(key, textNode(name.text))
			m.set("meta", &node{kind: '[', children: []*node{intNode(1)}})
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

// amounts are the members that hold money.
var amounts = []string{"price", "original_price", "ticket_original_price", "discount_value", "ticket_amount",
	"service_fee_amount", "refunded_amount", "refunded_deduction_amount", "default_price"}

// printFloats prints money as PHP prints a computed float when serialize_precision is 17: the float next to it, below
// and above in turn.
func printFloats(n *node) {
	odd := false
	n.walk(func(at *node) {
		for _, name := range amounts {
			amount := at.get(name)
			if amount == nil || amount.kind != '0' {
				continue
			}
			value, err := strconv.ParseFloat(amount.text, 64)
			if err != nil || value == 0 {
				continue
			}
			toward := 0.0
			if odd = !odd; odd {
				toward = math.Inf(1)
			}
			amount.text = strconv.FormatFloat(math.Nextafter(value, toward), 'g', 17, 64)
		}
	})
}

// oddFields spoils what no figure needs. Each is a form that some system was seen to write.
func oddFields(n *node) {
	zero, naive := textNode("0000-00-00 00:00:00"), textNode("2030-01-31 10:00:00")
	n.walk(func(at *node) {
		for name, odd := range map[string]*node{
			"reserved_to": textNode("-0001-11-30T00:00:00+02:30"), "ticket_original_price": textNode("1 200 руб."),
			"site_id": textNode("main"), "payment_type_id": {kind: '[', children: []*node{intNode(1)}}, "age": boolNode(true),
			"active_from": naive, "max_uses_count": textNode("∞"), "open_date": zero,
		} {
			if at.get(name) != nil {
				at.set(name, odd)
			}
		}
		if at.get("ticket_amount") != nil || at.get("shows") != nil || at.get("max_uses_count") != nil {
			at.set("updated_at", zero)
		}
	})
}

// spoilName writes the buyer's name twice, with bytes that are no UTF-8 and half a surrogate pair.
func spoilName(n *node) {
	if details := n.path("client.details"); details != nil && details.kind == '{' {
		details.set("name", &node{kind: '0', text: "\"" + canaryLatin + "\xff\xfe\",\"name\":\"" + canaryLatin + "\\ud83d\""})
	}
}

// rewritten applies the faults that concern any answer to a body that is not made of rows.
func rewritten(body []byte, f *faultSet) []byte {
	if !f.on(IntsAsStrings) && !f.on(UnknownFields) && !f.on(PHPFloats) && !f.on(PersonalTexts) {
		return body
	}
	n := mustParse(body)
	if f.on(PersonalTexts) {
		nameThePerson(n)
	}
	if f.on(PHPFloats) {
		printFloats(n)
	}
	if f.on(UnknownFields) {
		addUnknown(n)
	}
	if f.on(IntsAsStrings) {
		numbersToStrings(n)
	}
	return n.appendTo(nil)
}
