package qtickets

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func orderOf(t *testing.T, text string) Order {
	t.Helper()
	o, err := DecodeOrder([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// with replaces one member of a text, which must have it.
func with(t *testing.T, text, member, by string) string {
	t.Helper()
	if !strings.Contains(text, member) {
		t.Fatalf("%s is not in %s", member, text)
	}
	return strings.Replace(text, member, by, 1)
}

// A float as PHP prints it with 17 digits is the kopeck it was, wherever money stands.
func TestFault1_5_FloatNoise(t *testing.T) {
	t.Parallel()
	clean := orderOf(t, orderJSON(5000001, basketJSON(1)))
	noisy := orderJSON(5000001, basketJSON(1))
	for member, by := range map[string]string{
		`"original_price":"1000.00"`:    `"original_price":999.99999999999989`,
		`"event_id":70001,"price":900,`: `"event_id":70001,"price":900.0000000000001,`,
		`"ticket_amount":900`:           `"ticket_amount":899.99999999999977`,
		`"discount_value":100`:          `"discount_value":"100.00000000000001421"`,
	} {
		noisy = with(t, noisy, member, by)
	}
	if got := orderOf(t, noisy); string(got.CanonicalJSON()) != string(clean.CanonicalJSON()) {
		t.Errorf("noise changed the order:\n%s\n%s", got.CanonicalJSON(), clean.CanonicalJSON())
	}
	for text, want := range map[string]Money{"1000.1000000000000227": 100010, "599.999999999999": 60000} {
		b := orderOf(t, orderJSON(5000001, with(t, basketJSON(1), `"price":900`, `"price":`+text))).Baskets[0]
		if b.Price != Some(want) {
			t.Errorf("%s: %v", text, b.Price)
		}
	}
	for _, text := range []string{"10.505", "333.3333333333333", "599.9999"} { // not noise: nobody may round a price
		basket := with(t, basketJSON(1), `"price":900`, `"price":`+text)
		if _, err := DecodeOrder([]byte(orderJSON(5000001, basket))); err == nil {
			t.Errorf("the price %s was rounded", text)
		}
	}
}

// One refund split over three tickets: the parts are read as they are, and their sum is whole.
func TestFault1_5_PartsOfOneRefund(t *testing.T) {
	t.Parallel()
	basket := with(t, basketJSON(1), `"refunded_amount":null,"refunded_deduction_amount":null`,
		`"refunded_amount":333.3333333333333,"refunded_deduction_amount":"66.66666666666669"`)
	o := orderOf(t, orderJSON(5000001, basket))
	back, kept := o.Baskets[0].RefundedAmount, o.Baskets[0].RefundedDeductionAmount
	if !back.Valid || back.Value.String() != "333.33333333" || kept.Value.String() != "66.66666667" {
		t.Errorf("read as %s and %s", back.Value, kept.Value)
	}
	if m, exact := (back.Value + kept.Value).Money(); m != 40000 || !exact {
		t.Errorf("together %s, exact %v", m, exact)
	}
	if m, exact := back.Value.Money(); m != 33333 || exact {
		t.Errorf("alone %s, exact %v", m, exact)
	}
	if text := string(o.CanonicalJSON()); !strings.Contains(text,
		`"refunded_amount":"333.33333333","refunded_deduction_amount":"66.66666667"`) {
		t.Error(text)
	}
	checkRoundTrip(t, o)
}

// Whole kopecks keep the spelling that stored hashes are made of.
func TestFineSpelling(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"900": "900.00", "0": "0.00", "-5": "-5.00", "10.5": "10.50", "899.99999999999977": "900.00",
		"0.000000001": "0.00", "10.505": "10.505", "-0.005": "-0.005", "333.3333333333333": "333.33333333",
		"0.00333333": "0.00333333", "92233720368.53": "92233720368.53", "0.1250": "0.125",
	} {
		var f Fine
		if err := f.UnmarshalText([]byte(text)); err != nil || f.String() != want {
			t.Errorf("%s: %s, %v; want %s", text, f, err, want)
		}
	}
	for _, text := range []string{"92233720368.54", "-92233720368.54", "1e30", "92233720368547758.08", "x", ""} {
		var f Fine
		if err := f.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %s", text, f)
		}
	}
}

// The nearest kopeck, halves away from zero; exact when nothing was rounded.
func TestFineToMoney(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := Fine(rapid.Int64Range(-9e18, 9e18).Draw(t, "fine"))
		want := nearest(big.NewRat(int64(f), millionth)).Int64()
		if m, exact := f.Money(); int64(m) != want || exact != (int64(f)%millionth == 0) {
			t.Fatalf("%d: %d, exact %v; want %d", f, m, exact, want)
		}
	})
}
