package simulator_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// The keys in the captured order (sections 7.4 and 9 of the API notes).
const (
	orderKeys = "id uniqid payed payed_at client_id client site_id site payment_id payment_type_id payment_card_number " +
		"payment_url " +
		"cancel_url basket_user_id backend_user_id access_code_id discount_id promo_code_id reserved reserved_to " +
		"reserve_extended " +
		"event_id price original_price currency_id utm custom fields baskets refunds integrations created_at updated_at " +
		"deleted_at"
	basketKeys = "id series barcode show_id seat_id seat_name original_price ticket_original_price discount_value " +
		"price ticket_amount " +
		"service_fee_amount multiprice_code quantity client_email client_phone client_name client_surname " +
		"client_middlename " +
		"organization_name legal_name work_position inn kpp comment pdf_url passbook_url related_baskets services " +
		"checked_at " +
		"created_at updated_at deleted_at refunded_at refunded_amount refunded_deduction_amount refunds"
	eventKeys = "id is_active name scheme_id currency_id place_name place_address place_description city_id " +
		"description site_url " +
		"external_id ticket_id mail_template_id age shows payments poster event_type_id city ticket mail_template slug " +
		"place_coordinates url created_at updated_at deleted_at"
	showKeys = "id name is_active sale_start_date sale_finish_date open_date start_date finish_date scheme_properties " +
		"prices " +
		"min_price max_price created_at updated_at deleted_at"
)

// The JSON types of sections 7.1, 7.2 and 9; "a" array, "b" bool, "i" int, "d" number with a fraction,
// "n" null, "o" object, "s" string.
var orderTypes = map[string]string{
	"id": "i", "uniqid": "s", "payed": "b", "payed_at": "sn", "client_id": "i", "client": "o", "site_id": "i", "site": "o",
	"payment_id": "i", "payment_type_id": "s", "payment_card_number": "sn", "payment_url": "s", "cancel_url": "s",
	"basket_user_id": "i", "backend_user_id": "ni", "access_code_id": "n", "discount_id": "in", "promo_code_id": "in",
	"reserved": "bn", "reserved_to": "s", "reserve_extended": "b", "event_id": "i", "price": "id", "original_price": "id",
	"currency_id": "s", "utm": "ao", "custom": "so", "fields": "ao", "baskets": "a", "refunds": "a", "integrations": "a",
	"created_at": "s", "updated_at": "s", "deleted_at": "sn",
}

var basketTypes = map[string]string{
	"id": "i", "series": "s", "barcode": "sn", "show_id": "i", "seat_id": "s", "seat_name": "s", "original_price": "id",
	"ticket_original_price": "id", "discount_value": "id", "price": "id", "ticket_amount": "id", "service_fee_amount": "i",
	"multiprice_code": "ns", "quantity": "i", "client_email": "s", "client_phone": "s", "client_name": "s",
	"client_surname":    "sn",
	"client_middlename": "n", "organization_name": "ns", "legal_name": "ns", "work_position": "ns", "inn": "ns",
	"kpp":     "ns",
	"comment": "ns", "pdf_url": "sn", "passbook_url": "sn", "related_baskets": "a", "services": "a", "checked_at": "sn",
	"created_at": "s", "updated_at": "s", "deleted_at": "sn", "refunded_at": "ns", "refunded_amount": "nid",
	"refunded_deduction_amount": "nid", "refunds": "a",
}

var eventTypes = map[string]string{
	"id": "i", "is_active": "i", "name": "s", "scheme_id": "i", "currency_id": "s", "place_name": "s",
	"place_address":     "s",
	"place_description": "s", "city_id": "i", "description": "s", "site_url": "s", "external_id": "n", "ticket_id": "i",
	"mail_template_id": "i", "age": "s", "shows": "a", "payments": "a", "poster": "o", "event_type_id": "i", "city": "o",
	"ticket": "o", "mail_template": "o", "slug": "s", "place_coordinates": "a", "url": "s", "created_at": "s",
	"updated_at": "s",
	"deleted_at": "ns",
}

var showTypes = map[string]string{
	"id": "i", "name": "s", "is_active": "i", "sale_start_date": "ns", "sale_finish_date": "s", "open_date": "s",
	"start_date":  "s",
	"finish_date": "s", "scheme_properties": "o", "prices": "a", "min_price": "on", "max_price": "on", "created_at": "s",
	"updated_at": "s", "deleted_at": "ns",
}

// field is a key with its raw value, in the order of the text.
type field struct {
	key string
	raw json.RawMessage
}

func fields(t testing.TB, object json.RawMessage) []field {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(object))
	if token, err := dec.Token(); err != nil || token != json.Delim('{') {
		t.Fatalf("no object: %.80s (%v)", object, err)
	}
	var all []field
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		var f field
		f.key = key.(string)
		if err := dec.Decode(&f.raw); err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

func typeOf(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "o"
	case '[':
		return "a"
	case '"':
		return "s"
	case 't', 'f':
		return "b"
	case 'n':
		return "n"
	}
	if bytes.ContainsAny(raw, ".eE") {
		return "d"
	}
	return "i"
}

func checkShape(t *testing.T, object json.RawMessage, keys string, types map[string]string) map[string]json.RawMessage {
	t.Helper()
	values := map[string]json.RawMessage{}
	var got []string
	for _, f := range fields(t, object) {
		got = append(got, f.key)
		values[f.key] = f.raw
		if want := types[f.key]; !strings.Contains(want, typeOf(f.raw)) {
			t.Errorf("%s is %.60s: type %s, want one of %q", f.key, f.raw, typeOf(f.raw), want)
		}
	}
	if want := strings.Fields(keys); !slices.Equal(got, want) {
		t.Fatalf("keys %v\nwant %v", got, want)
	}
	return values
}

func elements(t testing.TB, raw json.RawMessage) []json.RawMessage {
	t.Helper()
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func checkOrders(t *testing.T, rows []json.RawMessage) {
	t.Helper()
	for _, row := range rows {
		order := checkShape(t, row, orderKeys, orderTypes)
		baskets := elements(t, order["baskets"])
		if len(baskets) == 0 {
			t.Errorf("order %s has no baskets", order["id"])
		}
		for _, b := range baskets {
			checkShape(t, b, basketKeys, basketTypes)
		}
	}
}

func checkEvents(t *testing.T, rows []json.RawMessage) {
	t.Helper()
	for _, row := range rows {
		event := checkShape(t, row, eventKeys, eventTypes)
		for _, s := range elements(t, event["shows"]) {
			checkShape(t, s, showKeys, showTypes)
		}
	}
}

func rawRows(t testing.TB, text string) []json.RawMessage {
	t.Helper()
	var p struct{ Data []json.RawMessage }
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return p.Data
}

func TestShapesOfTheWorld(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(400), simulator.ServerOptions{MaxPerPage: 2000})
	orders := rawRows(t, get(t, s, "/orders", `{"perPage":2000}`).text)
	if len(orders) != 400 {
		t.Fatalf("%d orders, want 400", len(orders))
	}
	checkOrders(t, orders)
	checkEvents(t, rawRows(t, get(t, s, "/events", "").text))
}

// TestShapesOfCaptures holds the same tables against recorded production answers.
func TestShapesOfCaptures(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("QTICKETS_CAPTURES")
	if dir == "" {
		t.Skip("QTICKETS_CAPTURES names no folder with captures")
	}
	for name, check := range map[string]func(*testing.T, []json.RawMessage){"orders": checkOrders, "events": checkEvents} {
		text, err := os.ReadFile(filepath.Join(dir, name+"_page.json"))
		if err != nil {
			t.Fatal(err)
		}
		check(t, rawRows(t, string(text)))
	}
}

func TestPHPQuirks(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(1500), simulator.ServerOptions{MaxPerPage: 2000})
	orders := get(t, s, "/orders", `{"perPage":2000}`).text
	for _, want := range []string{
		`"utm":[]`, `"custom":""`, `"fields":[]`, `"integrations":[]`, `"utm_source":"\u0418\u043d\u0441\u0442`,
		`https:\/\/example.test\/`,
		`"details":null`, `"details":[]`, `"reserved":null`, `"currency_id":"KZT"`, `"payment_type_id":"1234567"`,
		`"related_baskets":[{`,
	} {
		if !strings.Contains(orders, want) {
			t.Errorf("no %s among the orders", want)
		}
	}
	for _, never := range []string{`{}`, `"utm":null`, "Имя", "https://"} {
		if strings.Contains(orders, never) {
			t.Errorf("%s among the orders", never)
		}
	}
	first := get(t, s, "/orders", `{"perPage":1}`).page(t)
	detail := get(t, s, "/orders/"+itoa(int(first.ids()[0])), "")
	if !strings.Contains(detail.text, `"integrations":{"roistat":{"roistat_visit":null}}`) ||
		strings.Contains(detail.text, `"paging"`) {
		t.Errorf("the detail is %s", detail.text)
	}
	events := get(t, s, "/events", "").text
	for _, want := range []string{`"color_theme":"1"`, `"is_active":0`, `"is_active":true`, `"min_price":null`,
		`"payments":[]`, `"rows":[""]`, `"disabled":"1"`} {
		if !strings.Contains(events, want) {
			t.Errorf("no %s among the events", want)
		}
	}
	if len(events) < 300000 {
		t.Errorf("an events page of %d bytes is too small to be real", len(events))
	}
}

// TestPersonalDataIsMarked: a canary stands in every field that holds a person's data.
func TestPersonalDataIsMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(400)
	s := start(t, w, simulator.ServerOptions{MaxPerPage: 2000})
	pattern := simulator.CanaryPattern()
	personal := strings.Fields("client_email client_phone client_name client_surname organization_name legal_name " +
		"work_position inn kpp comment barcode pdf_url passbook_url")
	seen := map[string]int{}
	for _, o := range everything(t, s, "/orders") {
		client := o["client"].(map[string]any)
		checkMarked(t, seen, pattern.MatchString, "email", client["email"])
		if details, ok := client["details"].(map[string]any); ok {
			for _, k := range []string{"name", "surname", "phone"} {
				checkMarked(t, seen, pattern.MatchString, k, details[k])
			}
		}
		for _, k := range []string{"payment_card_number", "payment_url", "cancel_url"} {
			checkMarked(t, seen, pattern.MatchString, k, o[k])
		}
		for _, b := range o["baskets"].([]any) {
			for _, k := range personal {
				checkMarked(t, seen, pattern.MatchString, k, b.(map[string]any)[k])
			}
		}
	}
	for _, k := range append(personal, "email", "name", "surname", "phone", "payment_card_number", "payment_url",
		"cancel_url") {
		if seen[k] == 0 {
			t.Errorf("no order has %s", k)
		}
	}
	for _, mark := range w.Canaries() {
		if !pattern.MatchString(mark) {
			t.Errorf("the pattern misses %q", mark)
		}
	}
	if text := get(t, s, "/events", "").text; !strings.Contains(text,
		`\u041a\u0430\u043d\u0430\u0440\u0435\u0439\u043a\u0430`) {
		t.Error("no canary in payments[].name")
	}
}

func checkMarked(t *testing.T, seen map[string]int, marked func(string) bool, key string, value any) {
	t.Helper()
	text, ok := value.(string)
	if !ok {
		return
	}
	seen[key]++
	if !marked(text) {
		t.Errorf("%s %q has no mark", key, text)
	}
}
