package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

const secret = "a secret of the cabinet"

// order has personal data, as real ones do.
const order = `{"id":5000123,"uniqid":"abc","client":{"email":"canary@example.test","details":{"phone":"+79990001122"}},"baskets":[]}`

// store is what a Receiver saves to, in place of ClickHouse.
type store struct {
	mu    sync.Mutex
	saved map[string]warehouse.Webhook
	err   error
	calls int
	gate  chan struct{} // nil: open
}

func (s *store) save(ctx context.Context, delivered []warehouse.Webhook) ([]bool, error) {
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.err != nil {
		return nil, s.err
	}
	repeated := make([]bool, len(delivered))
	for i, w := range delivered {
		_, repeated[i] = s.saved[w.ID]
		s.saved[w.ID] = w
	}
	return repeated, nil
}

// bench is a Receiver behind a real server, its counters and its log.
type bench struct {
	*store
	url     string
	server  *webhook.Receiver
	log     bytes.Buffer
	mu      sync.Mutex
	counted map[string]int
	woken   int
}

func newBench(t testing.TB, change ...func(*webhook.Options)) *bench {
	t.Helper()
	b := &bench{store: &store{saved: map[string]warehouse.Webhook{}}, counted: map[string]int{}}
	o := webhook.Options{
		Secret: secret, Save: b.save,
		Logger: slog.New(slog.NewTextHandler(&b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Saved:  func() { b.mu.Lock(); b.woken++; b.mu.Unlock() },
		Count: func(r webhook.Result, kind string) {
			b.mu.Lock()
			b.counted[strings.TrimSpace(string(r)+" "+kind)]++
			b.mu.Unlock()
		},
	}
	for _, c := range change {
		c(&o)
	}
	receiver := webhook.New(o)
	server := httptest.NewServer(receiver)
	b.url, b.server = server.URL, receiver
	t.Cleanup(func() { server.Close(); receiver.Close(); receiver.Close() })
	return b
}

// delivery is a request; a nil sign signs with the right secret.
type delivery struct {
	method, kind, body string
	sign               func(body string) string
	unsigned           bool
}

func (b *bench) send(t testing.TB, d delivery) int {
	t.Helper()
	if d.method == "" {
		d.method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(t.Context(), d.method, b.url, strings.NewReader(d.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Event-Type", d.kind)
	if d.sign == nil {
		d.sign = func(body string) string { return simulator.Sign(secret, []byte(body)) }
	}
	if !d.unsigned {
		r.Header.Set("X-Signature", d.sign(d.body))
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	if strings.Contains(string(text), "canary") {
		t.Errorf("the answer repeats the body: %s", text)
	}
	if response.StatusCode == http.StatusMethodNotAllowed && response.Header.Get("Allow") != http.MethodPost {
		t.Error("405 without Allow: POST")
	}
	return response.StatusCode
}

func fixed(signature string) func(string) string { return func(string) string { return signature } }

// TestAnswers: what each kind of request is told, how it is counted, and how many facts are kept.
func TestAnswers(t *testing.T) {
	t.Parallel()
	right := simulator.Sign(secret, []byte(order))
	for name, c := range map[string]struct {
		delivery
		status int
		count  string
		kept   int
	}{
		"right":        {delivery{kind: "payed", body: order}, 200, "accepted payed", 1},
		"unknown type": {delivery{kind: "archived", body: order}, 200, "accepted other", 1},
		"hostile type": {delivery{kind: "canary@example.test\"} 1", body: order}, 200, "accepted other", 1},
		"no type":      {delivery{body: order}, 200, "accepted other", 1},
		"id as text":   {delivery{kind: "created", body: `{"id":"77"}`}, 200, "accepted created", 1},
		"unsigned":     {delivery{kind: "payed", body: order, unsigned: true}, 401, "unsigned", 0},
		"forged": {delivery{kind: "payed", body: order, sign: fixed(simulator.Sign("another", []byte(order)))},
			401, "forged", 0},
		"of another body":  {delivery{kind: "payed", body: order + " ", sign: fixed(right)}, 401, "forged", 0},
		"half a signature": {delivery{kind: "payed", body: order, sign: fixed(right[:20])}, 401, "forged", 0},
		"signature not hex": {delivery{kind: "payed", body: order, sign: fixed(strings.Repeat("z", 40))}, 401, "forged",
			0},
		"signed with nothing": {delivery{kind: "payed", body: order, sign: fixed(simulator.Sign("", []byte(order)))}, 401,
			"forged", 0},
		"garbled and unsigned": {delivery{kind: "payed", body: order[:40], unsigned: true}, 401, "unsigned", 0},
		"truncated":            {delivery{kind: "payed", body: order[:40]}, 400, "invalid", 0},
		"empty":                {delivery{kind: "payed"}, 400, "invalid", 0},
		"a list":               {delivery{kind: "payed", body: `[` + order + `]`}, 400, "invalid", 0},
		"no id":                {delivery{kind: "payed", body: `{"uniqid":"abc"}`}, 400, "invalid", 0},
		"negative id":          {delivery{kind: "payed", body: `{"id":-1}`}, 400, "invalid", 0},
		"fraction":             {delivery{kind: "payed", body: `{"id":1.5}`}, 400, "invalid", 0},
		"id beyond all":        {delivery{kind: "payed", body: `{"id":99999999999999999999}`}, 400, "invalid", 0},
		"10 MB":                {delivery{kind: "payed", body: order + strings.Repeat(" ", 10<<20)}, 413, "too_large", 0},
		"just too large": {delivery{kind: "payed", body: order + strings.Repeat(" ", webhook.MaxBody-len(order)+1)},
			413, "too_large", 0},
		"just not too large": {delivery{kind: "payed", body: order + strings.Repeat(" ", webhook.MaxBody-len(order))}, 200,
			"accepted payed", 1},
		"GET": {delivery{method: "GET", kind: "payed"}, 405, "method", 0},
		"PUT": {delivery{method: "PUT", kind: "payed", body: order}, 405, "method", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if status := b.send(t, c.delivery); status != c.status {
				t.Errorf("answered with %d, want %d", status, c.status)
			}
			if diff := cmp.Diff(map[string]int{c.count: 1}, b.counted); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
			if len(b.saved) != c.kept || b.woken != c.kept {
				t.Errorf("kept %d facts, woke %d times, want %d", len(b.saved), b.woken, c.kept)
			}
			if strings.Contains(b.log.String(), "canary") || strings.Contains(b.log.String(), secret) {
				t.Errorf("the log repeats what was sent, or the secret:\n%s", &b.log)
			}
		})
	}
}

// TestTooLarge: the sender of 10 MB hears the limit and not of a broken connection, whether it gives the length or not.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 10 {
		for _, body := range []io.Reader{bytes.NewReader(make([]byte, 10<<20)),
			struct{ io.Reader }{bytes.NewReader(make([]byte, 10<<20))}} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url, body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Signature", strings.Repeat("a", 40)) // as one would look
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("answered with %d, want 413", response.StatusCode)
			}
		}
	}
}

// TestReplay: the same delivery again is answered with 200, counted apart, and read again.
func TestReplay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := delivery{kind: "payed", body: order}
	for range 3 {
		if status := b.send(t, d); status != http.StatusOK {
			t.Fatalf("answered with %d", status)
		}
	}
	d.kind = "updated" // the same body as another known event is another fact
	b.send(t, d)
	if diff := cmp.Diff(map[string]int{"accepted payed": 1, "repeated payed": 2, "accepted updated": 1},
		b.counted); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	if len(b.saved) != 2 || b.woken != 4 {
		t.Errorf("%d facts, woken %d times, want 2 and 4", len(b.saved), b.woken)
	}
}

// TestFactHoldsNoPersonalData: what is kept is a hash, a known word, a number and times.
func TestFactHoldsNoPersonalData(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.send(t, delivery{kind: "who?", body: order})
	for id, w := range b.saved {
		if len(id) != 32 || w.OrderID != 5000123 || w.Type != webhook.Other || time.Since(w.ReceivedAt) > time.Minute {
			t.Errorf("kept %+v", w)
		}
		if text := fmt.Sprintf("%+v", w); strings.Contains(text, "canary") || strings.Contains(text, "999000") ||
			strings.Contains(text, "who") {
			t.Errorf("kept %s", text)
		}
	}
}

func TestNotSaved(t *testing.T) {
	t.Parallel()
	t.Run("ClickHouse away", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.err = errors.New("away")
		if status := b.send(t, delivery{kind: "payed", body: order}); status != http.StatusServiceUnavailable {
			t.Errorf("answered with %d, want 503", status)
		}
		if b.counted["unavailable"] != 1 || b.woken != 0 {
			t.Errorf("counted %v, woken %d times", b.counted, b.woken)
		}
	})
	t.Run("no secret", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, func(o *webhook.Options) { o.Secret = "" })
		d := delivery{kind: "payed", body: order, sign: fixed(simulator.Sign("", []byte(order)))}
		if status := b.send(t, d); status != http.StatusServiceUnavailable {
			t.Errorf("answered with %d, want 503", status)
		}
		if !strings.Contains(b.log.String(), "QTICKETS_WEBHOOK_SECRET") {
			t.Errorf("the log does not say what to do:\n%s", &b.log)
		}
	})
	t.Run("too many wrong signatures", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, func(o *webhook.Options) { o.Allow = func(*http.Request) bool { return false } })
		if status := b.send(t, delivery{kind: "payed", body: order, unsigned: true}); status != http.StatusTooManyRequests {
			t.Errorf("answered with %d, want 429", status)
		}
		if status := b.send(t, delivery{kind: "payed", body: order}); status != http.StatusOK {
			t.Errorf("a right signature is answered with %d", status)
		}
	})
	t.Run("cut on the way", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: example.test\r\nX-Signature: %s\r\nContent-Length: %d\r\n\r\n%s",
			simulator.Sign(secret, []byte(order)), len(order)+10, order)
		_ = conn.(*net.TCPConn).CloseWrite()
		response, _ := io.ReadAll(conn)
		conn.Close()
		if !strings.Contains(string(response), " 400 ") || len(b.saved) != 0 {
			t.Errorf("answered %q, kept %d", response, len(b.saved))
		}
	})
}

// TestBurstIsSavedTogether: what arrives while an insert is under way goes into the next one.
func TestBurstIsSavedTogether(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.gate = make(chan struct{})
	const many = 200
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			if status := b.send(t, delivery{kind: "payed", body: fmt.Sprintf(`{"id":%d}`, i+1)}); status != http.StatusOK {
				t.Errorf("answered with %d", status)
			}
		})
	}
	close(b.gate)
	all.Wait()
	if len(b.saved) != many || b.calls > many {
		t.Errorf("%d facts in %d inserts", len(b.saved), b.calls)
	}
}

// FuzzWebhook: whatever a body and its headers are, rightly signed or not, the answer is one of the few and nothing
// but an order's number is kept.
func FuzzWebhook(f *testing.F) {
	f.Add([]byte(order), "payed", "")
	f.Add([]byte(`{"id":1e3}`), "x", "00")
	f.Add([]byte("\xff{\"id\":\"\"}"), "\x00", strings.Repeat("f", 40))
	f.Add([]byte(strings.Repeat(`{"id":`, 10000)), "", "")
	f.Add([]byte(`{"id":1,"ID":2,"id":3}`), "created", "")
	f.Fuzz(func(t *testing.T, body []byte, kind, signature string) {
		s := &store{saved: map[string]warehouse.Webhook{}}
		receiver := webhook.New(webhook.Options{Secret: secret, Save: s.save, Logger: slog.New(slog.DiscardHandler)})
		defer receiver.Close()
		for _, sign := range []string{signature, simulator.Sign(secret, body)} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
			r.Header["X-Event-Type"], r.Header["X-Signature"] = []string{kind}, []string{sign}
			w := httptest.NewRecorder()
			receiver.ServeHTTP(w, r)
			right := sign == simulator.Sign(secret, body)
			switch {
			case !right && w.Code != http.StatusUnauthorized,
				right && w.Code != http.StatusOK && w.Code != http.StatusBadRequest,
				(w.Code == http.StatusOK) != (len(s.saved) == 1):
				t.Fatalf("signed %t: answered with %d, %d facts", right, w.Code, len(s.saved))
			}
		}
		for _, w := range s.saved {
			if w.OrderID == 0 || eventType(w.Type) != w.Type {
				t.Errorf("kept %+v", w)
			}
		}
	})
}

func eventType(kind string) string {
	for _, t := range webhook.Types {
		if t == kind {
			return t
		}
	}
	return webhook.Other
}
