package qtickets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Page is one page of a list.
type Page[T any] struct {
	Rows       []T
	Invalid    []InvalidRow // rows that make no sense; the others are unaffected
	Paging     Paging
	ObservedAt time.Time // UTC, when the request was sent: the version that wins
	Offsets    Offsets
	unread     []string // of all its rows, see Order.Unread
}

// Offsets is how many times of a page were written with which offset (API notes, section 15).
type Offsets struct {
	Moscow int // +03:00
	Other  int // another, or none
}

// Paging is the server's view of the list (API notes, section 4). For a response that has none and is
// complete (color-themes) it describes the single page.
type Paging struct {
	PerPage     int   // what the server really uses, whatever was asked
	CurrentPage int   // 1-based
	Total       int64 // rows matching the filter, not pages; grows while one reads
}

// Last reports whether no page follows this one.
func (p Paging) Last() bool { return int64(p.CurrentPage)*int64(p.PerPage) >= p.Total }

// InvalidRow is a row that makes no sense. Reason names the path and never holds text that may be personal;
// ID is 0 when even that was unreadable.
type InvalidRow struct {
	ID     int64
	Reason string
}

// listRow is a row type that can be decoded and checked.
type listRow[T any] interface {
	*T
	row
	decodable
}

// decodable is a row that can be read.
type decodable interface {
	rowID() int64
	decode(*reader)
	setUnread(names []string)
}

// newDecoder reads one response. A bad byte, half a surrogate pair or a repeated name must not take a whole page along
// for a member that nobody reads; where a repeated one matters, its row is refused (reader.once).
func newDecoder(text io.Reader) *jsontext.Decoder {
	return jsontext.NewDecoder(text, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// decodePage reads {data, paging} in one pass. feed names the rows in reasons: "orders".
func decodePage[T any, P listRow[T]](dec *jsontext.Decoder, feed string, unpaged bool) (Page[T], error) {
	r := reader{dec: dec}
	var page Page[T]
	var data, paging, twice bool
	if r.kind() != '{' {
		return page, r.unexpected("not a JSON object")
	}
	for ok := r.enterObject(); ok && r.nextKey(); {
		switch string(r.key) {
		case "data":
			twice = twice || data
			if data = r.kind() == '[' || r.kind() == '{'; data {
				decodeRows[T, P](&r, feed, &page)
			} else {
				r.skip()
			}
		case "paging":
			twice = twice || paging
			paging = r.paging(&page.Paging)
		default:
			r.skip()
		}
	}
	switch err := r.end(); {
	case err != nil:
		return page, err
	case twice:
		return Page[T]{}, fmt.Errorf("%w: data or paging stands twice", ErrUnexpected)
	case !data:
		return page, fmt.Errorf("%w: no list in data", ErrUnexpected)
	case !paging && !unpaged:
		return page, fmt.Errorf("%w: no paging", ErrUnexpected)
	}
	if !paging {
		n := len(page.Rows) + len(page.Invalid)
		page.Paging = Paging{PerPage: max(n, 1), CurrentPage: 1, Total: int64(n)}
	}
	return page, nil
}

func decodeRows[T any, P listRow[T]](r *reader, feed string, page *Page[T]) {
	for ok := r.enterList(); ok && r.nextItem(); {
		r.keep()
		if page.Rows == nil {
			page.Rows = make([]T, 0, usualRows)
		}
		page.Rows = append(page.Rows, *new(T))
		row := P(&page.Rows[len(page.Rows)-1])
		index := len(page.Rows) + len(page.Invalid) - 1
		invalid := decodeRow(r, feed, index, row)
		for _, name := range r.unread {
			if !slices.Contains(page.unread, name) {
				page.unread = append(page.unread, name)
			}
		}
		if invalid != nil {
			page.Rows = page.Rows[:len(page.Rows)-1]
			page.Invalid = append(page.Invalid, *invalid)
		}
	}
	page.Offsets = r.offsets
	if r.err != nil {
		page.Rows = nil
	}
}

// decodeRow reads one row and returns what is wrong with it, or nil.
func decodeRow(r *reader, feed string, index int, row decodable) *InvalidRow {
	r.startRow()
	row.decode(r)
	if len(r.unread) > 0 {
		slices.Sort(r.unread)
		row.setUnread(slices.Clone(slices.Compact(r.unread)))
	}
	id := row.rowID()
	if id == 0 {
		r.fail("the row has no id")
	}
	if r.invalid == "" {
		return nil
	}
	name := fmt.Sprintf("%s[#%d]", feed, index)
	if id != 0 {
		name = fmt.Sprintf("%s[%d]", feed, id)
	}
	return &InvalidRow{ID: id, Reason: name + r.invalid}
}

// paging reads the envelope's counters and reports whether they make sense together.
func (r *reader) paging(p *Paging) bool {
	if r.kind() != '{' {
		r.skip()
		return false
	}
	r.startRow()
	var perPage, current, total Opt[int64]
	for ok := r.enterObject(); ok && r.nextKey(); {
		switch string(r.key) {
		case "perPage":
			perPage = r.integer()
		case "currentPage":
			current = r.integer()
		case "total":
			total = r.integer()
		default:
			r.skip()
		}
	}
	const most = 1 << 30 // more makes no sense, and less keeps page arithmetic inside int64
	inRange := func(n Opt[int64], least int64) bool { return n.Valid && n.Value >= least && n.Value <= most }
	if !inRange(perPage, 1) || !inRange(current, 1) || !inRange(total, 0) {
		return false
	}
	*p = Paging{PerPage: int(perPage.Value), CurrentPage: int(current.Value), Total: total.Value}
	return true
}

// unexpected is the error for JSON of another form than documented. A broken text comes first, because its
// form is unknown.
func (r *reader) unexpected(why string) error {
	r.skip()
	if err := r.end(); err != nil {
		return err
	}
	return fmt.Errorf("%w: %s", ErrUnexpected, why)
}

// end checks that the text is complete and that nothing follows it.
func (r *reader) end() error {
	if r.err == nil && r.dec.PeekKind() != 0 {
		return fmt.Errorf("%w: unexpected text after the end", ErrTruncated)
	}
	if r.err == nil {
		if _, r.err = r.dec.ReadToken(); errors.Is(r.err, io.EOF) {
			return nil
		}
	}
	if limit := (*limitError)(nil); errors.As(r.err, &limit) {
		return limit
	}
	return fmt.Errorf("%w: at byte %d", ErrTruncated, r.dec.InputOffset())
}

// decodeDetail reads {data} of one order.
func decodeDetail(dec *jsontext.Decoder) (o Order, invalid *InvalidRow, err error) {
	r := reader{dec: dec}
	if r.kind() != '{' {
		return o, nil, r.unexpected("not a JSON object")
	}
	var data, twice bool
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) != "data" || r.kind() != '{' {
			r.skip()
			continue
		}
		twice = data
		data = true
		invalid = decodeRow(&r, "orders", 0, &o)
	}
	if err := r.end(); err != nil {
		return Order{}, nil, err
	}
	if !data || twice {
		return Order{}, nil, fmt.Errorf("%w: no object in data, or two", ErrUnexpected)
	}
	return o, invalid, nil
}

// DecodeOrder reads one order from its own JSON object, as a webhook delivers it (API notes,
// section 14) or as CanonicalJSON wrote it. An invalid order is an error naming the path.
func DecodeOrder(text []byte) (Order, error) {
	var o Order
	r := reader{dec: newDecoder(bytes.NewReader(text))}
	invalid := decodeRow(&r, "orders", 0, &o)
	if err := r.end(); err != nil {
		return Order{}, err
	}
	if invalid != nil {
		return Order{}, fmt.Errorf("decode order: %s", invalid.Reason)
	}
	return o, nil
}
