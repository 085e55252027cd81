package qtickets

import (
	"errors"
	"math"
)

// Fine is an amount in millionths of a kopeck. QTickets splits the amount of one refund over its tickets by their
// prices, so a ticket's part may be a fraction, 333.3333333333333, and only the parts together are whole kopecks
// (API notes, section 8). It holds up to ninety thousand million roubles; a larger amount is not read.
type Fine int64

// FinePerKopeck makes a Fine of whole kopecks: Fine(kopecks) * FinePerKopeck.
const FinePerKopeck Fine = millionth

// Money is the nearest kopeck, halves away from zero; exact tells that nothing was rounded.
func (f Fine) Money() (m Money, exact bool) {
	m, rest := Money(f/FinePerKopeck), f%FinePerKopeck
	switch {
	case rest >= FinePerKopeck/2:
		m++
	case rest <= -FinePerKopeck/2:
		m--
	}
	return m, rest == 0
}

// String writes whole kopecks as Money does, "900.00", and a finer amount with the decimals it has: "333.33333333".
func (f Fine) String() string { return string(f.append(nil)) }

// MarshalText writes the amount as String does.
func (f Fine) MarshalText() ([]byte, error) { return f.append(nil), nil }

// UnmarshalText reads a number of the JSON grammar. Decimals beyond the eighth are rounded, and PHP's float noise
// around a whole kopeck is taken off as Money does. A text that is no number or does not fit is an error.
func (f *Fine) UnmarshalText(text []byte) error {
	a, ok := parseAmount(text)
	const most = math.MaxInt64/millionth - 1
	if !ok || a.kopecks > most || a.kopecks < -most {
		return errors.New("not an amount, or too large")
	}
	*f = Fine(a.kopecks)*FinePerKopeck + Fine(a.millionths)
	return nil
}

func (f Fine) append(b []byte) []byte {
	rest := f % FinePerKopeck
	if f < 0 {
		b, rest = append(b, '-'), -rest
	}
	whole := Money(f / FinePerKopeck)
	if whole < 0 {
		whole = -whole
	}
	b = whole.append(b)
	for ; rest > 0; rest = rest * 10 % FinePerKopeck {
		b = append(b, byte('0'+rest*10/FinePerKopeck))
	}
	return b
}
