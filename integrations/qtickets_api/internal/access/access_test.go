package access

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

func request(t *testing.T, from, host string, headers ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.RemoteAddr, r.Host = from, host
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func status(g *Guard, r *http.Request) int {
	w := httptest.NewRecorder()
	g.Page(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
	return w.Code
}

// TestClient: a trusted proxy is believed about the last address only, nobody else about any.
func TestClient(t *testing.T) {
	t.Parallel()
	g, err := New(Options{Listen: "127.0.0.1:0", TrustedProxies: "10.0.0.0/8,::1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, forwarded, client string
	}{
		{"10.1.2.3:99", "1.1.1.1, 198.51.100.7", "198.51.100.7"},
		{"10.1.2.3:99", "", "10.1.2.3"},
		{"10.1.2.3:99", "nonsense", "10.1.2.3"},
		{"[::1]:99", "2001:db8::1", "2001:db8::1"},
		{"[::ffff:10.1.2.3]:99", "198.51.100.7", "198.51.100.7"},
		{"127.0.0.1:99", "198.51.100.7", "127.0.0.1"},
		{"198.51.100.9:99", "1.1.1.1", "198.51.100.9"},
		{"@", "1.1.1.1", "invalid IP"},
	} {
		if got := g.Client(request(t, c.from, "x", "X-Forwarded-For", c.forwarded)).String(); got != c.client {
			t.Errorf("from %s, forwarded %q: %s, want %s", c.from, c.forwarded, got, c.client)
		}
	}
}

// TestNoAuth: this machine by its own name, on both families, and nobody else in a page that was opened to it.
func TestNoAuth(t *testing.T) {
	t.Parallel()
	g, err := New(Options{Listen: "[::1]:0", NoAuth: true})
	if err != nil || g.Mode() != None {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, host string
		status     int
	}{
		{"127.0.0.1:9", "127.0.0.1:8080", 200}, {"127.0.0.1:9", "localhost", 200}, {"[::1]:9", "[::1]:8080", 200},
		{"127.8.8.8:9", "127.0.0.1", 200},
		{"127.0.0.1:9", "rebind.example.test:8080", 403}, {"127.0.0.1:9", "", 403}, {"127.0.0.1:9", "localhost.example.test",
			403},
		{"198.51.100.9:9", "localhost:8080", 403}, {"10.0.0.1:9", "127.0.0.1", 403},
	} {
		if got := status(g, request(t, c.from, c.host)); got != c.status {
			t.Errorf("from %s as %q: %d, want %d", c.from, c.host, got, c.status)
		}
	}
}

// TestWrongPasswords: who guesses is slowed down, who is known is not.
func TestWrongPasswords(t *testing.T) {
	t.Parallel()
	hash, err := bcrypt.GenerateFromPassword([]byte("right"), leastCost)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, []byte("anna:"+string(hash)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := New(Options{Listen: "0.0.0.0:0", UsersFile: file})
	if err != nil || g.Mode() != Basic {
		t.Fatal(err)
	}
	cheap(t, g, "right")
	with := func(from, name, password string) int {
		r := request(t, from, "x")
		r.SetBasicAuth(name, password)
		return status(g, r)
	}
	if status := with("198.51.100.9:9", "anna", "right"); status != 200 {
		t.Fatalf("the right password: %d", status)
	}
	seen := map[int]int{}
	for range 30 {
		seen[with("198.51.100.9:9", "anna", "wrong")]++
	}
	if seen[401] < 5 || seen[429] < 10 || seen[200] > 0 {
		t.Errorf("answers to wrong passwords: %v", seen)
	}
	if status := with("198.51.100.9:9", "anna", "right"); status != 200 {
		t.Errorf("the known one from the same address: %d", status)
	}
	if status := with("198.51.100.10:9", "", ""); status != 401 {
		t.Errorf("another address: %d", status)
	}
}

// TestLimit: a bucket per client, refilled with time; memory has an end.
func TestLimit(t *testing.T) {
	t.Parallel()
	l, now := NewLimit[netip.Prefix](1, 2), time.Now()
	client := func(address string) netip.Prefix { return network(netip.MustParseAddr(address)) }
	a, b := client("2001:db8::1"), client("2001:db8::ffff") // one network, one client
	if !l.Has(a, now) || !l.Allow(a, now) || !l.Allow(b, now) || l.Has(a, now) || l.Allow(a, now) ||
		!l.Allow(client("2001:db8:0:1::1"), now) {
		t.Error("the bucket of a network does not hold two")
	}
	if !l.Allow(a, now.Add(time.Second)) {
		t.Error("the bucket is not refilled")
	}
	for i := range 3 * maxClients {
		l.Allow(network(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})), now)
	}
	if len(l.clients) > maxClients {
		t.Errorf("%d clients are remembered", len(l.clients))
	}
}
