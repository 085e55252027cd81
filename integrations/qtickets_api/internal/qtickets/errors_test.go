package qtickets

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Every failure has its class, its number of attempts and a message without secrets.
func TestErrorClasses(t *testing.T) {
	t.Parallel()
	html := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=UTF-8")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<!DOCTYPE html><p>canary.buyer@example.test")
		}
	}
	text := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, status, body) }
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(w, listJSON(orderJSON(5000001))[:700])
	}
	onlyTrivial := func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); len(body) > 0 {
			writeJSON(w, 503, unknownError)
			return
		}
		writeJSON(w, 200, listJSON(orderJSON(5000001)))
	}
	cases := []struct {
		name     string
		handler  http.HandlerFunc
		class    string
		requests int64
		says     string
	}{
		{"wrong token", text(403, `{"error":"canary.buyer@example.test"}`), "token", 1, "QTICKETS_TOKEN"},
		{"wrong token, 401", html(401), "token", 1, "HTTP 401"},
		{"web page 404", html(404), "base_url", 1, "/api/rest/v1"},
		{"web page 200", html(200), "base_url", 5, "/api/rest/v1"},
		{"web page that claims to be JSON", text(200, " \n<html>"), "base_url", 5, "web page"},
		{"plain text", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }, "base_url", 5,
			"web page"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/api/rest/v1/elsewhere?token="+testToken, http.StatusMovedPermanently)
		}, "redirect", 1, "QTICKETS_BASE_URL"},
		{"missing",
			text(404,
				`{"error":"Resource \"Order\" not found","status":404,"code":"RESOURCE_NOT_FOUND","info":{"id":999,"resource":"Order"}}`), "not_found", 1, "RESOURCE_NOT_FOUND"},
		{"code that is no code", text(404, `{"code":"canary.buyer@example.test"}`), "not_found", 1, "HTTP 404"},
		{"malformed, said politely", text(422, `{"code":"VALIDATION_ERROR"}`), "refused", 1, "VALIDATION_ERROR"},
		{"malformed, server throws", onlyTrivial, "refused", 7, "change the filter"},
		{"outage 503", text(503, unknownError), "outage", 14, "12 attempts"},
		{"outage 502 as web page", html(502), "outage", 12, "HTTP 502"},
		{"outage 500", text(500, ""), "outage", 12, "is unavailable"},
		{"501 is not retried", text(501, ""), "outage", 1, "HTTP 501"},
		{"slow down", text(429, "{}"), "rate_limited", 12, "QTICKETS_RATE_LIMIT"},
		{"cut body", cut, "cut_body", 12, "at byte"},
		{"empty body", text(200, ""), "cut_body", 12, "at byte 0"},
		{"not JSON", text(200, "canary.buyer@example.test"), "cut_body", 12, "not valid JSON"},
		{"unknown envelope", text(200, `{"status":"error","code":"WRONG_AUTHORIZATION"}`), "unexpected", 1,
			"no list in data"},
		{"created", text(201, `{"data":[]}`), "unexpected", 1, "HTTP 201"},
		{"connection closed", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "network", 12,
			"cannot be reached"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			client, _ := serve(t, c.handler, func(o *Options) {
				o.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			_, err := client.Orders(t.Context(), Query{Where: []Condition{{Column: "code", Value: "canary.utm@example.test"}}})
			if Class(err) != c.class || !strings.Contains(fmt.Sprint(err), c.says) ||
				!strings.HasPrefix(err.Error(), "GET orders: ") {
				t.Errorf("class %q, %v", Class(err), err)
			}
			if got := client.Stats().Requests; got != c.requests {
				t.Errorf("%d requests, want %d", got, c.requests)
			}
			if int64(strings.Count(log.String(), "\n")) != c.requests {
				t.Errorf("log does not have a line per request:\n%s", log.String())
			}
			for _, secret := range append([]string{testToken}, canaries...) {
				if strings.Contains(err.Error(), secret) || strings.Contains(log.String(), secret) {
					t.Errorf("%q is in the error %q or the log %q", secret, err, log.String())
				}
			}
		})
	}
}

func TestClassNames(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"": nil, "other": io.EOF, "canceled": fmt.Errorf("sync: %w", context.Canceled),
		"ignored":    fmt.Errorf("x: %w", &IgnoredError{}),
		"incomplete": &IncompleteError{}, "bad_row": &InvalidRowError{}, "method": ErrMethod,
		"network": &RequestError{Kind: ErrNetwork, Cause: context.DeadlineExceeded},
	} {
		if got := Class(err); got != want {
			t.Errorf("Class(%v) = %q, want %q", err, got, want)
		}
	}
	if got := Class(context.DeadlineExceeded); got != "canceled" {
		t.Errorf("deadline is %q", got)
	}
}

func TestUnreachableServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nil)
	base := server.URL + "/api"
	server.Close()
	clock := newClock()
	c, err := New(Options{BaseURL: base, Token: testToken, Encoding: BracketParams, Now: clock.Now,
		Sleep: clock.Sleep, Rand: func() float64 { return 0.5 }})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Orders(t.Context(), Query{Where: []Condition{{Column: "code", Value: "canary"}}})
	if Class(err) != "network" || strings.Contains(err.Error(), "canary") || c.Stats().ByStatus[0] != 12 {
		t.Errorf("%v, %+v", err, c.Stats())
	}
}
