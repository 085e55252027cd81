package simulator_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// faultCase turns one fault on and looks at what changes.
type faultCase struct {
	fault string
	check func(t *testing.T, s *simulator.Server, w *simulator.World)
}

const (
	byID      = `{"orderBy":{"id":"asc"}}`
	paid      = `{"where":[{"column":"payed","value":1}]}`
	since     = `{"where":[{"column":"updated_at","operator":">=","value":"2030-04-20T00:00:00+03:00"}]}`
	sinceText = `{"where":[{"column":"updated_at","operator":">=","value":"2030-04-20 00:00:00"}]}`
)

// everyFault: one entry per switch; TestFaultsAreAllTested compares it with FaultDocs.
var everyFault = []faultCase{
	{"filter-ignored", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		wantTotal(t, get(t, s, "/orders", paid), w.Oracle().Totals.Orders)
	}},
	{"order-ignored", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		if ids := get(t, s, "/orders", `{"orderBy":{"id":"desc"}}`).page(t).ids(); !slices.IsSorted(ids) {
			t.Error("orderBy desc was obeyed")
		}
	}},
	{"page-ignored", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		first, second := get(t, s, "/orders", `{"page":1}`), get(t, s, "/orders", `{"page":2}`)
		if first.text != second.text {
			t.Error("page 2 differs from page 1")
		}
	}},
	{"per-page-capped:20", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		if p := get(t, s, "/orders", `{"perPage":100}`).page(t); p.Paging.PerPage != 20 || len(p.Data) != 20 {
			t.Errorf("paging %+v with %d rows", p.Paging, len(p.Data))
		}
	}},
	{"range-refused", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		wantStatus(t, get(t, s, "/orders", since), 503)
		if p := get(t, s, "/orders", paid).page(t); p.Paging.Total == w.Oracle().Totals.Orders {
			t.Error("equality was refused too")
		}
	}},
	{"range-ignored", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		wantTotal(t, get(t, s, "/orders", since), w.Oracle().Totals.Orders)
	}},
	{"date-format:iso", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatus(t, get(t, s, "/orders", since), 200)
		wantStatus(t, get(t, s, "/orders", sinceText), 503)
	}},
	{"date-format:space", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatus(t, get(t, s, "/orders", since), 503)
		wantStatus(t, get(t, s, "/orders", sinceText), 200)
	}},
	{"date-format:naive", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		// An order changed between 21:00 and 24:00 Moscow of the eve tells the readings apart.
		id, err := w.CreateOrder(simulator.NewOrder{})
		if err != nil {
			t.Fatal(err)
		}
		now := w.Now()
		body := func(at time.Time) string {
			return fmt.Sprintf(`{"where":[{"column":"updated_at","operator":">=","value":%q},{"column":"id","value":%d}]}`,
				at.Format(time.RFC3339), id)
		}
		wantTotal(t, get(t, s, "/orders", body(now.In(moscowTime))), 1)
		wantTotal(t, get(t, s, "/orders", body(now.Add(time.Hour).In(time.UTC))), 1)
	}},
	{"select-refused", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatus(t, get(t, s, "/orders", `{"select":["id"]}`), 503)
		wantStatus(t, get(t, s, "/events", `{"select":["id"]}`), 200)
	}},
	{"select-ignored", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantText(t, get(t, s, "/events", `{"select":["id"]}`), "scheme_properties")
	}},
	{"url-order-refused", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatus(t, get(t, s, "/orders?orderBy=%7B%22payed_at%22%3A%22desc%22%7D", ""), 503)
		wantStatus(t, get(t, s, "/events?orderBy=%7B%22id%22%3A%22desc%22%7D", ""), 200)
	}},
	{"body-stripped", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		wantTotal(t, get(t, s, "/orders", paid), w.Oracle().Totals.Orders)
		if p := get(t, s, "/orders?where[0][column]=payed&where[0][value]=1",
			"").page(t); p.Paging.Total == w.Oracle().Totals.Orders {
			t.Error("the URL was stripped too")
		}
	}},
	{"empty-page:2", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		p := get(t, s, "/orders", `{"page":2}`).page(t)
		if len(p.Data) != 0 || p.Paging.Total != w.Oracle().Totals.Orders {
			t.Errorf("page 2 has %d rows of %d", len(p.Data), p.Paging.Total)
		}
		if p := get(t, s, "/orders", `{"page":3}`).page(t); len(p.Data) == 0 {
			t.Error("page 3 is empty too")
		}
	}},
	{"skipped-row", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		ids := slices.Concat(get(t, s, "/orders", `{"page":1}`).page(t).ids(),
			get(t, s, "/orders", `{"page":2}`).page(t).ids())
		if slices.Contains(ids, w.Oracle().OrderIDs[50]) || len(ids) != 100 {
			t.Error("no row was skipped")
		}
	}},
	{"duplicate-row", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		if ids := get(t, s, "/orders", `{"page":2}`).page(t).ids(); ids[0] != w.Oracle().OrderIDs[49] {
			t.Error("no row came twice")
		}
	}},
	{"total-lies:-4", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		wantTotal(t, get(t, s, "/orders", byID), w.Oracle().Totals.Orders-4)
	}},
	{"growing:2", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		before := w.Oracle().Totals.Orders
		wantTotal(t, get(t, s, "/orders", ""), before+2)
		wantTotal(t, get(t, s, "/orders", `{"page":2}`), before+4)
	}},
	{"stale-cache", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		first := get(t, s, "/orders", `{"page":1}`)
		second := get(t, s, "/orders", paid)
		if second.text != first.text || second.header.Get("X-Cache-Status") != "HIT" ||
			first.header.Get("X-Cache-Status") != "MISS" {
			t.Errorf("the second answer is not the first again: %s", second.header.Get("X-Cache-Status"))
		}
		if r := get(t, s, "/orders?_=1", paid); r.text == first.text || r.header.Get("X-Cache-Status") != "MISS" {
			t.Error("another address was answered from the cache")
		}
	}},
	{"stale-cache:any-url", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		first := get(t, s, "/orders?_=1", "")
		if r := get(t, s, "/orders?_=2", paid); r.text != first.text || r.header.Get("X-Cache-Status") != "HIT" {
			t.Error("another address was not answered from the cache")
		}
	}},
	{"cut-body:2", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		for n := 1; n <= 3; n++ {
			if r := get(t, s, "/orders", ""); (r.err != nil) != (n == 2) {
				t.Errorf("answer %d: error %v", n, r.err)
			}
		}
	}},
	{"cut-json:1", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		if r := get(t, s, "/orders", ""); r.err != nil || strings.HasSuffix(r.text, "}") {
			t.Errorf("error %v, tail %s", r.err, r.text[len(r.text)-20:])
		}
		get(t, s, "/orders", "").page(t)
	}},
	{"dropped:1", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		if r := send(t, s, request{path: "/orders/1", header: map[string]string{"Connection": "close"}}); r.err == nil &&
			r.status != 404 {
			t.Errorf("status %d", r.status)
		}
		if n := s.Counters().Status(0); n != 1 {
			t.Errorf("%d connections dropped", n)
		}
		wantStatus(t, get(t, s, "/orders", ""), 200)
	}},
	{"slow:1h0m0s@orders", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		ctx, hangUp := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/orders", nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for s.Counters().InFlight == 0 {
				time.Sleep(time.Millisecond)
			}
			hangUp()
		}()
		if response, err := http.DefaultClient.Do(r); err == nil {
			_ = response.Body.Close()
			t.Errorf("answered at once: %d", response.StatusCode)
		} else if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		wantStatus(t, get(t, s, "/events", ""), 200)
		s.SetFault(simulator.Fault{Kind: simulator.Slow, Delay: time.Millisecond, Path: "orders"})
		wantStatus(t, get(t, s, "/orders", ""), 200)
	}},
	{"too-many:2", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatuses(t, s, "/orders", 429, 429, 200)
	}},
	{"retry-after:1,3s@orders", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatus(t, get(t, s, "/events", `{"perPage":1}`), 200)
		if r := get(t, s, "/orders", ""); r.status != 429 || r.header.Get("Retry-After") != "3" {
			t.Errorf("%d, Retry-After %q", r.status, r.header.Get("Retry-After"))
		}
		wantStatus(t, get(t, s, "/orders", ""), 200)
	}},
	{"unavailable:2", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatuses(t, s, "/orders", 503, 503, 200)
	}},
	{"server-error:1", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatuses(t, s, "/orders", 500,
			200)
	}},
	{"bad-gateway:1", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatuses(t, s, "/orders", 502,
			200)
	}},
	{"html", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		if r := get(t, s, "/orders", ""); r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") ||
			r.text[0] != '<' {
			t.Errorf("%d %s", r.status, r.header.Get("Content-Type"))
		}
	}},
	{"redirect:1", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		r := get(t, s, "/orders", "")
		if r.status != 302 || !strings.HasPrefix(r.header.Get("Location"), "http://127.0.0.1:") {
			t.Errorf("%d to %q", r.status, r.header.Get("Location"))
		}
	}},
	{"token-rotated", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatuses(t, s, "/orders", 403,
			403)
	}},
	{"unauthorized", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		wantStatuses(t, s, "/orders", 401,
			401)
	}},
	{"seats-unavailable", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		shows := w.Oracle().ShowIDs
		wantStatus(t, get(t, s, fmt.Sprintf("/shows/%d/seats", shows[0]), ""), 503)
		s.ClearFaults()
		s.SetFault(simulator.Fault{Kind: simulator.SeatsUnavailable, N: shows[1]})
		wantStatus(t, get(t, s, fmt.Sprintf("/shows/%d/seats", shows[0]), ""), 200)
		wantStatus(t, get(t, s, fmt.Sprintf("/shows/%d/seats", shows[1]), ""), 503)
	}},
	{"account-offset:+05:00", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		moved := get(t, s, "/orders", `{"perPage":1}`).page(t).Data[0]["created_at"].(string)
		s.ClearFaults()
		plain := get(t, s, "/orders", `{"perPage":1}`).page(t).Data[0]["created_at"].(string)
		if !strings.HasSuffix(moved, "+05:00") || utc(moved) != utc(plain) || moved == plain {
			t.Errorf("%s instead of %s", moved, plain)
		}
	}},
	{"ints-as-strings", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		for _, path := range []string{"/orders", "/events", "/discounts",
			fmt.Sprintf("/shows/%d/seats", w.Oracle().ShowIDs[0])} {
			text := get(t, s, path, "").text
			rows, _, _ := strings.Cut(text, `,"paging"`)
			if found := regexp.MustCompile(`[:,\[]-?[0-9]+[,}\]]`).FindString(rows); found != "" {
				t.Errorf("%s: a number is left: %s", path, found)
			}
		}
	}},
	{"unknown-fields", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		basket := get(t, s, "/orders", "").page(t).Data[0]["baskets"].([]any)[0].(map[string]any)
		if _, ok := basket["new_object"].(map[string]any); !ok || basket["new_text"] != "new/текст" {
			t.Errorf("the basket has no new fields: %v", basket)
		}
	}},
	{"bad-price", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		rows := get(t, s, "/orders", byID).page(t).Data
		if _, ok := rows[0]["price"].(string); !ok {
			t.Errorf("the first price is %v", rows[0]["price"])
		}
		if _, ok := rows[1]["price"].(float64); !ok {
			t.Errorf("the second price is %v", rows[1]["price"])
		}
	}},
	{"naive-time", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		rows := get(t, s, "/orders", byID).page(t).Data
		if len(rows[0]["created_at"].(string)) != 19 || len(rows[1]["created_at"].(string)) != 25 {
			t.Errorf("%v and %v", rows[0]["created_at"], rows[1]["created_at"])
		}
	}},
	{"null-details", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		for _, row := range get(t, s, "/orders", "").page(t).Data {
			if details, ok := row["client"].(map[string]any)["details"]; !ok || details != nil {
				t.Fatalf("details are %v", details)
			}
		}
	}},
	{"custom-object", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		for _, row := range get(t, s, "/orders", "").page(t).Data {
			if _, ok := row["custom"].(map[string]any); !ok {
				t.Fatalf("custom is %v", row["custom"])
			}
		}
	}},
	{"stalled:1", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		ctx, hangUp := context.WithCancel(t.Context())
		defer hangUp()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/orders", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+s.Token())
		r.Header.Set("Accept-Encoding", "identity")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if _, err := io.ReadFull(response.Body, make([]byte, 100)); err != nil {
			t.Error(err)
		}
		hangUp() // it would never end by itself
		if _, err := io.ReadAll(response.Body); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		get(t, s, "/orders", "").page(t)
	}},
	{"php-floats", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		float := regexp.MustCompile(`"price":"?\d+\.\d{10}`)
		for _, path := range []string{"/orders", fmt.Sprintf("/shows/%d/seats", w.Oracle().ShowIDs[0])} {
			body := ""
			if path != "/orders" {
				body = `{"select":["price"]}`
			}
			if text := get(t, s, path, body).text; !float.MatchString(text) {
				t.Errorf("%s: no noise in %.300s", path, text)
			}
		}
	}},
	{"odd-fields", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		row := get(t, s, "/orders", byID).page(t).Data[0]
		basket := row["baskets"].([]any)[0].(map[string]any)
		if basket["updated_at"] != "0000-00-00 00:00:00" || len(row["updated_at"].(string)) != 25 ||
			basket["price"] == nil || row["site_id"] != "main" {
			t.Errorf("%v", row)
		}
		wantText(t, get(t, s, "/promo-codes", ""), "2030-01-31 10:00:00")
	}},
	{"bad-bytes", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		text := get(t, s, "/orders", "").text
		if utf8.ValidString(text) || !strings.Contains(text, `\ud83d"`) {
			t.Errorf("%.600q", text)
		}
	}},
	{"personal-texts", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		text := get(t, s, "/orders", "").text + get(t, s, "/events", "").text + get(t, s, "/promo-codes", "").text +
			get(t, s, fmt.Sprintf("/shows/%d/seats", w.Oracle().ShowIDs[0]), "").text
		for _, mark := range simulator.PersonalMarks() {
			escaped := strings.Trim(strconv.QuoteToASCII(mark), `"`)
			if !strings.Contains(text, escaped) {
				t.Errorf("no %s", escaped)
			}
		}
	}},
	{"personal-keys", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		rows := get(t, s, "/orders", byID).page(t).Data
		if _, ok := rows[0]["baskets"].(map[string]any); !ok {
			t.Errorf("%v", rows[0]["baskets"])
		}
		if _, ok := rows[1]["baskets"].([]any); !ok {
			t.Errorf("%v", rows[1]["baskets"])
		}
	}},
	{"name-maps:ru_RU", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		row := get(t, s, "/events", `{"perPage":1}`).page(t).Data[0]
		if name, ok := row["name"].(map[string]any); !ok || name["ru_RU"] == "" || name["ru"] != nil {
			t.Errorf("name is %v", row["name"])
		}
	}},
	{"name-maps", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		row := get(t, s, "/events", `{"perPage":1}`).page(t).Data[0]
		if name, ok := row["name"].(map[string]any); !ok || name["ru"] == "" {
			t.Errorf("name is %v", row["name"])
		}
		if _, ok := row["city"].(map[string]any)["name"].(map[string]any); !ok {
			t.Errorf("city is %v", row["city"])
		}
	}},
	{"refund-moves-updated", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		if row := refundOne(t, s, w); row["updated_at"] != row["refunds"].([]any)[0].(map[string]any)["created_at"] {
			t.Errorf("updated_at stayed %v", row["updated_at"])
		}
	}},
	{"refund-sets-deleted", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		row := refundOne(t, s, w)
		basket := row["baskets"].([]any)[0].(map[string]any)
		if row["deleted_at"] == nil || basket["deleted_at"] == nil || basket["barcode"] != nil ||
			basket["ticket_amount"] != 0.0 {
			t.Errorf("deleted_at %v, basket %v", row["deleted_at"], basket)
		}
	}},
	{"refund-recomputes-price", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		if row := refundOne(t, s, w); row["price"] != 0.0 {
			t.Errorf("price %v", row["price"])
		}
	}},
	{"refund-drops-payed", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		if row := refundOne(t, s, w); row["payed"] != false || row["payed_at"] == nil {
			t.Errorf("payed %v at %v", row["payed"], row["payed_at"])
		}
		s.ClearFaults()
		if w.RefundRules() != (simulator.RefundRules{}) {
			t.Errorf("rules %+v after the faults are cleared", w.RefundRules())
		}
	}},
	{"empty-list", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		if p := get(t, s, "/events", "").page(t); p.Paging.Total != 0 || len(p.Data) != 0 {
			t.Errorf("paging %+v with %d rows", p.Paging, len(p.Data))
		}
	}},
	{"hidden-row", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		ids := w.Oracle().OrderIDs
		p := get(t, s, "/orders", byID).page(t)
		if p.Paging.Total != len(ids)-1 || slices.Contains(p.ids(), ids[0]) {
			t.Errorf("paging %+v, first rows %v", p.Paging, p.ids()[:3])
		}
	}},
	{"ticket-twice", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		ids := w.Oracle().OrderIDs
		last, before := ids[len(ids)-1], w.Tickets(ids[len(ids)-2])[0].ID
		if text := get(t, s, fmt.Sprint("/orders/", last), "").text; !strings.Contains(text, fmt.Sprintf(`{"id":%d,`, before)) {
			t.Errorf("ticket %d is not in order %d: %s", before, last, text)
		}
	}},
	{"refund-drops-payed-at", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		if row := refundOne(t, s, w); row["payed"] != false || row["payed_at"] != nil {
			t.Errorf("payed %v at %v", row["payed"], row["payed_at"])
		}
	}},
	{"refund-fractions", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		id, err := w.CreateOrder(simulator.NewOrder{Tickets: 3, FullPrice: true})
		if err == nil {
			err = errors.Join(w.Pay(id), w.Refund(id, nil, 1001))
		}
		text := get(t, s, fmt.Sprint("/orders/", id), "").text
		if parts := regexp.MustCompile(`"refunded_amount":\d+\.\d{10,}`).FindAllString(text, -1); err != nil || len(parts) < 2 {
			t.Errorf("%v: %s", err, text)
		}
	}},
	{"service-fee", func(t *testing.T, s *simulator.Server, _ *simulator.World) {
		text := get(t, s, "/orders", byID).text
		if !strings.Contains(text, `"service_fee_amount":1,`) {
			t.Errorf("no ticket holds a fee: %.2000s", text)
		}
	}},
	{"odd-refunds", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		if row := refundOne(t, s, w); row["refunds"].([]any)[0].(map[string]any)["amount"] != nil {
			t.Errorf("refunds %v", row["refunds"])
		}
	}},
	{"scan-moves-updated", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		for _, id := range w.Oracle().OrderIDs {
			w.Advance(time.Hour)
			if w.Scan(w.Tickets(id)[0].ID) != nil {
				continue
			}
			row := detail(t, s, id)
			if row["updated_at"] != row["baskets"].([]any)[0].(map[string]any)["checked_at"] {
				t.Errorf("updated_at %v", row["updated_at"])
			}
			return
		}
		t.Error("no ticket can be scanned")
	}},
	{"replaced-stays", func(t *testing.T, s *simulator.Server, w *simulator.World) {
		id, err := w.CreateOrder(simulator.NewOrder{Tickets: 2, FullPrice: true})
		if err == nil {
			err = w.Pay(id)
		}
		if err != nil {
			t.Fatal(err)
		}
		before := w.Oracle().Totals
		fresh, err := w.Replace(id)
		after := w.Oracle().Totals
		if err != nil || after.Sold != before.Sold || after.Cancelled != before.Cancelled+2 {
			t.Errorf("%v: %+v after, %+v before", err, after, before)
		}
		old, row := get(t, s, fmt.Sprint("/orders/", id), "").text, get(t, s, fmt.Sprint("/orders/", fresh), "").text
		if !strings.Contains(old, `"payed":true`) || strings.Contains(old, "secondary_orders") ||
			!strings.Contains(old, `"deleted_at":null}}`) || !strings.Contains(row, fmt.Sprintf(`"primary_orders":[{"id":%d,`, id)) {
			t.Errorf("old %s\nnew %s", old, row)
		}
	}},
}
