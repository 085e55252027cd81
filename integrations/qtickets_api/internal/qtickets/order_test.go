package qtickets

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// checkRoundTrip fails when an order differs after being written and read back.
func checkRoundTrip(t failer, o Order) {
	t.Helper()
	text := o.CanonicalJSON()
	back, err := DecodeOrder(text)
	if err != nil {
		t.Fatalf("read back %s: %v", text, err)
	}
	back.ClientID = o.ClientID     // deliberately not written
	back.HasBaskets = o.HasBaskets // an order without the member is refused before it is stored
	sorted := cmpopts.SortSlices(func(a, b Basket) bool { return a.ID < b.ID })
	if diff := cmp.Diff(o, back, cmpopts.EquateEmpty(), sorted); diff != "" {
		t.Fatalf("order changed (-want +got):\n%s", diff)
	}
	if string(back.CanonicalJSON()) != string(text) {
		t.Fatalf("two spellings of one order:\n%s\n%s", text, back.CanonicalJSON())
	}
}

func drawOpt[T any](t *rapid.T, name string, value *rapid.Generator[T]) Opt[T] {
	if !rapid.Bool().Draw(t, name+" present") {
		return Opt[T]{}
	}
	return Some(value.Draw(t, name))
}

var (
	anyID    = rapid.Int64Range(1, 1<<60)
	anyInt   = rapid.Int64()
	anyMoney = rapid.Custom(func(t *rapid.T) Money { return Money(rapid.Int64().Draw(t, "hundredths")) })
	anyFine  = rapid.Custom(func(t *rapid.T) Fine { // as it is read: without noise around a kopeck
		kopecks := rapid.Int64Range(-9e12, 9e12).Draw(t, "kopecks")
		return Fine(kopecks)*FinePerKopeck + Fine(rapid.SampledFrom([]int64{0, 101, 333333, 500000, 666667, 999899}).Draw(t,
			"part"))
	})
	anyTime = rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(firstInstant.Unix(), lastInstant.Unix()).Draw(t, "seconds"), 0).UTC()
	})
	anyText = rapid.StringMatching(`[a-zа-я"\\/0-9 \n]{1,12}`)
	anyIDs  = rapid.Custom(func(t *rapid.T) IDs { return rapid.SliceOfN(anyID, 0, 3).Draw(t, "ids") })
)

func drawShape(t *rapid.T, name string) Shape { return Shape(rapid.IntRange(0, 3).Draw(t, name)) }

func drawOrder(t *rapid.T) Order {
	baskets := rapid.SliceOfNDistinct(rapid.Custom(drawBasket), 0, 4, func(b Basket) int64 { return b.ID })
	return Order{
		ID: anyID.Draw(t, "id"), EventID: drawOpt(t, "event", anyInt), SiteID: drawOpt(t, "site", anyInt),
		SiteHost: drawOpt(t, "site host", anyText),
		ClientID: drawOpt(t, "client", anyInt),
		Payed:    drawOpt(t, "payed", rapid.Bool()), Reserved: drawOpt(t, "reserved", rapid.Bool()),
		ReserveExtended: drawOpt(t, "extended", rapid.Bool()),
		PaymentTypeID:   drawOpt(t, "payment", anyText), DiscountID: drawOpt(t, "discount", anyInt),
		PromoCodeID: drawOpt(t, "promo", anyInt),
		Price:       drawOpt(t, "price", anyMoney), OriginalPrice: drawOpt(t, "original", anyMoney),
		CurrencyID: drawOpt(t, "currency", rapid.StringMatching(`[A-Z]{3}`)),
		UTM: rapid.MapOfN(rapid.SampledFrom([]string{"utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"}),
			anyText, 0, 4).Draw(t, "utm"), Baskets: baskets.Draw(t, "baskets"), HasBaskets: true,
		Refunds: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Opt[Fine] { return drawOpt(t, "amount", anyFine) }), 0,
			3).Draw(t, "refunds"),
		PrimaryOrders: anyIDs.Draw(t, "primary"), SecondaryOrders: anyIDs.Draw(t, "secondary"),
		CreatedAt: drawOpt(t, "created", anyTime), UpdatedAt: drawOpt(t, "updated", anyTime),
		PayedAt:    drawOpt(t, "payed at", anyTime),
		ReservedTo: drawOpt(t, "reserved to", anyTime), DeletedAt: drawOpt(t, "deleted", anyTime),
		Unread: rapid.SampledFrom([][]string{nil, {"utm"}, {"baskets.checked_at", "original_price"}}).Draw(t, "unread"),
	}
}

func drawBasket(t *rapid.T) Basket {
	return Basket{
		ID: anyID.Draw(t, "id"), ShowID: drawOpt(t, "show", anyInt), SeatID: drawOpt(t, "seat", anyText),
		SeatName: drawOpt(t, "seat name", anyText),
		Price:    drawOpt(t, "price", anyMoney), OriginalPrice: drawOpt(t, "original", anyMoney),
		TicketOriginalPrice: drawOpt(t, "ticket original", anyMoney),
		DiscountValue:       drawOpt(t, "discount", anyMoney), TicketAmount: drawOpt(t, "amount", anyMoney),
		ServiceFeeAmount: drawOpt(t, "fee", anyMoney),
		MultipriceCode:   drawOpt(t, "tariff", anyText), Quantity: drawOpt(t, "quantity", anyInt),
		RelatedBaskets: anyIDs.Draw(t, "related"),
		Services:       drawShape(t, "services"), Refunds: drawShape(t, "refunds"),
		RefundedAmount:          drawOpt(t, "refunded", anyFine),
		RefundedDeductionAmount: drawOpt(t, "deduction", anyFine), CheckedAt: drawOpt(t, "checked", anyTime),
		CreatedAt: drawOpt(t, "created", anyTime),
		UpdatedAt: drawOpt(t, "updated", anyTime), RefundedAt: drawOpt(t, "refunded at", anyTime),
		DeletedAt: drawOpt(t, "deleted", anyTime),
	}
}

// Every field is written and read under the same name, and an order has one spelling.
func TestCanonicalRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkRoundTrip(t, drawOrder(t)) })
}

// The order of tickets and UTM keys in the answer makes no difference, any other change does.
func TestCanonicalTellsOrdersApart(t *testing.T) {
	t.Parallel()
	a, errA := DecodeOrder([]byte(orderJSON(5000001, basketJSON(1), basketJSON(2))))
	b, errB := DecodeOrder([]byte(orderJSON(5000001, basketJSON(2), basketJSON(1))))
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if string(a.CanonicalJSON()) != string(b.CanonicalJSON()) {
		t.Error("the order of tickets changed the text")
	}
	if a.Baskets[0].ID != 1 || b.Baskets[0].ID != 2 {
		t.Error("writing an order reordered its tickets")
	}
	b.Baskets[1].CheckedAt = Some(time.Date(2030, 5, 2, 0, 0, 0, 0, time.UTC))
	if string(a.CanonicalJSON()) == string(b.CanonicalJSON()) {
		t.Error("a scan did not change the text")
	}
}

func TestCanonicalText(t *testing.T) {
	t.Parallel()
	o := Order{ID: 5, Price: Some[Money](90000), UTM: UTM{"utm_source": "2", "utm_campaign": "\xff"},
		Baskets: []Basket{{ID: 6, Services: 2, RelatedBaskets: IDs{7, 8}}}, ClientID: Some[int64](9001)}
	text := string(o.CanonicalJSON())
	for _, part := range []string{`{"id":5,"event_id":null,`, `"price":"900.00"`,
		`"utm":{"utm_campaign":"` + "\uFFFD" + `","utm_source":"2"}`,
		`"related_baskets":[7,8],"services":[null,null],"refunds":[]`} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is missing in %s", part, text)
		}
	}
	if strings.Contains(text, "9001") {
		t.Errorf("the buyer's id is in %s", text)
	}
}
