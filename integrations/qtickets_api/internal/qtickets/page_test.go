package qtickets

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/corpus"
)

func decodeOrders(text string) (Page[Order], error) {
	return decodePage[Order](newDecoder(strings.NewReader(text)), "orders", false)
}

func TestOneBadRowLeavesTheOthers(t *testing.T) {
	t.Parallel()
	good := orderJSON(5000001, basketJSON(60000001))
	cases := []struct{ name, row, reason string }{
		{"amount", orderJSON(5000002, basketJSON(1), basketJSON(2), strings.Replace(basketJSON(3), `"price":900`,
			`"price":"abc"`, 1)),
			`orders[5000002].baskets[2].price: cannot read a text of 3 characters as money`},
		{"time without offset", strings.Replace(orderJSON(5000002), `12:02:10+03:00`, `12:02:10`, 1),
			`orders[5000002].payed_at: cannot read "2030-05-01T12:02:10" as a time with an offset`},
		{"no id", strings.Replace(orderJSON(5000002), `"id":5000002,`, ``, 1), `orders[#1]: the row has no id`},
		{"id after the trouble", `{"payed_at":"x","id":5000002}`,
			`orders[5000002].payed_at: cannot read a text of 1 characters as a time with an offset`},
		{"first trouble wins", `{"id":5000002,"event_id":"x","payed_at":"y"}`,
			`orders[5000002].event_id: cannot read a text of 1 characters as an integer`},
		{"no object", `"Canaryname"`, `orders[#1]: cannot read a string as an object`},
		{"null row", `null`, `orders[#1]: the row has no id`},
		{"ticket without id", orderJSON(5000002, `{"price":1}`), `orders[5000002].baskets[0]: the ticket has no id`},
		{"tickets as number", strings.Replace(orderJSON(5000002), `"baskets":[]`, `"baskets":5`, 1),
			`orders[5000002].baskets: cannot read a number as a list`},
		{"tickets as text", strings.Replace(orderJSON(5000002), `"baskets":[]`, `"baskets":"Canaryname"`, 1),
			`orders[5000002].baskets: cannot read a string as a list`},
	}
	for _, c := range cases {
		page, err := decodeOrders(listJSON(good, c.row, orderJSON(5000003)))
		if err != nil || len(page.Invalid) != 1 || page.Invalid[0].Reason != c.reason {
			t.Errorf("%s: err %v, bad %+v; want %s", c.name, err, page.Invalid, c.reason)
			continue
		}
		wantID := int64(0)
		if strings.HasPrefix(c.reason, "orders[5000002]") {
			wantID = 5000002
		}
		if page.Invalid[0].ID != wantID {
			t.Errorf("%s: bad row has id %d, want %d", c.name, page.Invalid[0].ID, wantID)
		}
		if len(page.Rows) != 2 || page.Rows[0].ID != 5000001 || page.Rows[1].ID != 5000003 || len(page.Rows[0].Baskets) != 1 {
			t.Errorf("%s: the other rows suffered: %+v", c.name, page.Rows)
		}
	}
}

func TestListsWithGaps(t *testing.T) {
	t.Parallel()
	text := `{"data":{"0":` + orderJSON(5000001) + `,"7":` + strings.Replace(orderJSON(5000002), `"baskets":[]`,
		`"baskets":{"1":`+basketJSON(11)+`,"3":`+basketJSON(12)+`}`, 1) +
		`},"paging":{"perPage":"50","currentPage":1,"total":2}}`
	page, err := decodeOrders(text)
	if err != nil || len(page.Invalid) != 0 || len(page.Rows) != 2 || len(page.Rows[1].Baskets) != 2 ||
		page.Rows[1].Baskets[1].ID != 12 {
		t.Errorf("err %v, page %+v", err, page)
	}
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	row := orderJSON(5000001)
	cases := []struct {
		name, text string
		want       error
	}{
		{"empty list", pageJSON(1, 50, 0), nil},
		{"empty list as object", `{"data":{},"paging":{"perPage":50,"currentPage":3,"total":0}}`, nil},
		{"paging first, unknown members", `{"paging":{"perPage":50,"currentPage":1,"total":1,"x":[]},"x":{"y":[1]},"data":[` +
			row + `]}`, nil},
		{"no paging", `{"data":[` + row + `]}`, ErrUnexpected},
		{"paging null", `{"data":[],"paging":null}`, ErrUnexpected},
		{"paging without total", `{"data":[],"paging":{"perPage":50,"currentPage":1}}`, ErrUnexpected},
		{"paging of zero", `{"data":[],"paging":{"perPage":0,"currentPage":1,"total":5}}`, ErrUnexpected},
		{"no data", `{"paging":{"perPage":50,"currentPage":1,"total":0}}`, ErrUnexpected},
		{"data null", `{"data":null,"paging":{"perPage":50,"currentPage":1,"total":0}}`, ErrUnexpected},
		{"partners error", `{"status":"error","code":"WRONG_AUTHORIZATION","message":"x"}`, ErrUnexpected},
		{"bare list", `[` + row + `]`, ErrUnexpected},
		{"bare list, cut", `[` + row, ErrTruncated},
		{"nothing", ``, ErrTruncated},
		{"blank", ` `, ErrTruncated},
		{"cut", listJSON(row)[:500], ErrTruncated},
		{"cut before the last brace", strings.TrimSuffix(listJSON(row), "}"), ErrTruncated},
		{"text after the end", listJSON(row) + "x", ErrTruncated},
		{"second value", listJSON(row) + "{}", ErrTruncated},
		{"repeated member", `{"data":[],"data":[],"paging":{"perPage":50,"currentPage":1,"total":0}}`, ErrUnexpected},
		{"repeated paging", `{"data":[],"paging":{"perPage":50,"currentPage":1,"total":9},` +
			`"paging":{"perPage":50,"currentPage":1,"total":0}}`, ErrUnexpected},
		{"PHP notice first", "\nNotice: x" + listJSON(row), ErrTruncated},
		{"broken UTF-8", strings.Replace(listJSON(row), "AAAAAAAAAA", "A\xff", 1), nil},
	}
	for _, c := range cases {
		_, err := decodeOrders(c.text)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	page, err := decodePage[ColorTheme](newDecoder(strings.NewReader(`{"data":[{"id":2,"color":"#00ff00"},{"id":1,"color":""}]}`)), "color-themes", true)
	if err != nil || len(page.Rows) != 2 || page.Rows[0].Color != Some("#00ff00") || page.Rows[1].Color.Valid ||
		page.Paging != (Paging{2, 1, 2}) {
		t.Errorf("colours: %v %+v", err, page)
	}
}

// Every cut of a page is noticed, wherever it falls.
func TestEveryCutIsNoticed(t *testing.T) {
	t.Parallel()
	full := listJSON(orderJSON(5000001, basketJSON(1)))
	for n := range len(full) {
		if page, err := decodeOrders(full[:n]); !errors.Is(err, ErrTruncated) || len(page.Rows) > 1 {
			t.Fatalf("cut at byte %d: %v", n, err)
		}
	}
}

func TestPersonalDataIsNotDecoded(t *testing.T) {
	t.Parallel()
	invalid := strings.Replace(orderJSON(5000002, basketJSON(3)), `"payed":true`, `"payed":"Canaryname"`, 1)
	page, err := decodeOrders(listJSON(orderJSON(5000001, basketJSON(1), basketJSON(2)), invalid))
	if err != nil || len(page.Rows) != 1 || len(page.Invalid) != 1 {
		t.Fatalf("err %v, %d rows, bad %+v", err, len(page.Rows), page.Invalid)
	}
	o := page.Rows[0]
	for _, text := range []string{string(o.CanonicalJSON()), fmt.Sprintf("%+v", page)} {
		for _, canary := range canaries {
			if strings.Contains(text, canary) {
				t.Errorf("%q survived in %s", canary, text)
			}
		}
	}
	if strings.Contains(string(o.CanonicalJSON()), "9001") {
		t.Error("the canonical text holds the buyer's id")
	}
	want := UTM{"utm_source": "vk", "utm_campaign": "11111111111", "utm_content": "for [email]",
		"utm_term": "[email] [phone]"}
	if fmt.Sprint(o.UTM) != fmt.Sprint(want) {
		t.Errorf("utm %v, want %v", o.UTM, want)
	}
	if o.Price != Some[Money](90000) || o.OriginalPrice != Some[Money](100000) || o.ReserveExtended != Some(false) ||
		o.ClientID != Some[int64](9001) || o.Baskets[0].SeatName != Some("Партер") || o.Baskets[0].RefundedAmount.Valid {
		t.Errorf("order decoded as %+v", o)
	}
}

// schemeEvent is an event whose show carries a hall scheme of the given number of seats.
func schemeEvent(seats int) string {
	var b strings.Builder
	for i := range seats {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b,
			`"PARTERRE-1;%d":{"disabled":"0","price_id":"541247","max_quantity":"","spread":{"users":["1","2"],"enabled":"0"}}`,
			i)
	}
	return `{"id":70001,"is_active":1,"name":{"en":"Show","ru":"Показ"},"place_name":"Дворец","age":"0+","currency_id":"RUB",` +
		`"city_id":"24","payments":[{"id":1,"name":"Canary Ltd"}],"poster":null,"city":{"id":"24","name":"Томск","timezone":"Asia/Tomsk"},` +
		`"shows":[{"id":80001,"name":"","is_active":"1","sale_start_date":null,"start_date":"2030-06-16T20:00:00+03:00",` +
		`"scheme_properties":{"admin":{"zones":[]},"seats":{` + b.String() + `}},` +
		`"prices":[{"id":1,"default_price":390}],"min_price":{"id":1,"default_price":390,"color_theme":"1","modifiers":[]},` +
		`"max_price":null,"deleted_at":null}],"place_coordinates":[56.5,85.0],"created_at":"2030-05-01T12:00:00+03:00","deleted_at":null}`
}

func TestEvent(t *testing.T) {
	t.Parallel()
	page, err := decodePage[Event](newDecoder(strings.NewReader(listJSON(schemeEvent(3),
		strings.Replace(schemeEvent(0), `"city":{`, `"city":[],"town":{`, 1)))), "events", false)
	if err != nil || len(page.Invalid) != 0 || len(page.Rows) != 2 {
		t.Fatalf("err %v, bad %+v", err, page.Invalid)
	}
	e := page.Rows[0]
	s := e.Shows[0]
	if e.Name != Some("Показ") || e.City.Timezone != Some("Asia/Tomsk") || e.City.ID != Some[int64](24) ||
		e.IsActive != Some(true) ||
		s.MinPrice != Some[Money](39000) || s.MaxPrice.Valid || s.Name.Valid || s.IsActive != Some(true) ||
		s.StartDate.Value.Hour() != 17 {
		t.Errorf("event decoded as %+v", e)
	}
	if page.Rows[1].City != (City{}) {
		t.Errorf("an empty city became %+v", page.Rows[1].City)
	}
}

// The hall scheme is 94 % of an events page; passing over it must cost no memory of its own.
func TestSchemeIsSkippedWithoutAllocating(t *testing.T) {
	allocations := func(seats int) float64 {
		text := []byte(listJSON(schemeEvent(seats)))
		return testing.AllocsPerRun(20, func() {
			if page, err := decodePage[Event](newDecoder(bytes.NewBuffer(text)), "events", false); err != nil ||
				len(page.Rows) != 1 {
				t.Fatal(err, page.Invalid)
			}
		})
	}
	if small, large := allocations(10), allocations(1000); large > small {
		t.Errorf("100 times the seats cost %v allocations instead of %v", large, small)
	}
}

func TestReferenceLists(t *testing.T) {
	t.Parallel()
	discounts, err := decodePage[Discount](newDecoder(strings.NewReader(listJSON(
		`{"id":501,"is_active":1,"name":"for canary.buyer@example.test","active_from":"2030-05-01T00:00:00+03:00","active_to":null,"type":"P","events":[{"id":1}],"deleted_at":null}`))), "discounts", false)
	if err != nil || len(discounts.Rows) != 1 || discounts.Rows[0].Name != Some("for [email]") ||
		!discounts.Rows[0].ActiveFrom.Valid || discounts.Rows[0].Type != Some("P") {
		t.Errorf("discounts: %v %+v", err, discounts)
	}
	codes, err := decodePage[PromoCode](newDecoder(strings.NewReader(listJSON(
		`{"id":90001,"is_active":0,"type":0,"discount_id":501,"code":"+7 000 000-00-77","max_uses_count":0}`,
		`{"id":90002,"code":12345}`))), "promo-codes", false)
	if err != nil || len(codes.Rows) != 2 || codes.Rows[0].Code != Some("[phone]") ||
		codes.Rows[0].MaxUsesCount != Some[int64](0) || codes.Rows[1].Code != Some("12345") {
		t.Errorf("promo codes: %v %+v", err, codes)
	}
}

func TestDecodeOrder(t *testing.T) {
	t.Parallel()
	o, err := DecodeOrder([]byte(orderJSON(5000001, basketJSON(1))))
	if err != nil || o.ID != 5000001 || len(o.Baskets) != 1 {
		t.Errorf("%v %+v", err, o)
	}
	if _, err := DecodeOrder([]byte(`{"id":5,"baskets":[{"id":1,"refunded_at":"soon"}]}`)); err == nil ||
		err.Error() != `decode order: orders[5].baskets[0].refunded_at: cannot read a text of 4 characters as a time with an offset` {
		t.Errorf("got %v", err)
	}
	if _, err := DecodeOrder([]byte(`{"id":5`)); !errors.Is(err, ErrTruncated) {
		t.Errorf("got %v", err)
	}
}

// FuzzPage: no bytes make the decoder panic, and whatever it accepts can be written and read back.
func FuzzPage(f *testing.F) {
	// Short seeds: the fuzzer minimises what it finds, and that takes the square of the length.
	f.Add([]byte(listJSON(`{"id":5,"payed":true,"payed_at":"2030-05-01T12:02:10+03:00","price":9.5,"utm":[],"baskets":[{"id":6,"refunds":[{}]}]}`)))
	f.Add([]byte(listJSON(`{"id":5,"name":{"ru":"x"},"city":{"id":"1"},"shows":[{"id":8,"min_price":{"default_price":1},"scheme_properties":{"a":[]}}]}`)))
	f.Add([]byte(pageJSON(2, 10, 11, `{"id":"7","utm":{"a":"b"},"baskets":{"1":{"id":2}}}`)))
	f.Add([]byte(`{"data":[],"paging":{"perPage":1,"currentPage":1,"total":0}}`))
	f.Add([]byte(listJSON(`{"id":1,"price":"x"}`, `[]`, `7`)))
	for _, kept := range corpus.Read(f, "FuzzPage") {
		f.Add([]byte(kept[0]))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		page, err := decodePage[Order](newDecoder(bytes.NewReader(text)), "orders", false)
		if err == nil {
			for _, o := range page.Rows {
				checkRoundTrip(t, o)
			}
		} else if !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrUnexpected) {
			t.Fatalf("unknown kind of error: %v", err)
		}
		events, err := decodePage[Event](newDecoder(bytes.NewReader(text)), "events", false)
		if err == nil && len(events.Rows)+len(events.Invalid) != len(page.Rows)+len(page.Invalid) {
			t.Fatalf("%d orders but %d events in one text", len(page.Rows)+len(page.Invalid), len(events.Rows)+
				len(events.Invalid))
		}
	})
}

// FuzzReference: the small lists.
func FuzzReference(f *testing.F) {
	f.Add([]byte(listJSON(`{"id":5,"is_active":1,"name":"x","type":"P","active_from":null,"events":[{"id":1}],"updated_at":"2030-05-01T12:02:10+03:00"}`)))
	f.Add([]byte(listJSON(`{"id":"5","is_active":true,"code":"SPRING","max_uses_count":0,"discount_id":7}`)))
	f.Add([]byte(`{"data":[{"id":1,"color":"#ff0000"},{"id":2}]}`))
	for _, kept := range corpus.Read(f, "FuzzReference") {
		f.Add([]byte(kept[0]))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		known := func(err error) {
			if err != nil && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrUnexpected) {
				t.Fatalf("unknown kind of error: %v", err)
			}
		}
		discounts, err := decodePage[Discount](newDecoder(bytes.NewReader(text)), "discounts", false)
		known(err)
		codes, errCodes := decodePage[PromoCode](newDecoder(bytes.NewReader(text)), "promo-codes", false)
		known(errCodes)
		if n, m := len(discounts.Rows)+len(discounts.Invalid), len(codes.Rows)+
			len(codes.Invalid); err == nil && errCodes == nil && n != m {
			t.Fatalf("%d discounts but %d promo codes in one text", n, m)
		}
		_, err = decodePage[ColorTheme](newDecoder(bytes.NewReader(text)), "color-themes", true)
		known(err)
	})
}

// FuzzDetail: one order by id, and one order alone as webhooks and the state hold it.
func FuzzDetail(f *testing.F) {
	order := `{"id":5,"payed":true,"payed_at":"2030-05-01T12:02:10+03:00","price":9.5,"utm":[],"integrations":{"a":{"b":null}},"baskets":[{"id":6,"refunds":[{}]}]}`
	f.Add([]byte(`{"data":` + order + `}`))
	f.Add([]byte(order))
	f.Add([]byte(`{"data":{"id":"5","price":"x"}}`))
	f.Add([]byte(`{"data":[]}`))
	for _, kept := range corpus.Read(f, "FuzzDetail") {
		f.Add([]byte(kept[0]))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		o, bad, err := decodeDetail(newDecoder(bytes.NewReader(text)))
		switch {
		case err != nil && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrUnexpected):
			t.Fatalf("unknown kind of error: %v", err)
		case err == nil && bad == nil && o.ID == 0:
			t.Fatal("an order without an id")
		case err == nil && bad == nil:
			checkRoundTrip(t, o)
		}
		if o, err := DecodeOrder(text); err == nil {
			checkRoundTrip(t, o)
		}
	})
}
