package serve

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// TestFault2_6_SlashAtTheEnd: the address of the webhooks with a slash is the same address, and nothing below it is.
func TestFault2_6_SlashAtTheEnd(t *testing.T) {
	t.Parallel()
	hook := func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}
	at, _, _ := start(t, func(http.ResponseWriter, *http.Request) {}, hook, access.Options{})
	for path, want := range map[string]int{"webhooks/qtickets": 202, "webhooks/qtickets/": 202,
		"webhooks/qtickets/x": 403, "webhooks/qtickets//": 403, "webhooks/": 403} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if got := response.StatusCode; got != want && (want == 202 || got == 202) {
			t.Errorf("POST %s: %d, want %d", path, got, want)
		}
	}
	if status, _ := get(t, at+"webhooks/qtickets/"); status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", status)
	}
}

// TestFault3_2_ConnectionsAreBounded: whoever only opens connections, silent ones or with half a header, holds a
// bounded number of them and keeps nobody out.
func TestFault3_2_ConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{"silent": "", "half a header": "GET / HTTP/1.1\r\nHost: x\r\n",
		"idle": "GET / HTTP/1.1\r\nHost: x\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const most = 10
			crowd := newCrowd(most)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			var came atomic.Int32
			server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
				crowd.changed(conn, state)
				if state == http.StateNew {
					came.Add(1)
				}
			}
			server.Start()
			t.Cleanup(server.Close)
			for range 4 * most {
				conn, err := net.Dial("tcp", server.Listener.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = conn.Close() })
				fmt.Fprint(conn, first)
			}
			settled := func() (open int, all bool) {
				crowd.mu.Lock()
				defer crowd.mu.Unlock()
				return crowd.open, came.Load() >= 4*most && crowd.open <= most && len(crowd.waits) == crowd.open
			}
			for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
				open, all := settled()
				if all {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("%d connections are open, at most %d", open, most)
				}
			}
			if status, _ := get(t, server.URL); status != http.StatusOK { // after all of them
				t.Errorf("meanwhile: %d", status)
			}
		})
	}
}

// TestFault3_2_NewcomersAreHeard: a connection that has not asked yet is kept while there are answered ones to close,
// also those that were answered after it came.
func TestFault3_2_NewcomersAreHeard(t *testing.T) {
	t.Parallel()
	conns := make([]net.Conn, 3)
	for i := range conns {
		conns[i], _ = net.Pipe()
	}
	first, second, newcomer := conns[0], conns[1], conns[2]
	crowd := newCrowd(2)
	for _, step := range []struct {
		conn  net.Conn
		state http.ConnState
		cut   net.Conn
	}{
		{first, http.StateNew, nil}, {first, http.StateActive, nil},
		{second, http.StateNew, nil}, {second, http.StateActive, nil}, {second, http.StateIdle, nil},
		{newcomer, http.StateNew, second},
		{first, http.StateIdle, first}, // the end of the second has not been told yet
	} {
		if cut := crowd.note(step.conn, step.state); cut != step.cut {
			t.Fatalf("%p %v: %p is cut, want %p", step.conn, step.state, cut, step.cut)
		}
	}
}

// TestFault3_2_TheAnswerArrives: a sender of a whole body that is refused unread hears the answer, and not of a broken
// connection, also one that says that this is its only request.
func TestFault3_2_TheAnswerArrives(t *testing.T) {
	t.Parallel()
	hook := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusUnauthorized)
	}
	at, _, _ := start(t, func(http.ResponseWriter, *http.Request) {}, hook, access.Options{})
	for range 20 {
		for _, size := range []int{10, 9_000, 300_000, 8_000_000} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+"webhooks/qtickets",
				strings.NewReader(strings.Repeat("x", size)))
			if err != nil {
				t.Fatal(err)
			}
			r.Close = true
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatalf("%d bytes: %v", size, err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusUnauthorized {
				t.Errorf("%d bytes: %d", size, response.StatusCode)
			}
		}
	}
}

// TestFault3_9_PromisedBodies: a request that promises a body nobody takes is refused, and its connection ends though
// the body never comes.
func TestFault3_9_PromisedBodies(t *testing.T) {
	t.Parallel()
	at, _, _ := start(t, func(http.ResponseWriter, *http.Request) {}, http.NotFound, access.Options{NoAuth: true})
	where, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range []string{"GET / HTTP/1.1\r\nContent-Length: 100000", "GET /healthz HTTP/1.1\r\nContent-Length: 1",
		"GET /metrics HTTP/1.1\r\nTransfer-Encoding: chunked", "POST / HTTP/1.1\r\nContent-Length: 10",
		"HEAD / HTTP/1.1\r\nContent-Length: 10", "PUT /nowhere HTTP/1.1\r\nContent-Length: 10000000000"} {
		conn, err := net.Dial("tcp", where.Host)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s\r\nHost: %s\r\n\r\n", head, where.Host)
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute)) // far above what the server waits
		method, _, _ := strings.Cut(head, " ")
		reader := bufio.NewReader(conn)
		response, err := http.ReadResponse(reader, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%s: %v", head, err)
		}
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", head, response.StatusCode)
		}
		if _, err := io.Copy(io.Discard, reader); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Errorf("%s: the connection is held", head)
		}
		_ = response.Body.Close()
		_ = conn.Close()
	}
}

// TestFault3_11_FewFormsAreTaken: the page is sent a small form at four addresses, from those the guard lets in and
// no more often than pages are asked for; elsewhere, and by another method, it hears of nothing that is no reading.
func TestFault3_11_FewFormsAreTaken(t *testing.T) {
	t.Parallel()
	var heard atomic.Int64
	page := func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			heard.Add(1)
			_, _ = io.Copy(io.Discard, r.Body)
		}
	}
	at, _, _ := start(t, page, http.NotFound, access.Options{ProxyHeader: "X-User", TrustedProxies: "127.0.0.1"})
	send := func(method, path string, body io.Reader, user string) int {
		r, err := http.NewRequestWithContext(t.Context(), method, at+path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-User", user)
		r.Header.Set("X-Forwarded-For", "198.51.100.1")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Close = true
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	small := func() io.Reader { return strings.NewReader(strings.Repeat("x", access.LongestForm)) }
	for i, path := range []string{"share?event=1", "share/revoke", "people/revoke", "plan?event=1"} {
		if status := send(http.MethodPost, path, small(), "anna"); status != http.StatusOK || heard.Load() != int64(i+1) {
			t.Errorf("a form at %s: %d", path, status)
		}
	}
	for name, c := range map[string]struct {
		status       int
		method, path string
		body         io.Reader
		user         string
	}{
		"a stranger": {403, http.MethodPost, "plan", small(), ""},
		"a large form": {413, http.MethodPost, "plan",
			strings.NewReader(strings.Repeat("x", access.LongestForm+1)), "anna"},
		"8 MB":             {413, http.MethodPost, "plan", strings.NewReader(strings.Repeat("x", 8<<20)), "anna"},
		"of unknown size":  {413, http.MethodPost, "plan", io.MultiReader(small()), "anna"},
		"another address":  {400, http.MethodPost, "plan/", small(), "anna"},
		"the first page":   {400, http.MethodPost, "", small(), "anna"},
		"without a body":   {405, http.MethodPost, "events/1", nil, "anna"},
		"by PUT":           {400, http.MethodPut, "plan", small(), "anna"},
		"by DELETE":        {405, http.MethodDelete, "plan", nil, "anna"},
		"by PATCH, no one": {403, http.MethodPatch, "plan", nil, ""},
	} {
		if status := send(c.method, c.path, c.body, c.user); status != c.status || heard.Load() != 4 {
			t.Errorf("%s: %d, want %d; the page heard of %d", name, status, c.status, heard.Load())
		}
	}
	slowed := 0
	for range 300 {
		if send(http.MethodPost, "plan", small(), "anna") == http.StatusTooManyRequests {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("300 forms at once are all taken")
	}
}
