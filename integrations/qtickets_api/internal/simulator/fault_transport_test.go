package simulator_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestErrors: section 5.
func TestErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(60)
	s := start(t, w, simulator.ServerOptions{})
	root := strings.TrimSuffix(s.URL(), simulator.BasePath)
	unknown := `{"error":"Unknown error","status":503,"code":"UNKNOWN_ERROR","info":[]}`
	missing := func(resource string, id int) string {
		return fmt.Sprintf(`{"error":"Resource \"%s\" not found","status":404,"code":"RESOURCE_NOT_FOUND","info":{"id":%d,"resource":"%s"}}`, resource, id, resource)
	}
	for _, c := range []struct {
		method, path, token string
		status              int
		body                string // "" is the web page
	}{
		{"GET", "/orders/999", "", 404, missing("Order", 999)},
		{"GET", "/events/999", "", 404, missing("Event", 999)},
		{"GET", "/clients/1", "", 404, missing("Client", 1)},
		{"GET", "/discounts/colors", "", 404, missing("Discount", 0)},
		{"GET", "/orders/12abc", "", 404, missing("Order", 12)},
		{"GET", "/shows/1/seats", "", 404, missing("Show", 1)},
		{"GET", "/barcodes", "", 404, ""},
		{"GET", "/events/1/seats", "", 404, ""},
		{"GET", "/orders/filter", "", 404, ""},
		{"GET", "/price-shades", "", 404, ""},
		{"GET", "/../nowhere", "", 404, ""},
		{"GET", "/orders", "Bearer wrong", 403, `{"error":"Access denied","status":403,"code":"ACCESS_DENIED","info":[]}`},
		{"GET", "/orders", "none", 403, `{"error":"Access denied","status":403,"code":"ACCESS_DENIED","info":[]}`},
		{"POST", "/orders", "", 503, unknown},
		{"POST", "/orders/filter", "", 404, ""},
		{"POST", "/shows/80027/barcodes", "", 503, unknown},
		{"DELETE", "/orders/5000001", "", 503, unknown},
	} {
		header := map[string]string{"Accept-Encoding": "identity"}
		if c.token != "" {
			header["Authorization"] = c.token
		}
		r := send(t, s, request{method: c.method, path: c.path, header: header})
		kind := r.header.Get("Content-Type")
		if c.body == "" {
			if r.status != 404 || kind != "text/html; charset=UTF-8" || len(r.text) < 12000 || len(r.text) > 13500 {
				t.Errorf("%s %s: %d, %s, %d bytes; want the web page", c.method, c.path, r.status, kind, len(r.text))
			}
			continue
		}
		if r.status != c.status || kind != "application/json" || r.text != c.body || r.header.Get("X-Cache-Status") != "" {
			t.Errorf("%s %s: %d %s", c.method, c.path, r.status, r.text)
		}
	}
	if n := w.Oracle().Totals.Orders; n != 60 {
		t.Errorf("%d orders after the writing requests, want 60", n)
	}
	response, err := http.Post(root+simulator.PartnersPath+"/events/lists", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if response.StatusCode != 200 || !strings.Contains(string(text), `"status":"error","code":"WRONG_AUTHORIZATION"`) {
		t.Errorf("partners: %d %s", response.StatusCode, text)
	}
}

// TestHeaders: section 2.
func TestHeaders(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(60), simulator.ServerOptions{})
	zipped, unzipped := map[string]string{"Accept-Encoding": "gzip"}, map[string]string{"Accept-Encoding": "identity"}
	for _, path := range []string{"/orders", "/color-themes"} {
		r := send(t, s, request{path: path, header: zipped})
		for k, want := range map[string]string{
			"Content-Type": "application/json", "Cache-Control": "no-cache, private", "Vary": "Accept-Encoding",
			"X-Cache-Status":   "MISS",
			"Content-Encoding": "gzip", "Content-Length": "", "Server": "nginx",
		} {
			if got := r.header.Get(k); got != want {
				t.Errorf("%s: %s is %q, want %q", path, k, got, want)
			}
		}
		if got := r.http.TransferEncoding; len(got) != 1 || got[0] != "chunked" {
			t.Errorf("%s: transfer encoding %v", path, got)
		}
		z, err := gzip.NewReader(strings.NewReader(r.text))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if want := send(t, s, request{path: path, header: unzipped}).text; err != nil || string(plain) != want {
			t.Errorf("%s: gzip of something else (%v)", path, err)
		}
	}
	plain := start(t, newWorld(10), simulator.ServerOptions{NoGzip: true, Token: "OtherOtherOtherOtherOtherOther12"})
	if r := send(t, plain, request{path: "/events", header: zipped}); r.header.Get("Content-Encoding") != "" ||
		r.status != 200 {
		t.Errorf("NoGzip: %d, %v", r.status, r.header)
	}
}

func TestHEAD(t *testing.T) {
	t.Parallel()
	w := newWorld(20)
	s := start(t, w, simulator.ServerOptions{})
	event := fmt.Sprint("/events/", w.Oracle().EventIDs[0])
	if r := send(t, s, request{method: http.MethodHead, path: event}); r.status != 200 || r.text != "" {
		t.Errorf("an event there is: %d %q", r.status, r.text)
	}
	if r := send(t, s, request{method: http.MethodHead, path: "/events/1"}); r.status != 404 || r.text != "" {
		t.Errorf("an event there is not: %d %q", r.status, r.text)
	}
	if c := s.Counters(); c.NonGET != 0 {
		t.Errorf("HEAD counted as writing: %+v", c)
	}
}

func TestCounters(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(60), simulator.ServerOptions{NoGzip: true})
	a := get(t, s, "/orders", "")
	get(t, s, "/orders/5", "")
	get(t, s, "/orders/6", "")
	send(t, s, request{method: http.MethodPost, path: "/orders", body: `{}`})
	send(t, s, request{method: http.MethodPut, path: "/baskets", body: `{}`})
	c := s.Counters()
	if c.Total != 5 || c.NonGET != 2 || c.Rows != 50 || c.MaxInFlight < 1 || c.Bytes < int64(len(a.text)) ||
		c.Bytes != c.RawBytes {
		t.Errorf("counters %+v", c)
	}
	if c.Requests[simulator.RequestKey{Method: "GET", Path: "orders/{id}", Status: 404}] != 2 || c.Path("orders") != 2 ||
		c.Status(503) != 2 {
		t.Errorf("requests %v", c.Requests)
	}
	s.ResetCounters()
	if c := s.Counters(); c.Total != 0 || c.NonGET != 0 || len(c.Requests) != 0 {
		t.Errorf("after the reset: %+v", c)
	}
}

func TestServerLifecycle(t *testing.T) {
	t.Parallel()
	s := simulator.NewServer(newWorld(5), simulator.ServerOptions{})
	if s.URL() != "" || s.Close() != nil {
		t.Error("a server that does not listen has an address or cannot be closed")
	}
	if err := s.Start(""); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(""); err == nil {
		t.Error("a second Start succeeded")
	}
	if r := get(t, s, "/orders", ""); r.status != 200 {
		t.Errorf("status %d", r.status)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Errorf("start after close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Start("256.0.0.1:1"); err == nil {
		t.Error("an impossible address was accepted")
	}
}

func TestOnRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(60)
	var paths []string
	s := start(t, w, simulator.ServerOptions{OnRequest: func(path string) {
		paths = append(paths, path)
		if _, err := w.CreateOrder(simulator.NewOrder{}); err != nil {
			t.Error(err)
		}
	}})
	wantTotal(t, get(t, s, "/orders", ""), 61)
	get(t, s, "/orders/1", "")
	wantTotal(t, get(t, s, "/orders", ""), 63)
	if got := strings.Join(paths, " "); got != "orders orders/1 orders" {
		t.Errorf("paths %q", got)
	}
}

// FuzzRequest: whatever arrives is answered with JSON or the web page, never with a panic.
func FuzzRequest(f *testing.F) {
	f.Add("where[0][column]=event_id&where[0][value]=70001&page=2", `{"where":[{"column":"payed","value":1}]}`)
	f.Add("select[]=id&orderBy[id]=desc&a[b][=c&[x]=1&%zz",
		`{"orderBy":{"updated_at":"asc"},"page":1e9,"perPage":[1],"select":{"a":null}}`)
	f.Add("where[a]=1", `{"where":{"x":{"column":"updated_at","operator":">=","value":{}}}}`)
	f.Add("page=-1&perPage=99999999999999999999", `{"page":9223372036854775807,"flat":true}`)
	s := simulator.NewServer(newWorld(20), simulator.ServerOptions{})
	f.Fuzz(func(t *testing.T, query, body string) {
		for _, path := range []string{"/orders", "/events", "/promo-codes", "/baskets"} {
			r := httptest.NewRequest(http.MethodGet, simulator.BasePath+path, strings.NewReader(body))
			r.URL.RawQuery = query
			r.Header.Set("Authorization", "Bearer "+s.Token())
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != 200 && w.Code != 503 {
				t.Fatalf("status %d", w.Code)
			}
		}
	})
}
