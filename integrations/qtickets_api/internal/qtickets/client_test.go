package qtickets

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const testToken = "canaryTOKENcanaryTOKENcanary1234"

// clock is a clock that only sleeping moves.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: when} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// serve starts a server under a non-empty base path and a client for it whose time is faked.
func serve(t *testing.T, handler http.HandlerFunc, change ...func(*Options)) (*Client, *clock) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/api/rest/v1/", http.StripPrefix("/api/rest/v1", handler))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	clock := newClock()
	o := Options{BaseURL: server.URL + "/api/rest/v1/", Token: testToken, RateLimit: 1e6, Now: clock.Now,
		Sleep: clock.Sleep, Rand: func() float64 { return 0.5 }}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if tr, ok := c.options.Transport.(*http.Transport); ok {
			tr.CloseIdleConnections()
		}
	})
	return c, clock
}

func writeJSON(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

const unknownError = `{"error":"Unknown error","status":503,"code":"UNKNOWN_ERROR","info":[]}`

func TestNewChecksOptions(t *testing.T) {
	t.Parallel()
	good := Options{BaseURL: "https://qtickets.example/api/rest/v1", Token: testToken}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{
		"QTICKETS_BASE_URL":   {Token: testToken},
		"not an http address": {BaseURL: "ftp://qtickets.example/api", Token: testToken},
		"cannot be read":      {BaseURL: "http://[", Token: testToken},
		"no path":             {BaseURL: "https://qtickets.example/", Token: testToken},
		"has more than":       {BaseURL: good.BaseURL + "?x=" + testToken, Token: testToken},
		"QTICKETS_TOKEN":      {BaseURL: good.BaseURL},
		"contains a space":    {BaseURL: good.BaseURL, Token: testToken + "\n"},
		"QTICKETS_RATE_LIMIT": {BaseURL: good.BaseURL, Token: testToken, RateLimit: -1},
	} {
		_, err := New(o)
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), testToken) {
			t.Errorf("want an error with %q, got %v", name, err)
		}
	}
}

func TestRequestOnTheWire(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var bodies, nonces []string
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		bodies, nonces = append(bodies, string(body)), append(nonces, r.URL.Query().Get("_"))
		if r.Method != http.MethodGet || r.URL.Path != "/orders" || r.Header.Get("Authorization") != "Bearer "+testToken ||
			r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Accept") != "application/json" ||
			r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		if len(bodies) == 1 {
			writeJSON(w, 502, "{}")
			return
		}
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("accepts %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, listJSON(orderJSON(5000001)))
		_ = z.Close()
	})
	page, err := c.Orders(t.Context(), Query{Where: []Condition{{Column: "event_id", Value: 70001}},
		OrderBy: []Sort{Asc("id")}})
	if err != nil || len(page.Rows) != 1 {
		t.Fatal(err, page.Invalid)
	}
	want := `{"where":[{"column":"event_id","value":70001}],"orderBy":{"id":"asc"}}`
	if len(bodies) != 2 || bodies[0] != want || bodies[1] != want {
		t.Errorf("bodies %q", bodies)
	}
	if nonces[0] == "" || nonces[0] == nonces[1] {
		t.Errorf("cache busters %q", nonces)
	}
	stats := c.Stats()
	if stats.Requests != 2 || stats.Retries != 1 || stats.ByStatus[502] != 1 || stats.ByStatus[200] != 1 ||
		stats.Bytes < 1000 {
		t.Errorf("stats %+v", stats)
	}
}

func TestBracketForm(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if len(body) != 0 || r.URL.Query().Get("where[0][column]") != "event_id" ||
			r.URL.Query().Get("where[0][value]") != "70001" || r.URL.Query().Get("_") == "" {
			t.Errorf("%s, body %q", r.URL, body)
		}
		writeJSON(w, 200, listJSON(orderJSON(5000001)))
	})
	if _, err := c.WithEncoding(BracketParams).Orders(t.Context(),
		Query{Where: []Condition{{Column: "event_id", Value: 70001}}}); err != nil {
		t.Error(err)
	}
	if c.Stats().Requests != 1 {
		t.Error("the other form does not share the counters")
	}
}

func TestOnlyReadingMethods(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { reached.Add(1); writeJSON(w, 200, "{}") })
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get"} {
		r, err := http.NewRequestWithContext(t.Context(), method, c.base.String()+"/orders", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := c.http.Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		if !errors.Is(err, ErrMethod) || Class(c.networkError(r, "orders", err)) != "method" {
			t.Errorf("%s: %v", method, err)
		}
	}
	if reached.Load() != 0 {
		t.Errorf("%d requests left the client", reached.Load())
	}
}

func TestIgnoredParameters(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		query Query
		body  string
		want  IgnoredError
	}{
		{"where", Query{Where: []Condition{{Column: "event_id", Value: 1}}}, listJSON(orderJSON(5000001)),
			IgnoredError{"orders", "where", "event_id", 5000001}},
		{"where null", Query{Where: []Condition{{Column: "payed_at", Operator: "null"}}}, listJSON(orderJSON(5000001)),
			IgnoredError{"orders", "where", "payed_at", 5000001}},
		{"orderBy", Query{OrderBy: []Sort{Desc("id")}}, listJSON(orderJSON(5000001), orderJSON(5000002)),
			IgnoredError{"orders", "orderBy", "id", 5000002}},
		{"page", Query{Page: 2}, pageJSON(1, 1, 5, orderJSON(5000001)), IgnoredError{"orders", "page", "currentPage", 0}},
		{"perPage", Query{}, pageJSON(1, 1, 5, orderJSON(5000001), orderJSON(5000002)),
			IgnoredError{"orders", "page", "perPage", 0}},
	}
	for _, c := range cases {
		client, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 200, c.body) })
		page, err := client.Orders(t.Context(), c.query)
		var ignored *IgnoredError
		if !errors.As(err, &ignored) || *ignored != c.want || Class(err) != "ignored" || len(page.Rows) == 0 {
			t.Errorf("%s: %v, %d rows", c.name, err, len(page.Rows))
		}
	}
}

func TestOneOrder(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/orders/5000001":
			writeJSON(w, 200, `{"data":`+orderJSON(5000001, basketJSON(1))+`}`)
		case "/orders/5000002":
			writeJSON(w, 200, `{"data":`+orderJSON(5000009)+`}`)
		case "/orders/5000003":
			writeJSON(w, 200, `{"data":{"id":5000003,"baskets":[{"id":1,"price":"abc"}]}}`)
		case "/orders/5000004":
			writeJSON(w, 200, `{"data":[]}`)
		default:
			writeJSON(w, 404, `{"code":"RESOURCE_NOT_FOUND"}`)
		}
	})
	o, observed, err := c.Order(t.Context(), 5000001)
	if err != nil || o.ID != 5000001 || len(o.Baskets) != 1 || observed.Sub(when) > time.Second {
		t.Errorf("%v %s %+v", err, observed, o)
	}
	for id, class := range map[int64]string{5000002: "ignored", 5000003: "bad_row", 5000004: "unexpected",
		5000005: "not_found"} {
		if _, _, err := c.Order(t.Context(), id); Class(err) != class {
			t.Errorf("order %d: %v, want class %s", id, err, class)
		}
	}
	_, _, err = c.Order(t.Context(), 5000003)
	if !strings.HasPrefix(err.Error(), `orders[5000003].baskets[0].price: cannot read a text of 3 characters as money`) {
		t.Error(err)
	}
}

func TestSeatsOfAShow(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Select []string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.Select) != len(seatColumns) {
			t.Errorf("%v %v", err, body)
		}
		switch r.URL.Path {
		case "/shows/80001/seats":
			writeJSON(w, 200, nestedSeats)
		case "/shows/80002/seats":
			writeJSON(w, 200, `{"data":[]}`)
		default:
			writeJSON(w, 200, `{"data":{"Z":{"seats":{"1;1":{"seat_id":"Z-1;1","admission":true}}}}}`)
		}
	})
	if got, err := c.Seats(t.Context(), 80001); err != nil || len(got.Seats) != 3 || got.ObservedAt.IsZero() {
		t.Errorf("%v %+v", err, got)
	}
	if got, err := c.Seats(t.Context(), 80002); err != nil || len(got.Seats) != 0 {
		t.Errorf("%v %+v", err, got)
	}
	if _, err := c.Seats(t.Context(), 80003); Class(err) != "ignored" || !strings.Contains(err.Error(), "select") {
		t.Error(err)
	}
}

func TestEveryList(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/events":
			if string(body) != `{"select":["id","name"]}` {
				t.Errorf("the id is not selected: %s", body)
			}
			writeJSON(w, 200, listJSON(`{"id":1,"name":"x"}`))
		case "/discounts", "/promo-codes":
			writeJSON(w, 200, listJSON(`{"id":1}`, `{"id":2}`))
		case "/color-themes":
			writeJSON(w, 200, `{"data":[{"id":2,"color":"#000000"},{"id":1,"color":"#ffffff"},{"id":3,"color":"#ff0000"}]}`)
		}
	})
	events, err := c.Events(t.Context(), Query{Select: []string{"name"}})
	if err != nil || len(events.Rows) != 1 {
		t.Error(err, events)
	}
	discounts, err := c.Discounts(t.Context(), Query{})
	if err != nil || len(discounts.Rows) != 2 {
		t.Error(err, discounts)
	}
	codes, err := c.PromoCodes(t.Context(), Query{})
	if err != nil || len(codes.Rows) != 2 {
		t.Error(err, codes)
	}
	colors, err := c.ColorThemes(t.Context(), Query{})
	if err != nil || len(colors.Rows) != 3 || !colors.Paging.Last() {
		t.Error(err, colors)
	}
}

func TestCachedAnswersAreCounted(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	states := []string{"MISS", "BYPASS", "", "HIT", "STALE"}
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Cache-Status", states[0])
		states = states[1:]
		writeJSON(w, 200, listJSON())
	}, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	for range 5 {
		if _, err := c.Orders(t.Context(), Query{}); err != nil {
			t.Fatal(err)
		}
	}
	if c.Stats().Cached != 2 || strings.Count(log.String(), "level=WARN") != 2 ||
		!strings.Contains(log.String(), "cache=HIT") {
		t.Errorf("%+v\n%s", c.Stats(), log.String())
	}
}
