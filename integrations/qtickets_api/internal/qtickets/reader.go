package qtickets

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

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
	scratch  []byte
}

// startRow makes the next value a row of its own.
func (r *reader) startRow() {
	r.invalid, r.unread = "", r.unread[:0]
	r.depth = r.dec.StackDepth()
}

// fail marks the current row invalid, with the path of the value just read; an optional value is noted instead.
func (r *reader) fail(reason string) {
	switch {
	case r.optional:
		r.unknown()
	case r.invalid == "" && r.err == nil:
		r.invalid = r.path(true) + ": " + reason
	}
}

// unknown notes that the value just read is not known.
func (r *reader) unknown() {
	if r.err == nil {
		r.note(strings.TrimPrefix(r.path(false), "."))
	}
}

func (r *reader) note(name string) {
	if !slices.Contains(r.unread, name) {
		r.unread = append(r.unread, name)
	}
}

// path is where the value just read stands in its row. A key that the program does not know may be anything, an e-mail
// even, and so may a long number, so neither is named.
func (r *reader) path(indices bool) string {
	var path strings.Builder
	skip := r.depth
	for token := range r.dec.StackPointer().Tokens() {
		if skip--; skip >= 0 {
			continue
		}
		switch _, err := strconv.ParseUint(token, 10, 16); {
		case memberNames[token]:
			path.WriteString("." + token)
		case !indices:
		case err == nil:
			path.WriteString("[" + token + "]")
		default:
			path.WriteString("[?]")
		}
	}
	return path.String()
}

// memberNames are those that are read. They may be named in reasons and in what an order lists as unread.
var memberNames = setOf(`id event_id site_id client_id payed reserved reserve_extended payment_type_id discount_id
	promo_code_id price original_price currency_id utm baskets refunds primary_orders secondary_orders created_at
	updated_at payed_at reserved_to deleted_at utm_source utm_medium utm_campaign utm_content utm_term show_id seat_id
	seat_name ticket_original_price discount_value ticket_amount service_fee_amount multiprice_code quantity
	related_baskets services refunded_amount refunded_deduction_amount checked_at refunded_at is_active name place_name
	age city timezone shows sale_start_date sale_finish_date open_date start_date finish_date min_price max_price
	default_price type active_from active_to code max_uses_count color seats zone_id root_id admission disabled
	max_quantity free_quantity ordered_quantity payed_quantity in_basket_quantity unread`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
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

// quotable are short amounts, flags and timestamps. Anything else could be a name, a phone or a barcode
// in the wrong column.
var quotable = regexp.MustCompile(`^([-+]?(\d{1,7}|\d{1,5}[.,]\d\d?|\d{1,4}[.,]\d{3})|true|false|` +
	`-?\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[-+]\d\d:\d\d)?)?)$`)

// failText marks the row invalid for a value where a number or a time belongs, quoting it only when it
// cannot be personal.
func (r *reader) failText(text []byte, as string) {
	what := fmt.Sprintf("a text of %d characters", utf8.RuneCount(text))
	if quotable.Match(text) {
		what = strconv.Quote(string(text))
	}
	r.fail(fmt.Sprintf("cannot read %s as %s", what, as))
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

// skip reads past the next value without building anything from it.
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
	name, err := r.dec.ReadValue()
	if err != nil {
		r.err = err
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

// How many rows, tickets and shows one response may hold together, and how many seats: twice the largest halls with all
// their tariffs. The text of an element may be far smaller than what becomes of it.
const (
	maxElements = 50_000
	maxSeats    = 500_000
)

// keep counts an element that will stay in memory.
func (r *reader) keep() {
	most := max(r.most, maxElements)
	if r.elements++; r.elements > most && r.err == nil {
		r.err = &limitError{fmt.Sprintf("more than %d rows, tickets or seats", most)}
	}
}

// listOf reads the elements of a list, at most as many as make sense; more make the row invalid, as does one without
// its id.
func listOf[T any, P interface {
	*T
	decode(*reader)
	rowID() int64
}](r *reader, most int, what string) []T {
	var list []T
	n := 0
	for ok := r.enterList(); ok && r.nextItem(); {
		if n++; n > most {
			list = nil
			r.skip()
			continue
		}
		r.keep()
		list = append(list, *new(T))
		element := P(&list[len(list)-1])
		element.decode(r)
		if element.rowID() == 0 {
			r.fail("the " + what + " has no id")
		}
	}
	if n > most {
		r.fail(fmt.Sprintf("more than %d %ss", most, what))
	}
	return list
}
