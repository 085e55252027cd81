package simulator_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// mailbox is a receiver of webhooks that answers what it is told to.
type mailbox struct {
	mu     sync.Mutex
	status int
	kinds  []string
	bodies []map[string]any
	valid  []bool
	*httptest.Server
}

func newMailbox(t *testing.T, secret string) *mailbox {
	t.Helper()
	m := &mailbox{status: http.StatusOK}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		defer m.mu.Unlock()
		raw, _ := io.ReadAll(r.Body)
		var body map[string]any
		if err := json.Unmarshal(raw, &body); err != nil {
			t.Error(err)
		}
		for k, want := range map[string]string{"Content-Type": "application/json", "X-Model-Name": "Order",
			"User-Agent": "Qtickets-Webhooks/2.0"} {
			if r.Header.Get(k) != want {
				t.Errorf("%s is %q", k, r.Header.Get(k))
			}
		}
		m.kinds = append(m.kinds, r.Header.Get("X-Event-Type"))
		m.bodies = append(m.bodies, body)
		m.valid = append(m.valid, r.Header.Get("X-Signature") == simulator.Sign(secret, raw))
		w.WriteHeader(m.status)
	}))
	t.Cleanup(m.Close)
	return m
}

// hooked is a stage whose events of orders go to a mailbox.
func hooked(t *testing.T, o simulator.WebhookOptions) (stage, *mailbox, *simulator.Webhooks) {
	t.Helper()
	g := stage{T: t, World: newWorld(0)}
	g.s = start(t, g.World, simulator.ServerOptions{})
	m := newMailbox(t, "secret")
	o.URL = m.URL
	if o.Secret == "" {
		o.Secret = "secret"
	}
	return g, m, simulator.NewWebhooks(g.World, o)
}

func (g stage) kinds(m *mailbox, want string) {
	g.Helper()
	if got := strings.Join(m.kinds, " "); got != want {
		g.Errorf("delivered %q, want %q", got, want)
	}
}

func TestWebhooksTellTheStory(t *testing.T) {
	t.Parallel()
	g, m, hooks := hooked(t, simulator.WebhookOptions{})
	id := g.order(simulator.NewOrder{Tickets: 3, FullPrice: true})
	if r := hooks.Deliver(context.Background()); r.Attempts != 0 || r.Pending != 1 {
		t.Errorf("before the first second: %+v", r)
	}
	for _, happen := range []func() error{
		func() error { return g.Pay(id) },
		func() error { return g.Scan(g.Tickets(id)[0].ID) },
		func() error { return g.ScanOut(g.Tickets(id)[0].ID) },
		func() error { return g.Refund(id, []int64{g.Tickets(id)[1].ID}, 100) },
		func() error { return g.EditGuest(g.Tickets(id)[2].ID) },
		func() error { return g.Cancel(id) },
	} {
		g.Advance(time.Second)
		hooks.Deliver(context.Background())
		g.do(happen())
	}
	g.Advance(time.Second)
	report := hooks.Deliver(context.Background())
	g.kinds(m, "created payed checked unchecked refunded updated deleted")
	if report != (simulator.WebhookReport{Attempts: 7, Delivered: 7}) {
		t.Errorf("report %+v", report)
	}
	for i, key := range map[int]string{2: "checked_basket", 3: "unchecked_basket", 4: "refunded_baskets"} {
		if m.bodies[i][key] == nil {
			t.Errorf("no %s in %s", key, m.kinds[i])
		}
	}
	if b := m.bodies[0]; b["payed"] != false || b["id"] != float64(id) || b["data"] != nil || b["primary_orders"] == nil {
		t.Errorf("the first body is not the order as it was: %v", b)
	}
	for i, ok := range m.valid {
		if !ok {
			t.Errorf("delivery %d is not signed", i)
		}
	}
}

func TestWebhookLinksOfReplacement(t *testing.T) {
	t.Parallel()
	g, m, hooks := hooked(t, simulator.WebhookOptions{})
	id := g.order(simulator.NewOrder{})
	g.do(g.Pay(id))
	fresh, err := g.Replace(id)
	g.do(err)
	g.Advance(time.Second)
	hooks.Deliver(context.Background())
	last := m.bodies[len(m.bodies)-1]
	primary := last["primary_orders"].([]any)[0].(map[string]any)
	if last["id"] != float64(fresh) || primary["id"] != float64(id) || len(primary) != 10 {
		t.Errorf("the new order lists %v", primary)
	}
}

// TestWebhookRetries: attempt n waits n³ seconds; after ten the delivery is lost; only 200 counts.
func TestWebhookRetries(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 202, 302, 500} {
		g, m, hooks := hooked(t, simulator.WebhookOptions{})
		m.status = status
		g.do(g.ReserveForever(g.order(simulator.NewOrder{})))
		for n := 1; n <= 10; n++ {
			g.Advance(time.Duration(n*n*n-1) * time.Second)
			if r := hooks.Deliver(context.Background()); r.Attempts != 2*(n-1) {
				t.Fatalf("attempt %d came early: %+v", n, r)
			}
			g.Advance(time.Second)
			if r := hooks.Deliver(context.Background()); r.Attempts != 2*n {
				t.Fatalf("attempt %d did not come: %+v", n, r)
			}
		}
		g.Advance(24 * time.Hour)
		if r := hooks.Deliver(context.Background()); r != (simulator.WebhookReport{Attempts: 20, Lost: 2}) {
			t.Errorf("status %d: %+v", status, r)
		}
	}
}

func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	g, m, hooks := hooked(t, simulator.WebhookOptions{
		DuplicateEvery: 2, LoseEvery: 3, UnknownEvery: 4, ForgeEvery: 5, Reversed: true, Trimmed: true,
	})
	id := g.order(simulator.NewOrder{Tickets: 2}) // 1
	g.do(g.Extend(id))                            // 2: twice
	g.do(g.ReserveForever(id))                    // 3: lost
	g.do(g.Pay(id))                               // 4: twice, type unknown
	g.do(g.EditGuest(g.Tickets(id)[0].ID))        // 5: forged
	g.Advance(time.Second)
	report := hooks.Deliver(context.Background())
	g.kinds(m, "updated archived archived updated updated created")
	if report.Lost != 1 || report.Delivered != 6 || m.valid[0] || !m.valid[1] {
		t.Errorf("report %+v, signatures %v", report, m.valid)
	}
	basket := m.bodies[0]["baskets"].([]any)[0].(map[string]any)
	if _, ok := basket["seat_name"]; ok || basket["price"] == nil {
		t.Errorf("a trimmed basket is %v", basket)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	// RFC 2202, test case 2.
	if got := simulator.Sign("Jefe",
		[]byte("what do ya want for nothing?")); got != "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" {
		t.Errorf("signature %s", got)
	}
}
