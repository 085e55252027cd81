package qtickets

import (
	"errors"
	"math"
	"strconv"
)

// Money is an amount in hundredths of its order's currency unit (kopecks for RUB). It is read from
// the JSON text digit by digit and never passes through a float, so 64.32 stays 64.32. Amounts of
// different currencies must not be added; the type cannot know.
type Money int64

// String writes the amount with exactly two decimals and no thousands separator: "11397.00".
func (m Money) String() string { return string(m.append(nil)) }

// MarshalText writes the amount as String does; in JSON it is therefore a string, "11397.00", which
// no reader can turn into a float by accident.
func (m Money) MarshalText() ([]byte, error) { return m.append(nil), nil }

// UnmarshalText reads a JSON number such as "900", "10.50", "-5", "1e3" or "1000.000". A text that is not a
// decimal number, has more than two significant decimals, or does not fit is an error: nothing is rounded.
func (m *Money) UnmarshalText(text []byte) error {
	n, ok := parseDecimal(text, 2)
	if !ok {
		return errors.New("not an amount with at most two decimals")
	}
	*m = Money(n)
	return nil
}

func (m Money) append(b []byte) []byte {
	u := uint64(m)
	if m < 0 {
		b = append(b, '-')
		u = -u
	}
	b = strconv.AppendUint(b, u/100, 10)
	return append(b, '.', byte('0'+u/10%10), byte('0'+u%10))
}

// parseDecimal reads a number of the JSON grammar as an integer count of 10^-scale units. It is not
// ok when the text is no such number, the value is not a whole count of units, or int64 is too small.
func parseDecimal[T ~string | ~[]byte](s T, scale int) (n int64, ok bool) {
	i, negative := 0, false
	if i < len(s) && s[i] == '-' {
		negative = true
		i++
	}
	if i+1 < len(s) && s[i] == '0' && isDigit(s[i+1]) {
		return 0, false // the grammar has no leading zeros
	}
	d := digits{}
	integer := i
	for ; i < len(s) && isDigit(s[i]); i++ {
		d.add(s[i])
	}
	if i == integer {
		return 0, false
	}
	if i < len(s) && s[i] == '.' {
		i++
		fraction := i
		for ; i < len(s) && isDigit(s[i]); i++ {
			d.add(s[i])
		}
		if i == fraction {
			return 0, false
		}
		scale -= i - fraction
	}
	exponent, ok := parseExponent(s[i:])
	if !ok || d.overflow {
		return 0, false
	}
	return d.scaled(scale+exponent, negative)
}

// parseExponent reads the rest of a number after its digits: nothing, or e and an integer.
func parseExponent[T ~string | ~[]byte](s T) (exponent int, ok bool) {
	if len(s) == 0 {
		return 0, true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return 0, false
	}
	i, sign := 1, 1
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		if s[i] == '-' {
			sign = -1
		}
		i++
	}
	if i == len(s) {
		return 0, false
	}
	for ; i < len(s); i++ {
		if !isDigit(s[i]) {
			return 0, false
		}
		// Beyond a million only "too big" or "too fine" can follow, whatever the digits.
		exponent = min(exponent*10+int(s[i]-'0'), 1_000_000)
	}
	return sign * exponent, true
}

// digits is a decimal significand without its trailing zeros, so that 1000.000 needs no precision.
type digits struct {
	value    uint64
	zeros    int // trailing zeros seen and not yet part of value
	overflow bool
}

func (d *digits) add(c byte) {
	if c == '0' {
		if d.value != 0 {
			d.zeros++
		}
		return
	}
	for ; d.zeros >= 0 && !d.overflow; d.zeros-- {
		d.times10()
	}
	d.zeros = 0
	d.value += uint64(c - '0')
	d.overflow = d.overflow || d.value > 1<<63
}

func (d *digits) times10() {
	if d.value > math.MaxInt64/10 {
		d.overflow = true
		return
	}
	d.value *= 10
}

// scaled is value * 10^(zeros+shift) as an int64.
func (d *digits) scaled(shift int, negative bool) (int64, bool) {
	if d.value == 0 {
		return 0, true
	}
	shift += d.zeros
	if shift < 0 { // value does not end in zero, so digits would be lost
		return 0, false
	}
	for ; shift > 0 && !d.overflow; shift-- {
		d.times10()
	}
	switch {
	case d.overflow, d.value > math.MaxInt64 && !negative:
		return 0, false
	case negative:
		return -int64(d.value), true
	}
	return int64(d.value), true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
