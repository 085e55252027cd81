package format

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Int is a whole number with its thousands apart.
func (l Locale) Int(n int64) string { return l.digits(strconv.FormatInt(n, 10)) }

// digits dresses a plain decimal number, "-1234.50".
func (l Locale) digits(plain string) string {
	negative := strings.HasPrefix(plain, "-")
	integer, fraction, _ := strings.Cut(strings.TrimPrefix(plain, "-"), ".")
	group, point := ",", "."
	if l.ru() {
		group, point = nbsp, ","
	}
	var b strings.Builder
	if negative && strings.Trim(integer+fraction, "0") != "" {
		b.WriteString(minus)
	}
	for i, digit := range integer {
		if i > 0 && (len(integer)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(point + fraction)
	}
	return b.String()
}

// Number is a number with at most the given fraction digits, trailing zeros dropped.
func (l Locale) Number(d decimal.Decimal, fraction int32) string {
	s := d.StringFixed(fraction)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return l.digits(s)
}

// Percent writes a ratio: 0.642 is 64.2 %.
func (l Locale) Percent(ratio decimal.Decimal) string { return l.percent(ratio, 1) }

// PercentRounded is Percent without tenths, where they would only pretend to be exact.
func (l Locale) PercentRounded(ratio decimal.Decimal) string { return l.percent(ratio, 0) }

func (l Locale) percent(ratio decimal.Decimal, fraction int32) string {
	s := l.digits(ratio.Shift(2).StringFixed(fraction))
	if l.ru() {
		return s + nbsp + "%"
	}
	return s + "%"
}

// Change is a percentage that always shows its sign.
func (l Locale) Change(ratio decimal.Decimal) string {
	if ratio.Shift(2).Round(0).Sign() > 0 {
		return "+" + l.PercentRounded(ratio)
	}
	return l.PercentRounded(ratio)
}

var currencySigns = map[string]string{"RUB": "₽", "KZT": "₸", "USD": "$", "EUR": "€", "BYN": "Br"}

// Money is an amount to the kopeck.
func (l Locale) Money(d decimal.Decimal, currency string) string {
	return l.WithCurrency(l.digits(d.StringFixed(2)), currency)
}

// MoneyRounded is an amount rounded to whole units, for cards.
func (l Locale) MoneyRounded(d decimal.Decimal, currency string) string {
	return l.WithCurrency(l.digits(d.StringFixed(0)), currency)
}

// orders of magnitude: from where each is used, what it divides by.
var orders = []struct {
	least  int64
	by     int32
	ru, en string
}{{1e9, 9, "млрд", "bn"}, {1e6, 6, "млн", "m"}, {1e4, 3, "тыс.", "k"}}

// Short is a number of at most three or four figures and its order.
func (l Locale) Short(d decimal.Decimal) string {
	for _, o := range orders {
		if d.Abs().LessThan(decimal.NewFromInt(o.least)) {
			continue
		}
		d = d.Shift(-o.by)
		fraction := int32(1)
		if d.Abs().GreaterThanOrEqual(decimal.NewFromInt(100)) {
			fraction = 0
		}
		if l.ru() {
			return l.Number(d, fraction) + nbsp + o.ru
		}
		return l.Number(d, fraction) + o.en
	}
	return l.Number(d, 0)
}

// MoneyShort is an amount in whole units, in few characters from 100 000.
func (l Locale) MoneyShort(d decimal.Decimal, currency string) string {
	if d.Abs().LessThan(decimal.NewFromInt(100_000)) {
		return l.MoneyRounded(d, currency)
	}
	return l.WithCurrency(l.Short(d), currency)
}

// WithCurrency puts the sign of a currency to an amount that is written already.
func (l Locale) WithCurrency(amount, currency string) string {
	sign, known := currencySigns[currency]
	if !known {
		sign = currency
	}
	if sign == "" {
		return amount
	}
	if l.ru() {
		return amount + nbsp + sign
	}
	if !known || sign == "Br" {
		sign += nbsp
	}
	if rest, negative := strings.CutPrefix(amount, minus); negative {
		return minus + sign + rest
	}
	return sign + amount
}
