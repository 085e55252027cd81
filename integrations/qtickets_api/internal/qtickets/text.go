package qtickets

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxText is how many bytes a text may have; the longest known are names of events, a few hundred. A longer one is not
// read: it would only make tables and pages swell.
const maxText = 2000

// text reads a string; a number stands for its text ("payment_type_id" came both ways). An object is
// a map by language, of which Russian is preferred (API notes, section 9). Personal data in it is redacted. Values
// are never quoted in errors, because a string may be anything.
func (r *reader) text() (o Opt[string]) {
	if r.kind() == '{' {
		return r.translated()
	}
	text, kind := r.scalar()
	switch {
	case len(text) == 0:
	case kind == 't' || kind == 'f':
		r.fail("cannot read a boolean as text")
	case len(text) > maxText:
		r.fail(fmt.Sprintf("a text of %d bytes is longer than %d", len(text), maxText))
	case utf8.Valid(text):
		return Some(scrub(string(text)))
	default:
		return Some(scrub(strings.ToValidUTF8(string(text), "\uFFFD")))
	}
	return o
}

// translated reads a map by language: Russian, or else the first that has a text. What is not a text is passed over.
func (r *reader) translated() (o Opt[string]) {
	passed, found := false, false
	for ok := r.enterObject(); ok && r.nextKey(); {
		russian := isRussian(r.key)
		if k := r.kind(); k == '{' || k == '[' {
			passed = true
			r.skip()
			continue
		}
		if t := r.text(); t.Valid && (!o.Valid || russian && !found) {
			o, found = t, russian
		}
	}
	if passed && !o.Valid {
		r.fail("cannot read a collection as text")
	}
	return o
}

// isRussian recognises ru, RU, rus, ru_RU, ru-RU and the like.
func isRussian(key []byte) bool {
	language, _, _ := bytes.Cut(bytes.ReplaceAll(bytes.ToLower(key), []byte("-"), []byte("_")), []byte("_"))
	switch string(language) {
	case "ru", "rus", "russian":
		return true
	}
	return false
}

// currency reads the three letters of a currency. Anything else is refused: amounts are added up by it.
func (r *reader) currency() (o Opt[string]) {
	text, kind := r.scalar()
	if len(text) == 0 {
		return o
	}
	if kind != '"' || len(text) != 3 || bytes.ContainsFunc(text, func(c rune) bool { return c < 'A' || c > 'Z' }) {
		r.fail(fmt.Sprintf("cannot read a text of %d characters as a currency of three letters", utf8.RuneCount(text)))
		return o
	}
	return Some(string(text))
}

// recall reads what an order stored here lists as unread. Only names this program gives are taken.
func (r *reader) recall() {
	if r.kind() != '[' {
		r.skip()
		return
	}
	for ok := r.enterList(); ok && r.nextItem(); {
		if r.kind() != '"' {
			r.skip()
			continue
		}
		text, _ := r.scalar()
		name := string(text[:min(len(text), 100)])
		known := true
		for part := range strings.SplitSeq(name, ".") {
			known = known && memberNames[part]
		}
		if known {
			r.note(name)
		}
	}
}

// utmKeys are the parameters that are kept, sorted. The API passes any key on, and a site can put anything into one.
var utmKeys = [...]string{"utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term"}

// utm reads UTM parameters. They come from the buyer's address line, so nothing in them may make the order
// invalid: a parameter that is not a single value is unknown, and personal data is redacted.
func (r *reader) utm() UTM {
	if r.kind() != '{' {
		r.wantNothing()
		return nil
	}
	var params UTM
	for ok := r.enterObject(); ok && r.nextKey(); {
		i := slices.Index(utmKeys[:], string(r.key))
		if i < 0 {
			r.value()
			continue
		}
		value := r.parameter()
		if !value.Valid {
			continue
		}
		if params == nil {
			params = make(UTM, len(utmKeys))
		}
		params[utmKeys[i]] = value.Value
	}
	return params
}

// siteHost reads the address of the selling site, one of the members of "site".
func (r *reader) siteHost() (host Opt[string]) {
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) == "host" {
			host = r.text()
		} else {
			r.skip()
		}
	}
	return host
}

// parameter reads one UTM parameter; a boolean is its text.
func (r *reader) parameter() Opt[string] {
	switch r.kind() {
	case '{':
		r.wantNothing()
		return Opt[string]{}
	case 't':
		r.skip()
		return Some("true")
	case 'f':
		r.skip()
		return Some("false")
	}
	return r.text()
}

// wantNothing reads past a value and notes it as unknown, unless it says "nothing".
func (r *reader) wantNothing() {
	depth := r.dec.StackDepth()
	switch r.kind() {
	case '{', '[':
		if !r.empty() && r.err == nil {
			r.leave(depth)
			r.unknown()
		}
	default:
		if text, _ := r.scalar(); len(text) > 0 {
			r.unknown()
		}
	}
}
