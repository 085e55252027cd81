package qtickets

import "github.com/go-json-experiment/json/jsontext"

// reader reads one JSON response in one pass. Three kinds of trouble are kept apart: err means that the text
// itself is broken (truncated, not JSON) and nothing more can be read; invalid means that a value was read
// but makes no sense, which affects only the current row; and where no figure needs the value (optional), it is
// unknown and its name is noted in unread. The first two keep the first occurrence, so decoding code needs no error
// handling of its own.
type reader struct {
	dec      *jsontext.Decoder
	err      error
	invalid  string // path inside the row and reason, "" when the row is valid
	unread   []string
	optional bool   // of the value being read
	key      []byte // the member name of the current value, until the next read
	depth    int    // nesting of the row, to cut its path out of the decoder's
	elements int    // of lists, kept so far
	most     int    // of them, if more than maxElements
	offsets  Offsets
	room     []Basket // empty: for the tickets of the next orders
	scratch  []byte
}

// startRow makes the next value a row of its own.
func (r *reader) startRow() {
	r.invalid, r.unread = "", r.unread[:0]
	r.depth = r.dec.StackDepth()
}

// once is the reader for an essential member, which may stand in its object but once: of two prices neither is sure.
// met are the members met so far, by a number the caller gives them.
func (r *reader) once(met *uint16, number int) *reader {
	if *met&(1<<number) != 0 {
		r.fail("stands twice")
	}
	*met |= 1 << number
	return r
}

// kind is the kind of the next value, 0 once the text is broken.
func (r *reader) kind() jsontext.Kind {
	if r.err != nil {
		return 0
	}
	return r.dec.PeekKind()
}

// token reads an opening or closing token or a member name.
func (r *reader) token() {
	if r.err == nil {
		_, r.err = r.dec.ReadToken()
	}
}

// value is the text of the next value, which is held as a whole: a single one, or something small.
func (r *reader) value() (text jsontext.Value) {
	if r.err == nil {
		text, r.err = r.dec.ReadValue()
	}
	return text
}

// skip reads past the next value without building anything from it, however large it is.
func (r *reader) skip() {
	if r.err == nil {
		r.err = r.dec.SkipValue()
	}
}

// leave reads the rest of a collection whose opening token was read at the given outer depth.
func (r *reader) leave(depth int) {
	for r.err == nil && r.dec.StackDepth() > depth {
		if k := r.dec.PeekKind(); k == '}' || k == ']' {
			r.token()
		} else {
			r.skip()
		}
	}
}

// empty consumes a value that says "nothing" in one of PHP's ways: null, "", [] or {} (API notes,
// section 1, rule 8). Otherwise it reports false: a collection is then already entered, anything
// else is not yet read.
func (r *reader) empty() bool {
	switch r.kind() {
	case 'n':
		r.skip()
		return r.err == nil
	case '{', '[':
		r.token()
		if k := r.kind(); k == '}' || k == ']' {
			r.token()
			return r.err == nil
		}
	}
	return false
}

// enterObject opens an object for nextKey. An empty value is consumed and reported as false, and so
// is anything that is not an object, which makes the row invalid.
func (r *reader) enterObject() bool {
	object := r.kind() == '{'
	depth := r.dec.StackDepth()
	if r.empty() {
		return false
	}
	if !object {
		r.reject(depth, "an object")
		return false
	}
	return r.err == nil
}

// nextKey moves to the next member of an object and sets key to its name; it reads the closing
// brace and reports false at the end.
func (r *reader) nextKey() bool {
	if r.kind() == '}' {
		r.token()
		return false
	}
	if r.err != nil {
		return false
	}
	name := r.value()
	if r.err != nil {
		return false
	}
	r.key = r.unquote(name)
	return true
}

// enterList opens an array, or an object used as one: PHP writes a list with gaps as an object.
func (r *reader) enterList() bool {
	k := r.kind()
	depth := r.dec.StackDepth()
	if r.empty() {
		return false
	}
	if k != '[' && k != '{' {
		r.reject(depth, "a list")
		return false
	}
	return r.err == nil
}

// nextItem moves to the next element of a list opened by enterList.
func (r *reader) nextItem() bool {
	switch r.kind() {
	case ']', '}':
		r.token()
		return false
	}
	if r.err != nil {
		return false
	}
	if kind, length := r.dec.StackIndex(r.dec.StackDepth()); kind == '{' && length%2 == 0 {
		r.token()
	}
	return r.err == nil
}

// reject consumes a value of an unexpected kind; depth is the nesting before it. An empty string is
// another "nothing".
func (r *reader) reject(depth int, wanted string) {
	if r.err != nil {
		return
	}
	if r.dec.StackDepth() > depth {
		r.leave(depth)
		r.fail("cannot read a collection as " + wanted)
		return
	}
	k := r.kind()
	if k == '"' {
		if text, _ := r.scalar(); len(text) == 0 {
			return
		}
	} else {
		r.skip()
	}
	r.fail("cannot read a " + kindName(k) + " as " + wanted)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '"':
		return "string"
	case '0':
		return "number"
	case 't', 'f':
		return "boolean"
	}
	return "value"
}
