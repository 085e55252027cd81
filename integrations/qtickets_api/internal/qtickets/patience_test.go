package qtickets

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// badMinute answers badly in every way, one after another.
var badMinute = []http.HandlerFunc{
	func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 429, "{}") },
	func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 429, "{}") },
	func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 503, unknownError) },
	func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 503, unknownError) },
	func(w http.ResponseWriter, _ *http.Request) { // a body cut short
		w.Header().Set("Content-Length", "100000")
		writeJSON(w, 200, `{"data":[`)
	},
	func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, // a reset
	func(w http.ResponseWriter, _ *http.Request) { // a page of maintenance
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>Скоро вернёмся")
	},
	func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 500, "") },
	func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 522, "") }, // of a gateway before QTickets
}

// One request outlives all of them: what counts is the time, not how often it failed.
func TestFault1_12_ABadMinuteIsSurvived(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	c, clock := serve(t, func(w http.ResponseWriter, r *http.Request) {
		i := int(n.Add(1)) - 2 // the first request is a good one: the address is the right one
		if i >= 0 && i < len(badMinute) {
			badMinute[i](w, r)
			return
		}
		writeJSON(w, 200, listJSON(orderJSON(5000001)))
	})
	for range 2 {
		if page, err := c.Orders(t.Context(), Query{}); err != nil || len(page.Rows) != 1 {
			t.Fatalf("%v after %d requests", err, c.Stats().Requests)
		}
	}
	if got := c.Stats().Retries; got != int64(len(badMinute)) {
		t.Errorf("%d retries, want %d", got, len(badMinute))
	}
	if took := clock.Now().Sub(when); took > 2*time.Minute {
		t.Errorf("the pauses together took %s", took)
	}
}

// A minute may begin badly: no request of the run was answered yet. Nor does it matter how many failures of one kind
// come in a row.
func TestFault1_12_ABadMinuteAtTheStart(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]http.HandlerFunc{badMinute, slices.Repeat(badMinute[6:8], 4), slices.Repeat(badMinute[3:4], 4),
		slices.Repeat(badMinute[3:4], 5), slices.Repeat(badMinute[3:4], 9), slices.Repeat(badMinute[:1], 9)} {
		var n atomic.Int64
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if i := int(n.Add(1)) - 1; i < len(bad) {
				bad[i](w, r)
				return
			}
			writeJSON(w, 200, listJSON(orderJSON(5000001)))
		})
		page, err := c.Orders(t.Context(), Query{OrderBy: []Sort{Asc("id")}})
		if err != nil || len(page.Rows) != 1 {
			t.Errorf("%d failures: %v after %d requests", len(bad), err, c.Stats().Requests)
		}
	}
}

// The budget ends the patience, whatever its size; pauses never exceed half a minute.
func TestFault1_12_TheBudgetEndsThePatience(t *testing.T) {
	t.Parallel()
	for _, budget := range []time.Duration{time.Second, 10 * time.Second, 15 * time.Minute} {
		c, clock := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 502, "") },
			func(o *Options) { o.RetryBudget = budget })
		if _, err := c.Orders(t.Context(), Query{}); Class(err) != "outage" {
			t.Errorf("%s: %v", budget, err)
		}
		if took := clock.Now().Sub(when).Round(time.Millisecond); took != budget {
			t.Errorf("gave up after %s of %s", took, budget)
		}
		for _, pause := range clock.slept {
			if pause > maxBackOff {
				t.Errorf("a pause of %s", pause)
			}
		}
	}
}

// Under Once nothing is repeated.
func TestOnce(t *testing.T) {
	t.Parallel()
	c, clock := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 502, "") })
	if _, err := c.Orders(Once(t.Context()), Query{}); Class(err) != "outage" || c.Stats().Requests != 1 ||
		len(clock.slept) != 0 {
		t.Errorf("%v after %d requests", err, c.Stats().Requests)
	}
}

// A web page from an address that has given JSON is an outage, and not retried where it is a page of "not found".
func TestFault1_12_MaintenancePage(t *testing.T) {
	t.Parallel()
	var good atomic.Bool
	good.Store(true)
	status := 200
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if good.Load() {
			writeJSON(w, 200, listJSON())
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<!DOCTYPE html>")
	})
	if _, err := c.Orders(t.Context(), Query{}); err != nil {
		t.Fatal(err)
	}
	good.Store(false)
	if _, err := c.Orders(t.Context(), Query{}); Class(err) != "outage" || !strings.Contains(err.Error(), "web page") {
		t.Errorf("page with status 200: %v", err)
	}
	before := c.Stats().Requests
	status = 404
	if _, err := c.Orders(t.Context(), Query{}); Class(err) != "base_url" || c.Stats().Requests != before+1 {
		t.Errorf("page with status 404: %v after %d requests", err, c.Stats().Requests-before)
	}
}

// A body that stalls is cut after the silence, and so is a server that never sends a header; a slow body is not.
func TestFault1_12_StalledBody(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"no header": "", "no body": " ", "half a body": `{"data":[{"id":1`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if begin != "" {
					w.Header().Set("Content-Type", "application/json")
					_, _ = io.WriteString(w, begin)
					_ = http.NewResponseController(w).Flush()
				}
				<-r.Context().Done() // until the client has cut the connection
			}, func(o *Options) { o.Silence = 10 * time.Millisecond })
			_, err := c.Orders(Once(t.Context()), Query{})
			if Class(err) != "stall" || !strings.Contains(err.Error(), "fell silent") || len(c.inFlight) != 0 {
				t.Errorf("%v", err)
			}
		})
	}
}

// What is cut for silence is asked for again.
func TestFault1_12_AStallIsRetried(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 1 {
			<-r.Context().Done()
			return
		}
		writeJSON(w, 200, listJSON(orderJSON(5000001)))
	}, func(o *Options) { o.Silence = 500 * time.Millisecond })
	if page, err := c.Orders(t.Context(), Query{}); err != nil || len(page.Rows) != 1 {
		t.Error(err)
	}
}

// Silence is between two bytes, not in all: each byte starts it anew.
func TestSilenceStartsAnewWithEveryByte(t *testing.T) {
	t.Parallel()
	cut := make(chan struct{})
	s := listen(time.Hour, func() { close(cut) })
	s.end()
	body := &wire{from: strings.NewReader("abc"), ended: func() {}, silence: s}
	for range 3 {
		if n, err := body.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if s.timer.Stop() {
			t.Error("the timer runs while nothing is waited for")
		}
	}
	s.limit = 0
	s.begin()
	<-cut
	if !s.cut.Load() {
		t.Error("silence was not noticed")
	}
}

// A wrong token is asked about once.
func TestFault1_12_WrongTokenIsNotRetried(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 403} {
		c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, status, "{}") })
		if _, err := c.Orders(t.Context(), Query{}); Class(err) != "token" || c.Stats().Requests != 1 {
			t.Errorf("%d: %v after %d requests", status, err, c.Stats().Requests)
		}
	}
}

// proxied is a client behind a proxy.
func proxied(t *testing.T, base, proxy string) *Client {
	t.Helper()
	address, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	clock := newClock()
	c, err := New(Options{BaseURL: base, Token: testToken, Now: clock.Now, Sleep: clock.Sleep, RateLimit: 1e6,
		Rand:  func() float64 { return 0.5 },
		Proxy: func(*http.Request) (*url.URL, error) { return address, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The failure of a proxy is called that, over TLS and without, and its password is not printed.
func TestFault2_2_AProxysFailureIsNamed(t *testing.T) {
	t.Parallel()
	answer := func(status int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html>squid")
		}))
		t.Cleanup(server.Close)
		return strings.Replace(server.URL, "http://", "http://user:canaryPASSWORD@", 1)
	}
	closed := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return "http://user:canaryPASSWORD@" + l.Addr().String()
	}
	const tls, plain = "https://qtickets.example/api/rest/v1", "http://qtickets.example/api/rest/v1"
	for _, c := range []struct {
		name, base, proxy string
		requests          int64
		says              string
	}{
		{"CONNECT refused", tls, answer(403), 1, "HTTP 403"},
		{"CONNECT without a password", tls, answer(407), 1, "HTTP 407"},
		{"CONNECT to nowhere", tls, answer(502), 12, "HTTP 502"},
		{"plain without a password", plain, answer(407), 1, "HTTP 407"},
		{"plain to nowhere", plain, answer(502), 12, "HTTP 502"},
		{"proxy timed out", plain, answer(504), 12, "HTTP 504"},
		{"proxy away", tls, closed(), 12, "refused"},
		{"proxy away, plain", plain, closed(), 12, "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := proxied(t, c.base, c.proxy)
			_, err := client.Orders(t.Context(), Query{})
			text := fmt.Sprint(err)
			if Class(err) != "proxy" || !strings.Contains(text, c.says) || !strings.Contains(text, "NO_PROXY") ||
				strings.Contains(text, "canary") || client.Stats().Requests != c.requests {
				t.Errorf("%s: %s after %d requests", Class(err), text, client.Stats().Requests)
			}
		})
	}
}

// What QTickets itself says through a proxy is not the proxy's.
func TestFault2_2_WhatComesThroughAProxyIsQTickets(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			writeJSON(w, 503, unknownError)
			return
		}
		writeJSON(w, 200, listJSON(orderJSON(5000001)))
	}))
	t.Cleanup(proxy.Close)
	c := proxied(t, "http://qtickets.example/api/rest/v1", proxy.URL)
	if page, err := c.Orders(t.Context(), Query{}); err != nil || len(page.Rows) != 1 {
		t.Error(err)
	}
	if _, err := c.Events(t.Context(), Query{}); Class(err) != "refused" {
		t.Errorf("%v", err)
	}
}

// An address of a proxy that cannot be read is named without being printed.
func TestFault2_2_UnreadableProxyAddress(t *testing.T) {
	t.Parallel()
	c, err := New(Options{BaseURL: "http://qtickets.example/api", Token: testToken,
		Proxy: func(*http.Request) (*url.URL, error) {
			return nil, fmt.Errorf("invalid proxy address %q", "http://u:canaryPASSWORD@[")
		}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Orders(Once(context.Background()), Query{}); Class(err) != "proxy" ||
		strings.Contains(err.Error(), "canary") {
		t.Error(err)
	}
}
