package qtickets

import "time"

// Query says which rows of a list to return (API notes, section 3). The zero Query is the first page in the
// server's own order and page size.
type Query struct {
	Where   []Condition // all of them must hold
	OrderBy []Sort      // always set when walking: the default order is up to the database
	Page    int         // 1-based; 0 means the first
	PerPage int         // the server may cap it; 0 leaves the size to the server
	Select  []string    // columns to return, dots reach relations; unsafe on orders (API notes, section 3.2)
	Dates   TimeFormat  // how time values of Where are written
}

// Condition is one filter. Operator "" is "="; others are =, !=, <, <=, >, >=, in, not in, null and
// not null, of which only =, null and not null are known to work (API notes, section 3.3).
//
// Value is an int, int64, bool, string, time.Time, or a slice of int64 for in and not in; null and
// not null take none.
type Condition struct {
	Column   string
	Operator string
	Value    any
}

// Sort orders by one column.
type Sort struct {
	Column string
	Desc   bool
}

// Asc sorts from the smallest value up.
func Asc(column string) Sort { return Sort{Column: column} }

// Desc sorts from the greatest value down.
func Desc(column string) Sort { return Sort{Column: column, Desc: true} }

// TimeFormat is one of the two formats a date filter may need; which one the API takes is not documented and
// must be proven by a probe (API notes, section 3.4).
type TimeFormat uint8

// The formats of a time in a filter.
const (
	DateOffset TimeFormat = iota // 2030-01-31T10:00:00+03:00
	DateMoscow                   // 2030-01-31 10:00:00, Moscow time
)

// moscow is fixed: it has had no clock changes since 2014, and filters never reach further back.
var moscow = time.FixedZone("MSK", 3*60*60)

func (f TimeFormat) write(t time.Time) string {
	if f == DateMoscow {
		return t.In(moscow).Format(time.DateTime)
	}
	return t.In(moscow).Format(time.RFC3339)
}

func (s Sort) direction() string {
	if s.Desc {
		return "desc"
	}
	return "asc"
}

// Encoding is how a query is sent (API notes, section 3.1).
type Encoding uint8

const (
	// JSONBody is the documented encoding: a JSON body of a GET.
	JSONBody Encoding = iota
	// BracketParams are URL parameters in PHP's bracket notation, for networks that strip the body of a GET.
	// They are proven for seats only, so responses need the same checks.
	BracketParams
)
