package qtickets

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dashboard-mvp/integrations/qtickets_api/internal/corpus"
)

// parseMoney reads an amount as JSON decoders do.
func parseMoney(text string) (m Money, err error) {
	err = m.UnmarshalText([]byte(text))
	return m, err
}

func TestParseMoney(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"0": "0.00", "-0": "0.00", "900": "900.00", "10.5": "10.50", "10.50": "10.50", "-5": "-5.00", "0.01": "0.01",
		"-0.01": "-0.01", "1e3": "1000.00", "1E+3": "1000.00", "1.5e1": "15.00", "1250e-2": "12.50", "1000.000": "1000.00",
		"64.32": "64.32", "64.3200000000000000000000000": "64.32", "0e999999999999": "0.00", "0.000e-5": "0.00",
		"1" + strings.Repeat("0", 30) + "e-30": "1.00",
		"1000.1000000000000227":                "1000.10", "599.999999999999": "600.00", "277.199999999999989": "277.20",
		"-277.199999999999989": "-277.20", "0.00000000000001": "0.00", "1e-999999999999": "0.00",
		"1.9999999999999998e3": "2000.00",
		"4999999999.990000725": "4999999999.99", "99.99999999999999999999999999999999999999": "100.00",
		"92233720368547758.07": "92233720368547758.07", "-92233720368547758.08": "-92233720368547758.08",
	}
	for text, want := range good {
		if got, err := parseMoney(text); err != nil || got.String() != want {
			t.Errorf("parseMoney(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
	bad := []string{
		"1000.0001", "333.3333333333333", "599.9999", "92233720368547758.0799999999",
		"", " ", "abc", "NaN", "Infinity", "-", "+5", "1.", ".5", "1e", "1e+", "0x10", "1_000", "1 000", "1,5", "007", "-01",
		"1.2.3",
		"0.001", "10.505", "1e-3", "92233720368547758.08", "-92233720368547758.09", "1e17", "1e999999999999",
		"12a", "1e5.0",
	}
	for _, text := range bad {
		if got, err := parseMoney(text); err == nil {
			t.Errorf("parseMoney(%q) = %s, want an error", text, got)
		}
	}
}

func TestMoneyTravelsAsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := Money(rapid.Int64().Draw(t, "hundredths"))
		if got, err := parseMoney(want.String()); err != nil || got != want {
			t.Fatalf("%s came back as %s, %v", want, got, err)
		}
		text, err := json.Marshal(want)
		if err != nil || string(text) != `"`+want.String()+`"` {
			t.Fatalf("marshalled as %s, %v", text, err)
		}
		var got Money
		if err := json.Unmarshal(text, &got); err != nil || got != want {
			t.Fatalf("unmarshalled %s as %s, %v", text, got, err)
		}
	})
}

// Spelling a value with an exponent or with more zeros never changes it.
func TestMoneySpellings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := Money(rapid.Int64Range(-1e15, 1e15).Draw(t, "hundredths"))
		text := want.String() + strings.Repeat("0", rapid.IntRange(0, 25).Draw(t, "zeros"))
		text += rapid.SampledFrom([]string{"", "e0", "E-0", "e+00"}).Draw(t, "exponent")
		if got, err := parseMoney(text); err != nil || got != want {
			t.Fatalf("parseMoney(%q) = %s, %v", text, got, err)
		}
	})
}

// nearest is the nearest integer, halves away from zero.
func nearest(r *big.Rat) *big.Int {
	doubled := new(big.Int).Mul(r.Num(), big.NewInt(2))
	if r.Sign() < 0 {
		doubled.Sub(doubled, r.Denom())
	} else {
		doubled.Add(doubled, r.Denom())
	}
	return doubled.Quo(doubled, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
}

// FuzzParseMoney compares with arbitrary precision: what is a whole count of hundredths in range, but for float noise,
// is accepted, and nothing else is.
func FuzzParseMoney(f *testing.F) {
	for _, seed := range []string{"0", "10.50", "-5", "1e3", "1000.000", "0.001", "1e-3", "NaN", "92233720368547758.08",
		"1e9999", "00", "--1"} {
		f.Add(seed)
	}
	for _, kept := range corpus.Read(f, "FuzzParseMoney") {
		f.Add(kept[0])
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseMoney(text)
		if !json.Valid([]byte(text)) || strings.TrimSpace(text) != text || strings.IndexAny(text[:1], "-0123456789") != 0 {
			if err == nil {
				t.Fatalf("accepted %q, which is no JSON number", text)
			}
			return
		}
		if i := strings.IndexAny(text, "eE"); i >= 0 && len(text)-i > 5 {
			return // the reference would need gigabytes
		}
		exact, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("reference cannot read %q", text)
		}
		exact.Mul(exact, big.NewRat(100, 1))
		whole := nearest(exact)
		off := new(big.Rat).Sub(exact, new(big.Rat).SetInt(whole))
		off.Abs(off).Mul(off, big.NewRat(millionth, 1)) // millionths of a kopeck
		fits := off.Cmp(big.NewRat(2*noise+1, 2)) < 0 && whole.IsInt64()
		if fits != (err == nil) || fits && whole.Int64() != int64(got) {
			t.Fatalf("parseMoney(%q) = %s, %v; exact hundredths %s", text, got, err, exact)
		}
	})
}

func TestParseDecimalWholeNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"120": 120, "120.0": 120, "12e1": 120,
		"-9223372036854775808": math.MinInt64} {
		if got, ok := parseDecimal(text); !ok || got != want {
			t.Errorf("parseDecimal(%q) = %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{"1.5", "9223372036854775808", "1e19", ""} {
		if got, ok := parseDecimal(text); ok {
			t.Errorf("parseDecimal(%q) = %d, want none", text, got)
		}
	}
}
