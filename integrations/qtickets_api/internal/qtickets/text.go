package qtickets

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

// utmKeys are the parameters that are kept. The API passes any key on, and a site can put anything into one.
var utmKeys = map[string]bool{
	"utm_source": true, "utm_medium": true, "utm_campaign": true, "utm_content": true, "utm_term": true,
}

// utm reads UTM parameters. They come from the buyer's address line, so nothing in them may make the order
// invalid: a parameter that is not a single value is left out, and personal data is redacted.
func (r *reader) utm() UTM {
	if k := r.kind(); k != '{' {
		r.skip()
		return nil
	}
	var params UTM
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
		if params == nil {
			params = make(UTM, 4)
		}
		params[key] = string(redact(value))
	}
	return params
}

// redacted reads one of the few fields that people type themselves.
func (r *reader) redacted() Opt[string] {
	o := r.text()
	if o.Valid {
		o.Value = string(redact([]byte(o.Value)))
	}
	return o
}

// name reads text that nothing depends on: what cannot be read is left out and does not invalidate the row.
func (r *reader) name() (o Opt[string]) {
	if k := r.kind(); k != '"' && k != '{' {
		r.skip()
		return o
	}
	before := r.invalid
	o = r.redacted()
	r.invalid = before
	return o
}
