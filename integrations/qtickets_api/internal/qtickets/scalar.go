package qtickets

import (
	"bytes"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// scalar reads a string, number or boolean as its text, valid until the next read. The text is
// empty when there is nothing, and when the row is invalid because the value is a collection.
func (r *reader) scalar() (text []byte, kind jsontext.Kind) {
	value := r.value()
	if r.err != nil {
		return nil, 0
	}
	switch kind = value.Kind(); kind {
	case '"':
		return r.unquote(value), kind
	case '{', '[':
		if len(bytes.Trim(value[1:len(value)-1], " \t\r\n")) > 0 {
			r.fail("cannot read a collection as a single value")
		}
		return nil, kind
	case 'n':
		return nil, kind
	}
	return value, kind
}

// unquote is the content of a JSON string, without a copy when nothing is escaped.
func (r *reader) unquote(value jsontext.Value) []byte {
	if bytes.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1]
	}
	// The decoder has accepted the string, so half a surrogate pair is all that can be wrong; it becomes U+FFFD.
	r.scratch, _ = jsontext.AppendUnquote(r.scratch[:0], value)
	return r.scratch
}

func (r *reader) integer() (o Opt[int64]) {
	text, kind := r.scalar()
	if len(text) == 0 {
		return o
	}
	n, ok := parseDecimal(text)
	if !ok || kind == 't' || kind == 'f' {
		r.failText(text, "an integer")
		return o
	}
	return Some(n)
}

func (r *reader) money() (o Opt[Money]) {
	text, _ := r.scalar()
	if len(text) == 0 {
		return o
	}
	if o.Value.UnmarshalText(text) != nil {
		r.failText(text, "money")
		return Opt[Money]{}
	}
	o.Valid = true
	return o
}

// fine reads an amount that may be a fraction of a kopeck.
func (r *reader) fine() (o Opt[Fine]) {
	text, _ := r.scalar()
	if len(text) == 0 {
		return o
	}
	if o.Value.UnmarshalText(text) != nil {
		r.failText(text, "money")
		return Opt[Fine]{}
	}
	o.Valid = true
	return o
}

func (r *reader) boolean() (o Opt[bool]) {
	text, _ := r.scalar()
	if len(text) == 0 {
		return o
	}
	switch string(text) {
	case "true", "1":
		return Some(true)
	case "false", "0":
		return Some(false)
	}
	r.fail("cannot read the value as yes or no")
	return o
}

// The instants the warehouse can store, with a margin of a day for every zone.
var (
	firstInstant = time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(2106, 2, 5, 0, 0, 0, 0, time.UTC)
)

// instant reads a timestamp. One without an offset names no instant and makes the row invalid (API
// notes, section 18, row 19), and so does one that a ClickHouse DateTime (1970 to 2106) would wrap.
func (r *reader) instant() (o Opt[time.Time]) {
	text, kind := r.scalar()
	if len(text) == 0 {
		return o
	}
	var t time.Time
	if kind != '"' || t.UnmarshalText(text) != nil || t.Before(firstInstant) || t.After(lastInstant) {
		if namesNoOffset(text) {
			r.offsets.Other++
		}
		r.failText(text, "a time with an offset")
		return o
	}
	if bytes.HasSuffix(text, []byte("+03:00")) {
		r.offsets.Moscow++
	} else {
		r.offsets.Other++
	}
	return Some(t.UTC())
}

// namesNoOffset recognises a time that would be one if it had an offset.
func namesNoOffset(text []byte) bool {
	for _, layout := range []string{time.DateTime, "2006-01-02T15:04:05"} {
		if _, err := time.Parse(layout, string(text)); err == nil {
			return true
		}
	}
	return false
}
