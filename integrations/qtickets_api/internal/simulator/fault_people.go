package simulator

import (
	"slices"
	"strings"
)

// personal is one invented buyer as people and sites write mails, phones and cards into any field they find.
var personal = []string{
	"8 (999) 555-77-66", "8-999-555-77-66", "7 999 555 77 66", "(999) 555-77-66", "+7(999)555-77-66", "89995557766",
	"%2B7%28999%29555-77-66", "8+999+555+77+66", "\u00a08\u00a0999\u00a0555\u201177\u201166", "８９９９５５５７７６６",
	"canary%40mail.example.test", "canary%2540mail.example.test", "canary&#64;mail.example.test",
	"ｃａｎａｒｙ＠mail.example.test", "canary&amp;commat;mail.example.test", "4276 5500 1234 5677", "4276-5500-1234-5677",
}

// PersonalMarks are parts of these spellings, none of which may be found where people must not be.
func PersonalMarks() []string {
	return []string{"555-77-66", "999 555 77", "9995557766", "999+555+77", "999%29555", "５５５７７", "canary", "ｃａｎａｒｙ",
		"555\u201177", "4276 5500", "4276-5500"}
}

// freeTexts are the members that hold text of many hands.
var freeTexts = []string{"name", "place_name", "seat_name", "seat_id", "payment_type_id", "multiprice_code", "type",
	"code", "multiprice_name"}

// steering is what would redden a terminal and turn the direction of writing.
const steering = "\u001b[31m\u009b\u202e"

// nameThePerson adds the person to every free text, in another spelling each time.
func nameThePerson(n *node) {
	next := 0
	n.walk(func(at *node) {
		for i, key := range at.keys {
			value := at.children[i]
			if !slices.Contains(freeTexts, key) && !strings.HasPrefix(key, "utm_") {
				continue
			}
			if value.kind == '"' || value.kind == 'n' {
				*value = *textNode(value.string() + " " + personal[next%len(personal)] + steering)
				next++
			}
		}
	})
}

// keyByPerson makes an object of an order's tickets, under keys that name the person, and spoils a price.
func keyByPerson(order *node) {
	baskets := order.get("baskets")
	keyed := &node{kind: '{'}
	for i, t := range baskets.children {
		t.set("price", textNode(personal[i%len(personal)]))
		keyed.set(personal[(len(personal)-1-i)%len(personal)]+steering, t)
	}
	order.set("baskets", keyed)
	order.set("event_id", textNode(personal[0]))
}
