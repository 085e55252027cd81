package qtickets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// one reads a page with a single order between two good ones, and demands that these are read whatever it is.
func one(t *testing.T, row string) (o *Order, invalid *InvalidRow) {
	t.Helper()
	page, err := decodeOrders(listJSON(orderJSON(5000001), row, orderJSON(5000003)))
	if err != nil || len(page.Rows)+len(page.Invalid) != 3 || page.Rows[0].ID != 5000001 ||
		page.Rows[len(page.Rows)-1].ID != 5000003 {
		t.Fatalf("the feed suffered: %v, %d rows, %v", err, len(page.Rows), page.Invalid)
	}
	if len(page.Invalid) > 0 {
		return nil, &page.Invalid[0]
	}
	checkRoundTrip(t, page.Rows[1])
	return &page.Rows[1], nil
}

// A field that no figure needs and nobody can read is unknown; the order is counted, and the field is named.
func TestFault1_6_AFieldNoFigureNeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ member, by, unread string }{
		{`"original_price":"1000.00"`, `"original_price":"1000.0000999"`, "original_price"},
		{`"original_price":1000`, `"original_price":333.3333333333333`, "baskets.original_price"},
		{`"ticket_original_price":1000`, `"ticket_original_price":{"rub":1000}`, "baskets.ticket_original_price"},
		{`"checked_at":null`, `"checked_at":"2030-05-09T19:00:00"`, "baskets.checked_at"},
		{`"updated_at":"2030-05-01T12:02:10+03:00"`, `"updated_at":"0000-00-00 00:00:00"`, "baskets.updated_at"},
		{`"updated_at":"2030-05-01T12:02:15+03:00"`, `"updated_at":"-0001-11-30T00:00:00+02:30"`, "updated_at"},
		{`"created_at":"2030-05-01T11:59:00+03:00"`, `"created_at":1893456000`, "baskets.created_at"},
		{`"reserved_to":"2030-05-02T12:00:00+03:00"`, `"reserved_to":"tomorrow"`, "reserved_to"},
		{`"quantity":1`, `"quantity":"one"`, "baskets.quantity"},
		{`"quantity":1`, `"quantity":1.5`, "baskets.quantity"},
		{`"discount_value":100`, `"discount_value":true`, "baskets.discount_value"},
		{`"ticket_amount":900`, `"ticket_amount":"—"`, "baskets.ticket_amount"},
		{`"service_fee_amount":0`, `"service_fee_amount":[1]`, "baskets.service_fee_amount"},
		{`"seat_name":"\u041f\u0430\u0440\u0442\u0435\u0440"`, `"seat_name":["x"]`, "baskets.seat_name"},
		{`"seat_id":"PARTERRE-1;2"`, `"seat_id":false`, "baskets.seat_id"},
		{`"multiprice_code":null`, `"multiprice_code":{"a":{"b":1}}`, "baskets.multiprice_code"},
		{`"related_baskets":[]`, `"related_baskets":["x"]`, "baskets.related_baskets"},
		{`"site_id":7`, `"site_id":"seven"`, "site_id"},
		{`"site":{"id":7`, `"site":{"host":["x"]`, "site.host"},
		{`"client_id":9001`, `"client_id":"guest"`, "client_id"},
		{`"payment_type_id":"card"`, `"payment_type_id":["card"]`, "payment_type_id"},
		{`"discount_id":501`, `"discount_id":501.5`, "discount_id"},
		{`"promo_code_id":90001`, `"promo_code_id":"SPRING"`, "promo_code_id"},
		{`"reserved":false`, `"reserved":"no"`, "reserved"},
		{`"reserve_extended":0`, `"reserve_extended":7`, "reserve_extended"},
		{`"utm":{"utm_source":"vk"`, `"utm":{"utm_source":["vk"]`, "utm.utm_source"},
		{`"event_id":70001,"price":900`, `"event_id":70001,"price":"1 200 руб."`, "price"},
	} {
		row := with(t, orderJSON(5000002, basketJSON(1), basketJSON(2)), c.member, c.by)
		if strings.HasPrefix(c.unread, "baskets.") {
			row = orderJSON(5000002, basketJSON(1), with(t, basketJSON(2), c.member, c.by))
		}
		o, invalid := one(t, row)
		if invalid != nil {
			t.Errorf("%s: the order is lost: %s", c.by, invalid.Reason)
			continue
		}
		if !slices.Equal(o.Unread, []string{c.unread}) || len(o.Baskets) != 2 || o.Baskets[1].Price != Some[Money](90000) {
			t.Errorf("%s: unread %q, want %q", c.by, o.Unread, c.unread)
		}
		if !strings.HasSuffix(string(o.CanonicalJSON()), `,"unread":["`+c.unread+`"]}`) {
			t.Errorf("%s: %s", c.by, o.CanonicalJSON())
		}
	}
}

// What money, event or day depends on is not guessed.
func TestFault1_6_AnEssentialFieldIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ member, by, says string }{
		{`"event_id":70001`, `"event_id":"x"`, ".event_id: "},
		{`"payed":true`, `"payed":"maybe"`, ".payed: "},
		{`"payed_at":"2030-05-01T12:02:10+03:00"`, `"payed_at":"0000-00-00 00:00:00"`, ".payed_at: "},
		{`"created_at":"2030-05-01T12:00:00+03:00"`, `"created_at":"2030-05-01"`, ".created_at: "},
		{`"currency_id":"RUB"`, `"currency_id":"Canaryname"`, ".currency_id: cannot read a text of 10 characters"},
		{`"currency_id":"RUB"`, `"currency_id":"rub"`, ".currency_id: "},
		{`"show_id":80001`, `"show_id":"x"`, ".baskets[0].show_id: "},
		{`"price":900,"ticket_amount"`, `"price":"x","ticket_amount"`, ".baskets[0].price: "},
		{`"refunded_at":null`, `"refunded_at":"yesterday"`, ".baskets[0].refunded_at: "},
		{`"refunded_amount":null`, `"refunded_amount":"a lot"`, ".baskets[0].refunded_amount: "},
		{`"price":900,"ticket_amount"`, `"price":900,"price":700,"ticket_amount"`, ".baskets[0].price: stands twice"},
		{`"payed":true`, `"payed":false,"payed":true`, ".payed: stands twice"},
		{`"deleted_at":null,"refunded_at"`, `"deleted_at":null,"deleted_at":"2030-05-03T10:00:00+03:00","refunded_at"`,
			".baskets[0].deleted_at: stands twice"},
	} {
		_, invalid := one(t, with(t, orderJSON(5000002, basketJSON(1)), c.member, c.by))
		if invalid == nil || !strings.HasPrefix(invalid.Reason, "orders[5000002]"+c.says) {
			t.Errorf("%s: %+v", c.by, invalid)
		}
	}
}

// Bad bytes, half surrogates and doubled keys where nobody reads lose nothing.
func TestFault1_6_BadBytesInWhatIsSkipped(t *testing.T) {
	t.Parallel()
	want, _ := one(t, orderJSON(5000002, basketJSON(1)))
	for _, name := range []string{"\"Canary\xff\xfe\"", `"Canary\ud83d"`, `"\udc00\ud800"`, `{"a":1,"a":2}`,
		`"x","name":"y","na\xff":1,"email":"z"`} {
		name = strings.ReplaceAll(name, `\xff`, "\xff")
		o, invalid := one(t, with(t, orderJSON(5000002, basketJSON(1)), `"name":"Canaryname"`, `"name":`+name))
		if invalid != nil || string(o.CanonicalJSON()) != string(want.CanonicalJSON()) {
			t.Errorf("%q: %+v", name, invalid)
		}
	}
	o, invalid := one(t, with(t, orderJSON(5000002, basketJSON(1)), `"seat_name":"\u041f`, "\"seat_name\":\"\xff\\ud83d"))
	if invalid != nil || o.Baskets[0].SeatName != Some("\uFFFD\uFFFDартер") {
		t.Errorf("%+v %+v", invalid, o)
	}
}

// An ordinary order is written as it was before fields could be unread: hashes of its text are stored.
func TestOrdinaryOrdersKeepTheirText(t *testing.T) {
	t.Parallel()
	refunded := with(t, basketJSON(2), `"refunded_at":null,"refunded_amount":null`,
		`"refunded_at":"2030-05-10T10:00:00+03:00","refunded_amount":900`)
	sum := sha256.Sum256(orderOf(t, orderJSON(5000001, basketJSON(1), refunded)).CanonicalJSON())
	if got := hex.EncodeToString(sum[:8]); got != "8aa62bce0cd81ec5" {
		t.Errorf("the text hashes to %s", got)
	}
}

// What an order stored here lists is read back; what the API may call so is not taken over.
func TestUnreadOfTheSourceIsNotBelieved(t *testing.T) {
	t.Parallel()
	o := orderOf(t, with(t, orderJSON(5000001), `"site_id":7`,
		`"site_id":7,"unread":["canary.buyer@example.test","baskets.price","+79991112202",{"a":1},"payed.Canaryname"]`))
	if !slices.Equal(o.Unread, []string{"baskets.price"}) {
		t.Errorf("%q", o.Unread)
	}
}

// One odd date does not drop an event, a discount or a promo code.
func TestFault1_6_EventsAndLists(t *testing.T) {
	t.Parallel()
	page, err := decodePage[Event](newDecoder(strings.NewReader(listJSON(
		`{"id":1,"name":"A","currency_id":"RUB","is_active":"maybe","updated_at":"0000-00-00 00:00:00","city":"Томск",
		"shows":[{"id":2,"start_date":"2030-06-16 20:00","min_price":{"default_price":"free"},"name":["x"]},{"id":3}]}`,
		`{"id":4,"currency_id":"roubles"}`, `{"id":5,"shows":[{"id":6},{"name":"no id"}]}`))), "events", false)
	if err != nil || len(page.Rows) != 1 || len(page.Invalid) != 2 {
		t.Fatal(err, page.Invalid)
	}
	want := []string{"city", "is_active", "shows.min_price.default_price", "shows.name", "shows.start_date", "updated_at"}
	if e := page.Rows[0]; !slices.Equal(e.Unread, want) || len(e.Shows) != 2 || e.Name != Some("A") {
		t.Errorf("%q, %+v", e.Unread, e)
	}
	discounts, err := decodePage[Discount](newDecoder(strings.NewReader(listJSON(
		`{"id":1,"name":"A","active_from":"soon","type":{}}`))), "discounts", false)
	if err != nil || len(discounts.Rows) != 1 || !slices.Equal(discounts.Rows[0].Unread, []string{"active_from"}) {
		t.Errorf("%v %+v", err, discounts)
	}
	codes, err := decodePage[PromoCode](newDecoder(strings.NewReader(listJSON(
		`{"id":1,"code":"SPRING","max_uses_count":"many"}`))), "promo-codes", false)
	if err != nil || len(codes.Rows) != 1 || !slices.Equal(codes.Rows[0].Unread, []string{"max_uses_count"}) {
		t.Errorf("%v %+v", err, codes)
	}
}

// What could not be read is told in the log, once for each field.
func TestUnreadFieldsAreLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, 200, listJSON(`{"id":1,"active_from":"soon"}`, `{"id":2,"active_from":"soon","name":["x"]}`))
	}, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	for range 2 {
		if page, err := c.Discounts(t.Context(), Query{}); err != nil || len(page.Rows) != 2 {
			t.Fatal(err, page.Invalid)
		}
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `list=discounts fields="[active_from name]"`) {
		t.Error(got)
	}
}

// A row whose updated_at cannot be read says nothing about a filter by it.
func TestFault1_6_UnreadColumnsAreNotCompared(t *testing.T) {
	t.Parallel()
	o := Order{ID: 7, Unread: []string{"updated_at"}}
	q := Query{Where: []Condition{{Column: "updated_at", Operator: ">=", Value: when}}}
	if ignored := checkRows(q, []Order{o}); ignored != nil {
		t.Error(ignored)
	}
	o.Unread = nil
	if ignored := checkRows(q, []Order{o}); ignored == nil {
		t.Error("a row without updated_at passes a filter by it")
	}
}

// Russian first, whatever the key's form; nested values are passed over.
func TestFault1_13_NamesAsMaps(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"en":"Concert","ru_RU":"Концерт"}`:               "Концерт",
		`{"en":"Concert","ru-RU":"Концерт"}`:               "Концерт",
		`{"en":"Concert","RU":"Концерт"}`:                  "Концерт",
		`{"en":"Concert","rus":"Концерт"}`:                 "Концерт",
		`{"en_US":"Concert","ru_KZ":"Концерт"}`:            "Концерт",
		`{"ru":"Концерт","RU":"Второй","en":"Concert"}`:    "Концерт",
		`{"run":"No","rue":"No","en":"Concert"}`:           "No",
		`{"kk":"","en":"Concert"}`:                         "Concert",
		`{"ru":{"full":"x"},"en":"Concert"}`:               "Concert",
		`{"ru":null,"meta":[1,{"a":"x"}],"kk":"Концерт"}`:  "Концерт",
		`{"ru":"","meta":["x"],"canary@example.test":"И"}`: "И",
	} {
		page, err := decodePage[Event](newDecoder(strings.NewReader(listJSON(`{"id":1,"name":`+text+`}`))), "events", false)
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Name != Some(want) || page.Rows[0].Unread != nil {
			t.Errorf("%s: %v %+v", text, err, page)
		}
	}
	page, err := decodePage[Event](newDecoder(strings.NewReader(listJSON(`{"id":1,"name":{"ru":["x"]}}`))), "events", false)
	if err != nil || len(page.Rows) != 1 || !slices.Equal(page.Rows[0].Unread, []string{"name"}) {
		t.Errorf("%v %+v", err, page)
	}
}

// A key may be anything. Reasons name known members and small indices, and quote no long number.
func TestFault3_5_KeysAreNotNamed(t *testing.T) {
	t.Parallel()
	bad := with(t, basketJSON(1), `"price":900`, `"price":"x"`)
	for baskets, want := range map[string]string{
		`{"canary.buyer@example.test":` + bad + `}`:            `orders[5000002].baskets[?].price: cannot read a text of 1 characters as money`,
		`{"+70000000077":{"Canaryname":1,"id":1,"price":"y"}}`: `orders[5000002].baskets[?].price: cannot read a text of 1 characters as money`,
		`{"70000000077":` + bad + `}`:                          `orders[5000002].baskets[?].price: cannot read a text of 1 characters as money`,
		`{"7":` + bad + `}`:                                    `orders[5000002].baskets[7].price: cannot read a text of 1 characters as money`,
		`{"\u001b[31m":` + bad + `}`:                           `orders[5000002].baskets[?].price: cannot read a text of 1 characters as money`,
	} {
		_, invalid := one(t, strings.Replace(orderJSON(5000002), `"baskets":[]`, `"baskets":`+baskets, 1))
		if invalid == nil || invalid.Reason != want {
			t.Errorf("%s: %+v", baskets, invalid)
		}
	}
	for value, quoted := range map[string]bool{`79991112202.5`: false, `99911122`: false, `"8999111.2202"`: false,
		`9991112.22`: false, `999.111222`: false, `12345.678`: false, `1234.567`: true, `"12345,67"`: true} {
		_, invalid := one(t, with(t, orderJSON(5000002), `"event_id":70001`, `"event_id":`+value))
		text := strings.Trim(value, `"`)
		if value == `99911122` {
			continue // a good id
		}
		if invalid == nil || strings.Contains(invalid.Reason, text) != quoted {
			t.Errorf("%s: %+v", value, invalid)
		}
	}
}
