package webhook_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

// eventually waits for a condition, a minute at most.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not true after a minute: ", what)
		}
	}
}

// untouched is a body that must not be read.
type untouched struct{ reads int }

func (u *untouched) Read([]byte) (int, error) { u.reads++; return 0, io.EOF }

// TestFault3_2_BodiesWithoutSignature: what the head shows to be wrong is refused before a byte of the body is read.
func TestFault3_2_BodiesWithoutSignature(t *testing.T) {
	t.Parallel()
	right := simulator.Sign(secret, []byte(order))
	for name, c := range map[string]struct {
		signature string
		length    int64
		status    int
	}{
		"no signature":            {"", 100, 401},
		"no signature, no length": {"", -1, 401},
		"39 letters":              {right[:39], 100, 401},
		"41 letters":              {right + "a", 100, 401},
		"not hex":                 {strings.Repeat("g", 40), 100, 401},
		"a name before it":        {"sha1=" + right, 100, 401},
		"too long":                {right, webhook.MaxBody + 1, 413},
		"too long, unsigned":      {"", 1 << 40, 413},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, body := newBench(t), &untouched{}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", body)
			r.ContentLength = c.length
			if c.signature != "" {
				r.Header.Set("X-Signature", c.signature)
			}
			w := httptest.NewRecorder()
			b.server.ServeHTTP(w, r)
			if w.Code != c.status || body.reads > 0 || w.Header().Get("Connection") != "close" {
				t.Errorf("answered with %d after %d reads, %v", w.Code, body.reads, w.Header())
			}
		})
	}
	b := newBench(t)
	if code := b.send(t, delivery{kind: "payed", body: order, sign: fixed(strings.ToUpper(right))}); code != 200 {
		t.Errorf("a right signature in capitals: %d", code)
	}
}

// hold opens a connection, promises a body with what may be a signature, and keeps its end back.
func (b *bench) hold(t *testing.T, headers string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: example.test\r\n%s\r\n%s", headers, strings.Repeat(" ", 1000))
	return conn
}

// TestFault3_2_HeldBackEnds: any number of senders that keep the ends of their bodies back hold a bounded number of
// bodies in memory, and an order from QTickets is taken while they do.
func TestFault3_2_HeldBackEnds(t *testing.T) {
	t.Parallel()
	for name, length := range map[string]string{"a length": "Content-Length: 1000000\r\n",
		"no length": "Transfer-Encoding: chunked\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.server.Patient()
			const many = 4 * webhook.MaxBodies
			for range many {
				b.hold(t, "X-Signature: "+strings.Repeat("a", 40)+"\r\n"+length)
			}
			counted := func(result string) int {
				b.mu.Lock()
				defer b.mu.Unlock()
				return b.counted[result]
			}
			eventually(t, "those that came first have lost their places", func() bool {
				return counted("displaced") == many-webhook.MaxBodies && b.server.Held() == webhook.MaxBodies
			})
			for i := range 3 {
				if status := b.send(t, delivery{kind: "payed", body: fmt.Sprintf(`{"id":%d}`, i+1)}); status != http.StatusOK {
					t.Errorf("an order meanwhile: %d", status)
				}
			}
			if held := b.server.Held(); held > webhook.MaxBodies {
				t.Errorf("%d bodies in memory", held)
			}
		})
	}
}

// TestFault3_2_BurstOfOrders: orders that come all at once, each in two parts, wait for a place and are taken, all of
// them.
func TestFault3_2_BurstOfOrders(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.server.Patient()
	b.server.Unhurried()
	const many = 4 * webhook.MaxBodies
	var senders []net.Conn
	for i := range many {
		conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		body := fmt.Sprintf(`{"id":1%05d}`, i+1)
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nX-Signature: %s\r\nContent-Length: %d\r\n\r\n%s",
			simulator.Sign(secret, []byte(body)), len(body), body[:len(body)-1])
		senders = append(senders, conn)
	}
	eventually(t, "all places are taken", func() bool { return b.server.Held() == webhook.MaxBodies })
	for _, conn := range senders {
		fmt.Fprint(conn, "}")
	}
	for i, conn := range senders {
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("order %d: %v", i+1, err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("order %d is answered with %d", i+1, response.StatusCode)
		}
	}
}

// TestFault3_2_RefusedConnectionsEnd: a sender that was refused cannot keep its connection by keeping its body back.
func TestFault3_2_RefusedConnectionsEnd(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	conn := b.hold(t, "Content-Length: 2000\r\n")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if response.StatusCode != http.StatusUnauthorized {
		t.Fatal(response.StatusCode)
	}
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Error("the connection is still open: ", err)
	}
}

// TestFault3_9_RandomEventTypes: one delivery that was listened to and is sent again under made-up types adds one fact,
// not one for each type.
func TestFault3_9_RandomEventTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 40 {
		if status := b.send(t, delivery{kind: fmt.Sprintf("type-%d", i), body: order}); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	for _, kind := range append([]string{"PAYED", " payed", "payed;"}, webhook.Types...) {
		b.send(t, delivery{kind: kind, body: order})
	}
	if most := len(webhook.Types) + 1; len(b.saved) > most {
		t.Errorf("%d facts of one delivery, at most %d", len(b.saved), most)
	}
}
