package dashboard

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Signs of both languages. Figures never break off their unit.
const (
	nbsp    = "\u00a0"
	minus   = "\u2212"
	unknown = "—"
)

// format writes figures for people in one language. All of them are made here: scripts get ready text.
type format struct{ lang string }

func (f format) ru() bool { return f.lang == "ru" }

// Int is a whole number with its thousands apart.
func (f format) Int(n int64) string { return f.digits(strconv.FormatInt(n, 10)) }

// digits dresses a plain decimal number, "-1234.50".
func (f format) digits(plain string) string {
	negative := strings.HasPrefix(plain, "-")
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(plain, "-"), ".")
	group, point := ",", "."
	if f.ru() {
		group, point = nbsp, ","
	}
	var b strings.Builder
	if negative && strings.Trim(whole+fraction, "0") != "" {
		b.WriteString(minus)
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
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
func (f format) Number(d decimal.Decimal, fraction int32) string {
	s := d.StringFixed(fraction)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return f.digits(s)
}

// Percent writes a ratio: 0.642 is 64.2 %.
func (f format) Percent(ratio decimal.Decimal) string { return f.percent(ratio, 1) }

// PercentWhole is Percent without tenths, where they would only pretend to be exact.
func (f format) PercentWhole(ratio decimal.Decimal) string { return f.percent(ratio, 0) }

func (f format) percent(ratio decimal.Decimal, fraction int32) string {
	s := f.digits(ratio.Shift(2).StringFixed(fraction))
	if f.ru() {
		return s + nbsp + "%"
	}
	return s + "%"
}

// Change is a percentage that always shows its sign.
func (f format) Change(ratio decimal.Decimal) string {
	if ratio.Shift(2).Round(0).Sign() > 0 {
		return "+" + f.PercentWhole(ratio)
	}
	return f.PercentWhole(ratio)
}

var currencySigns = map[string]string{"RUB": "₽", "KZT": "₸", "USD": "$", "EUR": "€", "BYN": "Br"}

// Money is an amount to the kopeck.
func (f format) Money(d decimal.Decimal, currency string) string {
	return f.withCurrency(f.digits(d.StringFixed(2)), currency)
}

// MoneyWhole is an amount in whole units, for cards.
func (f format) MoneyWhole(d decimal.Decimal, currency string) string {
	return f.withCurrency(f.digits(d.StringFixed(0)), currency)
}

// MoneyShort is an amount for a heading or an axis: 1.2 million.
func (f format) MoneyShort(d decimal.Decimal, currency string) string {
	return f.withCurrency(f.Short(d), currency)
}

// orders of magnitude: from where each is used, what it divides by.
var orders = []struct {
	least  int64
	by     int32
	ru, en string
}{{1e9, 9, "млрд", "bn"}, {1e6, 6, "млн", "m"}, {1e4, 3, "тыс.", "k"}}

// Short is a number of at most three or four figures and its order.
func (f format) Short(d decimal.Decimal) string {
	for _, o := range orders {
		if d.Abs().LessThan(decimal.NewFromInt(o.least)) {
			continue
		}
		d = d.Shift(-o.by)
		fraction := int32(1)
		if d.Abs().GreaterThanOrEqual(decimal.NewFromInt(100)) {
			fraction = 0
		}
		if f.ru() {
			return f.Number(d, fraction) + nbsp + o.ru
		}
		return f.Number(d, fraction) + o.en
	}
	return f.Number(d, 0)
}

func (f format) withCurrency(amount, currency string) string {
	sign, known := currencySigns[currency]
	if !known {
		sign = currency
	}
	if sign == "" {
		return amount
	}
	if f.ru() {
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

// plural chooses a form: one, few, many in Russian; one, other in English.
func (f format) plural(n int64, forms []string) string {
	n = max(n, -n)
	pick := 0
	switch {
	case !f.ru():
		if n != 1 {
			pick = 1
		}
	case n%100 >= 11 && n%100 <= 14, n%10 == 0, n%10 >= 5:
		pick = 2
	case n%10 != 1:
		pick = 1
	}
	return forms[min(pick, len(forms)-1)]
}

// Duration is how long something took.
func (f format) Duration(d time.Duration) string {
	units := []string{"ms", "s", "min", "h", "d"}
	if f.ru() {
		units = []string{"мс", "с", "мин", "ч", "дн."}
	}
	unit := func(x decimal.Decimal, u int) string { return f.Number(x, 1) + nbsp + units[u] }
	whole := func(n time.Duration, u int) string { return unit(decimal.NewFromInt(int64(n)), u) }
	two := func(d, big, small time.Duration, u int) string {
		s := whole(d/big, u)
		if rest := d % big / small; rest > 0 {
			s += nbsp + whole(rest, u-1)
		}
		return s
	}
	switch {
	case d < time.Second:
		return whole(d/time.Millisecond, 0)
	case d < time.Minute:
		return unit(decimal.New(d.Milliseconds(), -3), 1)
	case d < time.Hour:
		return two(d.Round(time.Second), time.Minute, time.Second, 2)
	case d < 48*time.Hour:
		return two(d.Round(time.Minute), time.Hour, time.Minute, 3)
	default:
		return two(d.Round(time.Hour), 24*time.Hour, time.Hour, 4)
	}
}
