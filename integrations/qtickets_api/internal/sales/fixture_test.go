package sales_test

import (
	"embed"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

//go:embed testdata/orders
var orderFiles embed.FS

// orderText is an invented order from testdata/orders.
func orderText(t testing.TB, name string) string {
	t.Helper()
	text, err := fs.ReadFile(orderFiles, filepath.ToSlash(filepath.Join("testdata/orders", name+".json")))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func decode(t testing.TB, text string) qtickets.Order {
	t.Helper()
	order, err := qtickets.DecodeOrder([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return order
}

func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// at is an API timestamp; "" is null.
func at(text string) qtickets.Opt[time.Time] {
	if text == "" {
		return qtickets.Opt[time.Time]{}
	}
	return qtickets.Some(instant(text))
}

// when is the moment if it happened, else null.
func when(happened bool, moment string) qtickets.Opt[time.Time] {
	if !happened {
		return at("")
	}
	return at(moment)
}

// money is an amount as the API writes it; "" is null.
func money(text string) qtickets.Opt[qtickets.Money] {
	if text == "" {
		return qtickets.Opt[qtickets.Money]{}
	}
	var amount qtickets.Money
	if err := amount.UnmarshalText([]byte(text)); err != nil {
		panic(text)
	}
	return qtickets.Some(amount)
}

// fine is a part of a refund as the API writes it; "" is null.
func fine(text string) qtickets.Opt[qtickets.Fine] {
	if text == "" {
		return qtickets.Opt[qtickets.Fine]{}
	}
	var amount qtickets.Fine
	if err := amount.UnmarshalText([]byte(text)); err != nil {
		panic(text)
	}
	return qtickets.Some(amount)
}

// part is whole kopecks as a part of a refund.
func part(m qtickets.Opt[qtickets.Money]) qtickets.Opt[qtickets.Fine] {
	return qtickets.Opt[qtickets.Fine]{Value: qtickets.Fine(m.Value) * qtickets.FinePerKopeck, Valid: m.Valid}
}

func number(n int64) qtickets.Opt[int64] { return qtickets.Some(n) }

// ticket is a live ticket of the show 80001.
func ticket(id int64, price string) qtickets.Basket {
	return qtickets.Basket{ID: id, ShowID: number(80001), Price: money(price), TicketAmount: money(price),
		Quantity: number(1)}
}

// paid is a paid order of the event 70001 with these tickets.
func paid(tickets ...qtickets.Basket) qtickets.Order {
	order := qtickets.Order{
		ID:         5000001,
		EventID:    number(70001),
		Payed:      qtickets.Some(true),
		CurrencyID: qtickets.Some("RUB"),
		CreatedAt:  at("2030-05-01T12:00:00+03:00"),
		PayedAt:    at("2030-05-01T12:02:10+03:00"),
		Baskets:    tickets,
	}
	order.Price = qtickets.Some(qtickets.Money(0))
	for _, b := range tickets {
		order.Price.Value += b.Price.Value
	}
	return order
}

// refunded is a ticket with a refund.
func refunded(id int64, price, back, kept string) qtickets.Basket {
	b := ticket(id, price)
	b.TicketAmount = money("0")
	b.RefundedAt = at("2030-05-10T10:00:00+03:00")
	b.RefundedAmount, b.RefundedDeductionAmount = fine(back), fine(kept)
	return b
}

// says reports whether the text holds all the parts.
func says(text string, parts ...string) bool {
	for _, w := range parts {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func fromOrder(t rapid.TB, order qtickets.Order) sales.Order {
	t.Helper()
	row, err := sales.FromOrder(order, nil)
	if err != nil {
		t.Fatal(err)
	}
	return row
}
