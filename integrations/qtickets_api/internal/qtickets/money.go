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

// UnmarshalText reads a JSON number such as "900", "10.50", "-5", "1e3" or "1000.000". PHP's float noise is taken
// off ("1000.1000000000000227" is 1000.10, see noise); nothing else is rounded: a text that is not a decimal number,
// names a part of a kopeck, or does not fit is an error.
func (m *Money) UnmarshalText(text []byte) error {
	a, ok := parseAmount(text)
	if !ok || a.millionths != 0 {
		return errors.New("not an amount with at most two decimals")
	}
	*m = Money(a.kopecks)
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

// noise is how far from a whole kopeck, in millionths of it, an amount is still that kopeck. PHP's floats are off by
// at most a millionth of a rouble, this much, for ten thousand million roubles, and by far less for ordinary prices;
// the smallest true part, a kopeck shared by a thousand tickets, is ten times as large.
const noise = 100

const millionth = 1_000_000

// amount is a number as whole kopecks and millionths of one, both with its sign.
type amount struct{ kopecks, millionths int64 }

// parseAmount reads a number of the JSON grammar; what is below a millionth of a kopeck is rounded, and noise is taken
// off. It is not ok when the text is no such number or the kopecks do not fit.
func parseAmount[T ~string | ~[]byte](s T) (a amount, ok bool) {
	d, ok := scanDecimal(s)
	if !ok {
		return a, false
	}
	point := len(d.integer) + d.exponent + 2 // the digits before it are whole kopecks
	kopecks, ok := d.whole(point)
	if !ok {
		return a, false
	}
	millionths := int64(0)
	for i := range 6 {
		millionths = millionths*10 + int64(d.digit(point+i))
	}
	if d.digit(point+6) >= 5 {
		millionths++
	}
	switch {
	case millionths <= noise:
		millionths = 0
	case millionths >= millionth-noise:
		millionths = 0
		kopecks++
	}
	if d.negative {
		millionths = -millionths
	}
	a = amount{millionths: millionths}
	a.kopecks, ok = signed(kopecks, d.negative)
	return a, ok
}

// parseDecimal reads a number of the JSON grammar as an integer. It is not ok when the text is no such number, the
// value is not whole, or int64 is too small.
func parseDecimal[T ~string | ~[]byte](s T) (n int64, ok bool) {
	d, ok := scanDecimal(s)
	if !ok {
		return 0, false
	}
	point := len(d.integer) + d.exponent
	for i := max(point, 0); i < d.length(); i++ {
		if d.digit(i) != 0 {
			return 0, false
		}
	}
	magnitude, ok := d.whole(point)
	if !ok {
		return 0, false
	}
	return signed(magnitude, d.negative)
}

func signed(magnitude uint64, negative bool) (int64, bool) {
	switch {
	case negative && magnitude <= 1<<63:
		return -int64(magnitude), true
	case magnitude > math.MaxInt64:
		return 0, false
	}
	return int64(magnitude), true
}

// decimal is a number of the JSON grammar in its parts, digits as characters.
type decimal[T ~string | ~[]byte] struct {
	integer, fraction T
	exponent          int
	negative          bool
}

func (d *decimal[T]) length() int { return len(d.integer) + len(d.fraction) }

// digit is the i-th of all digits, and zero before the first and behind the last.
func (d *decimal[T]) digit(i int) byte {
	switch n := len(d.integer); {
	case i < 0 || i >= d.length():
		return 0
	case i < n:
		return d.integer[i] - '0'
	default:
		return d.fraction[i-n] - '0'
	}
}

// whole is the number that the first digits make; not ok beyond 1<<63.
func (d *decimal[T]) whole(digits int) (n uint64, ok bool) {
	for i := range max(digits, 0) {
		if n == 0 && i >= d.length() {
			return 0, true
		}
		if n > (1<<63)/10 {
			return 0, false
		}
		n = n*10 + uint64(d.digit(i))
	}
	return n, n <= 1<<63
}

// scanDecimal takes a number apart.
func scanDecimal[T ~string | ~[]byte](s T) (d decimal[T], ok bool) {
	if len(s) > 0 && s[0] == '-' {
		d.negative = true
		s = s[1:]
	}
	n := leadingDigits(s)
	if n == 0 || n > 1 && s[0] == '0' {
		return d, false // the grammar has no leading zeros
	}
	d.integer, s = s[:n], s[n:]
	if len(s) > 0 && s[0] == '.' {
		n = leadingDigits(s[1:])
		if n == 0 {
			return d, false
		}
		d.fraction, s = s[1:1+n], s[1+n:]
	}
	d.exponent, ok = parseExponent(s)
	return d, ok
}

func leadingDigits[T ~string | ~[]byte](s T) (n int) {
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
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
	if i == len(s) || leadingDigits(s[i:]) != len(s)-i {
		return 0, false
	}
	for ; i < len(s); i++ {
		// Beyond a million only "too big" or "too fine" can follow, whatever the digits.
		exponent = min(exponent*10+int(s[i]-'0'), 1_000_000)
	}
	return sign * exponent, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
