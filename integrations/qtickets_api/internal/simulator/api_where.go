package simulator

import (
	"strconv"
	"strings"
	"time"
)

// dateReading is how the server understands a moment in "value"; nothing documents it (section 3.4).
type dateReading string

const (
	// dateBoth reads "2030-01-31T10:00:00+03:00" and "2030-01-31 10:00:00" (Moscow).
	dateBoth dateReading = "both"
	// dateISO and dateSpace read one form and throw at the other.
	dateISO   dateReading = "iso"
	dateSpace dateReading = "space"
	// dateNaive reads both, but takes the digits for Moscow time and ignores the offset.
	dateNaive dateReading = "naive"
)

// test is a condition bound to a column's kind.
type test struct {
	column, operator string
	values           []cell
	accepts          [3]bool // of a comparison: below the value, equal to it, above it
}

// comparisons are the operators that compare with one value, and what they accept.
var comparisons = map[string][3]bool{
	"<": {true, false, false}, "<=": {true, true, false}, "=": {false, true, false}, "!=": {true, false, true},
	">=": {false, true, true}, ">": {false, false, true},
}

// bind prepares a condition; errThrown for an unknown column, operator or unreadable value.
func (c condition) bind(columns map[string]cellKind, dates dateReading) (test, error) {
	kind, ok := columns[c.column]
	if !ok {
		return test{}, errThrown
	}
	t := test{column: c.column, operator: c.operator}
	switch c.operator {
	case "null", "not null":
		return t, nil
	case "in", "not in":
		if c.value == nil || c.value.kind != '[' && c.value.kind != '{' {
			return t, errThrown
		}
		for _, v := range c.value.children {
			bound, err := bindValue(v, kind, dates)
			if err != nil {
				return t, err
			}
			t.values = append(t.values, bound)
		}
		return t, nil
	}
	accepts, known := comparisons[c.operator]
	if !known {
		return t, errThrown
	}
	bound, err := bindValue(c.value, kind, dates)
	t.values, t.accepts = []cell{bound}, accepts
	return t, err
}

func bindValue(v *node, kind cellKind, dates dateReading) (cell, error) {
	if v == nil || v.kind == 'n' {
		return cell{}, nil
	}
	if v.kind == '{' || v.kind == '[' {
		return cell{}, errThrown
	}
	text := v.text
	switch kind {
	case cellInt:
		if text == "true" || text == "false" {
			return boolCell(text == "true"), nil
		}
		// The database casts what it cannot read to 0, as PHP does with ids.
		n, _ := strconv.ParseInt(text, 10, 64)
		return intCell(n), nil
	case cellMoney:
		f, _ := strconv.ParseFloat(text, 64)
		return moneyCell(int64(f*100 + 0.5)), nil
	case cellMoment:
		return readDate(text, dates)
	}
	return stringCell(text), nil
}

func readDate(text string, dates dateReading) (cell, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil && dates != dateSpace {
		if dates == dateNaive {
			_, offset := at.Zone()
			return momentCell(at.Unix() + int64(offset) - moscowOffset), nil
		}
		return momentCell(at.Unix()), nil
	}
	if dates == dateISO {
		return cell{}, errThrown
	}
	for _, layout := range []string{time.DateTime, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return momentCell(at.Unix() - moscowOffset), nil
		}
	}
	return cell{}, errThrown
}

// matches follows SQL: a null on either side satisfies only "null".
func (t *test) matches(r row) bool {
	c := r.cell(t.column)
	if t.accepts != [3]bool{} {
		return c.kind != cellNull && t.values[0].kind != cellNull && t.accepts[1+compareCells(c, t.values[0])]
	}
	switch t.operator {
	case "null":
		return c.kind == cellNull
	case "not null":
		return c.kind != cellNull
	case "in":
		return c.kind != cellNull && t.contains(c)
	}
	return c.kind != cellNull && !t.contains(c)
}

func (t *test) contains(c cell) bool {
	for _, v := range t.values {
		if v.kind != cellNull && compareCells(c, v) == 0 {
			return true
		}
	}
	return false
}

// compareCells orders nulls first, as the database does; strings compare without case.
func compareCells(a, b cell) int {
	switch {
	case a.kind == cellNull || b.kind == cellNull:
		return int(min(a.kind, 1)) - int(min(b.kind, 1))
	case a.kind == cellString:
		return strings.Compare(strings.ToLower(a.s), strings.ToLower(b.s))
	case a.n < b.n:
		return -1
	case a.n > b.n:
		return 1
	}
	return 0
}
