package sales_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// The sample of the API notes (section 7.4) as the warehouse gets it.
func TestSampleOrder(t *testing.T) {
	t.Parallel()
	got := fromOrder(t, decode(t, orderText(t, "paid")))
	got.PayloadJSON, got.ContentHash = nil, 0 // their own tests below
	ptr := func(n uint64) *uint64 { return &n }
	created, updated, payed, reserved := instant("2030-05-01T09:00:00Z"), instant("2030-05-01T09:02:15Z"),
		instant("2030-05-01T09:02:10Z"), instant("2030-05-02T09:00:00Z")
	want := sales.Order{
		OrderID: 5000001, EventID: 70001, SiteID: 7, SiteHost: "tickets.example", CurrencyID: "RUB", PaymentTypeID: "card",
		DiscountID: ptr(501), PromoCodeID: ptr(90001), Price: 900_00, UTM: sales.UTM{Source: "vk"},
		CreatedAt: created, UpdatedAt: &updated, SaleTS: &payed, ReservedTo: &reserved,
		Tickets: []sales.Ticket{{
			TicketID: 60000001, ShowID: 80001, State: sales.Sold, Counting: sales.CountedSold, Counted: 1, Quantity: 1,
			SeatID: "PARTERRE-1;2",
			Price:  900_00, Discount: 100_00, Amounts: sales.Amounts{Gross: 900_00, Revenue: 900_00},
		}},
		Anomalies: []string{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What came in PHP's ways of saying nothing, and numbers as strings.
func TestQuirkyOrder(t *testing.T) {
	t.Parallel()
	got := fromOrder(t, decode(t, orderText(t, "php_quirks")))
	got.PayloadJSON, got.ContentHash = nil, 0
	payed := instant("2030-05-01T09:02:10Z")
	want := sales.Order{
		OrderID: 5000004, EventID: 70001, CurrencyID: "RUB", PaymentTypeID: "1234567",
		UTM: sales.UTM{Source: "vk", Term: "театр"}, CreatedAt: instant("2030-05-01T09:00:00Z"), SaleTS: &payed,
		Tickets: []sales.Ticket{{TicketID: 60000005, ShowID: 80001, State: sales.Sold, Counting: sales.CountedSold,
			Counted: 1, Quantity: 1}},
		Anomalies: []string{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An order whose money or place would be a guess is refused with the field's name.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	const order = "orders[5000001]."
	const second = order + "baskets[1]."
	for _, c := range []struct {
		spoil  func(o *qtickets.Order, b *qtickets.Basket) // b is the second ticket
		reason string
	}{
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.ID = 0 }, "orders[0].id: missing"},
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.ID = -5 }, "orders[-5].id: missing"},
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.EventID.Valid = false }, order + "event_id: missing"},
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.EventID.Value = 0 }, order + "event_id: missing"},
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.CreatedAt.Valid = false }, order + "created_at: missing"},
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.CreatedAt = at("1999-05-10T10:00:00+03:00") }, order +
			"created_at: 1999-05-10 is before QTickets"},
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.Baskets = nil }, order + "baskets: missing"},
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.CurrencyID.Valid = false }, order + "currency_id: missing"},
		{func(o *qtickets.Order, _ *qtickets.Basket) { o.PayedAt.Valid = false }, order +
			"payed_at: missing on a paid order"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.ID = 0 }, second + "id: missing"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.ID = 60000001 }, second + "id: 60000001 stands twice in the order"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.ShowID.Valid = false }, second + "show_id: missing"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.ShowID.Value = 0 }, second + "show_id: missing"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.Price.Valid = false }, second + "price: missing"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.Price.Value = -1 }, second + "price: -0.01 is negative"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.Price = money("1e12") }, second +
			"price: more than a ticket can cost"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.Quantity.Value = 0 }, second + "quantity: not between 1 and 10000"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.Quantity.Value = 10_001 }, second +
			"quantity: not between 1 and 10000"},
		{func(o *qtickets.Order, b *qtickets.Basket) {
			o.Payed, o.PayedAt, b.RefundedAt = qtickets.Some(false), at(""), at("2030-05-10T10:00:00+03:00")
		}, second + "refunded_amount: a refunded ticket without an amount"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { b.RefundedAt = at("2030-05-10T10:00:00+03:00") }, second +
			"refunded_amount: a refunded ticket without an amount"},
		{func(_ *qtickets.Order, b *qtickets.Basket) { *b = refunded(60000002, "900", "", "901") }, second +
			"refunded_amount: -1.00 of a price of 900.00"},
	} {
		o := paid(ticket(60000001, "900"), ticket(60000002, "900"))
		c.spoil(&o, &o.Baskets[1])
		row, err := sales.FromOrder(o, nil)
		if err == nil || err.Error() != c.reason {
			t.Errorf("reason %v, want %s", err, c.reason)
		}
		if diff := cmp.Diff(sales.Order{}, row); diff != "" {
			t.Errorf("%s: a row came with the error: %s", c.reason, diff)
		}
	}
}

// The money is certain, but a person should look.
func TestAnomalies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(o *qtickets.Order, b *qtickets.Basket) // b is the only ticket
		want   []string
	}{
		{"none", func(*qtickets.Order, *qtickets.Basket) {}, []string{}},
		{"price of the order differs", func(o *qtickets.Order, _ *qtickets.Basket) { o.Price.Value++ },
			[]string{sales.AnomalyPriceSum}},
		{"price of the order is not told", func(o *qtickets.Order, _ *qtickets.Basket) { o.Price.Valid = false }, []string{}},
		{"ticket_amount differs", func(_ *qtickets.Order, b *qtickets.Basket) { b.TicketAmount = money("899.99") },
			[]string{sales.AnomalyTicketAmount}},
		{"ticket_amount is not told", func(_ *qtickets.Order, b *qtickets.Basket) { b.TicketAmount = money("") }, []string{}},
		{"ticket_amount without the fee", func(_ *qtickets.Order, b *qtickets.Basket) {
			b.TicketAmount, b.ServiceFeeAmount = money("850"), money("50")
		}, []string{sales.AnomalyServiceFee}},
		{"ticket_amount of a cancelled ticket is 0", func(_ *qtickets.Order, b *qtickets.Basket) {
			b.TicketAmount, b.DeletedAt = money("0"), at("2030-05-03T10:00:00+03:00")
		}, []string{}},
		{"several places in one ticket", func(_ *qtickets.Order, b *qtickets.Basket) { b.Quantity = number(3) },
			[]string{sales.AnomalyQuantity}},
		{"quantity is not told", func(_ *qtickets.Order, b *qtickets.Basket) { b.Quantity.Valid = false }, []string{}},
		{"payed contradicts payed_at", func(o *qtickets.Order, _ *qtickets.Basket) { o.Payed = qtickets.Some(false) },
			[]string{sales.AnomalyPayedFlag}},
		{"refund adds up", func(_ *qtickets.Order, b *qtickets.Basket) { *b = refunded(1, "900", "600", "300") }, []string{}},
		{"refund does not add up", func(_ *qtickets.Order, b *qtickets.Basket) { *b = refunded(1, "900", "600", "200") },
			[]string{sales.AnomalyRefundPrice}},
		{"refund lowered the price", func(o *qtickets.Order, b *qtickets.Basket) {
			*b = refunded(1, "300", "600", "300")
			o.Price = money("300")
		}, []string{sales.AnomalyRefundPrice}},
		{"services", func(_ *qtickets.Order, b *qtickets.Basket) { b.Services = 2 }, []string{sales.AnomalyUnknownShapes}},
		{"several at once", func(o *qtickets.Order, b *qtickets.Basket) {
			o.Price.Value, b.Quantity, b.Services = 0, number(2), 1
		}, []string{sales.AnomalyPriceSum, sales.AnomalyQuantity, sales.AnomalyUnknownShapes}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := paid(ticket(1, "900"))
			c.change(&o, &o.Baskets[0])
			if diff := cmp.Diff(c.want, fromOrder(t, o).Anomalies); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUTM(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		raw  qtickets.UTM
		want sales.UTM
	}{
		{"none", nil, sales.UTM{}},
		{"all five", qtickets.UTM{"utm_source": "a", "utm_medium": "b", "utm_campaign": "c", "utm_content": "d",
			"utm_term": "e"},
			sales.UTM{Source: "a", Medium: "b", Campaign: "c", Content: "d", Term: "e"}},
		{"trimmed and lower-cased", qtickets.UTM{"utm_source": "\tVK ", "utm_medium": "CPC\n"},
			sales.UTM{Source: "vk", Medium: "cpc"}},
		{"Cyrillic", qtickets.UTM{"utm_campaign": " Выставка ЁЖ "}, sales.UTM{Campaign: "выставка ёж"}},
		{"blank is not set", qtickets.UTM{"utm_source": "  "}, sales.UTM{}},
		{"other keys change nothing", qtickets.UTM{"gclid": "x", "utm_source": "vk"}, sales.UTM{Source: "vk"}},
	} {
		o := paid(ticket(1, "900"))
		o.UTM = c.raw
		if diff := cmp.Diff(c.want, fromOrder(t, o).UTM); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		raw  qtickets.Opt[int64]
		site uint64
		code string
	}{
		{qtickets.Opt[int64]{}, 0, "unknown"},
		{number(0), 0, "unknown"},
		{number(-1), 0, "unknown"},
		{number(7), 7, "7"},
	} {
		o := paid(ticket(1, "900"))
		o.SiteID, o.DiscountID, o.PromoCodeID = c.raw, c.raw, c.raw
		row := fromOrder(t, o)
		for name, id := range map[string]*uint64{"discount": row.DiscountID, "promo code": row.PromoCodeID} {
			got := "unknown"
			if id != nil {
				got = fmt.Sprint(*id)
			}
			if got != c.code {
				t.Errorf("%s of %+v: %s", name, c.raw, got)
			}
		}
		if row.SiteID != c.site {
			t.Errorf("site of %+v: %d", c.raw, row.SiteID)
		}
	}
}

// The sales day is Moscow's, for every offset the instant came with.
func TestDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2030-05-01T00:00:00+03:00": "2030-05-01",
		"2030-05-01T23:59:59+03:00": "2030-05-01",
		"2030-04-30T21:00:00Z":      "2030-05-01",
		"2030-04-30T20:59:59Z":      "2030-04-30",
		"2030-05-02T03:30:00+07:00": "2030-05-01",
		"2030-12-31T21:00:00Z":      "2031-01-01",
	} {
		if got := sales.Day(instant(text)); got != want {
			t.Errorf("%s is the sales day %s, want %s", text, got, want)
		}
	}
}
