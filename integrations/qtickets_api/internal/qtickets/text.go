package qtickets

import (
	"bytes"
	"regexp"
)

// text reads a string; a number stands for its text ("payment_type_id" came both ways). An object is
// a map by language, of which Russian is preferred (API notes, section 9). Values are never quoted
// in errors, because a string may be anything.
func (r *reader) text() (o Opt[string]) {
	if r.kind() == '{' {
		return r.translated()
	}
	text, kind := r.scalar()
	if len(text) == 0 {
		return o
	}
	if kind == 't' || kind == 'f' {
		r.fail("cannot read a boolean as text")
		return o
	}
	return Some(string(text))
}

func (r *reader) translated() (o Opt[string]) {
	for ok := r.enterObject(); ok && r.nextKey(); {
		russian := string(r.key) == "ru"
		if k := r.kind(); k == '{' || k == '[' {
			r.skip()
			r.fail("cannot read a collection as text")
			continue
		}
		if t := r.text(); t.Valid && (russian || !o.Valid) {
			o = t
		}
	}
	return o
}

// utmKeys are the marks that are kept. The API passes any key on, and a site can put anything into one.
var utmKeys = map[string]bool{"utm_source": true, "utm_medium": true, "utm_campaign": true, "utm_content": true, "utm_term": true}

// marks reads UTM marks. They come from the buyer's address line, so nothing in them may cost the
// order: a mark that is no single value is left out, and personal data is scrubbed.
func (r *reader) marks() UTM {
	if k := r.kind(); k != '{' {
		r.skip()
		return nil
	}
	var utm UTM
	for ok := r.enterObject(); ok && r.nextKey(); {
		key := string(r.key)
		if k := r.kind(); k == '{' || k == '[' || !utmKeys[key] {
			r.skip()
			continue
		}
		value, _ := r.scalar()
		if len(value) == 0 {
			continue
		}
		if utm == nil {
			utm = make(UTM, 4)
		}
		utm[key] = string(scrub(value))
	}
	return utm
}

// scrubbed is text for the few fields people type themselves.
func (r *reader) scrubbed() Opt[string] {
	o := r.text()
	if o.Valid {
		o.Value = string(scrub([]byte(o.Value)))
	}
	return o
}

// name is text that nothing depends on: what cannot be read is left out and costs nothing else.
func (r *reader) name() (o Opt[string]) {
	if k := r.kind(); k != '"' && k != '{' {
		r.skip()
		return o
	}
	had := r.bad
	o = r.scrubbed()
	r.bad = had
	return o
}

// The first two patterns also know the percent-encoded forms of "@", "." and "+", because a mark may be a piece of an
// address line. Bare digits are campaign ids as a rule, so without a plus only a Russian mobile number is a phone, and
// a card number must have sixteen digits and the right check digit.
var (
	emailPattern  = regexp.MustCompile(`[^\s@,;:|/?&=<>"'()]+(?:@|%40)[^\s@,;:|/?&=<>"'()]+(?:\.|%2[eE])[^\s@,;:|/?&=<>"'()]+`)
	phonePattern  = regexp.MustCompile(`(?:\+|%2[bB])[\s().-]*\d(?:[\s().-]*\d){9,}`)
	digitsPattern = regexp.MustCompile(`\d{11,}`)
)

// scrub replaces e-mails, phone numbers and card numbers by "[email]", "[phone]" and "[card]".
func scrub(text []byte) []byte {
	if bytes.IndexByte(text, '@') >= 0 || bytes.IndexByte(text, '+') >= 0 || bytes.IndexByte(text, '%') >= 0 {
		text = emailPattern.ReplaceAll(text, []byte("[email]"))
		text = phonePattern.ReplaceAll(text, []byte("[phone]"))
	}
	if len(text) < 11 {
		return text
	}
	return digitsPattern.ReplaceAllFunc(text, func(run []byte) []byte {
		switch {
		case len(run) == 11 && (run[0] == '7' || run[0] == '8') && run[1] == '9':
			return []byte("[phone]")
		case len(run) == 16 && run[0] >= '2' && run[0] <= '6' && checksOut(run):
			return []byte("[card]")
		}
		return run
	})
}

// checksOut is the Luhn test.
func checksOut(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		n := int(d - '0')
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
