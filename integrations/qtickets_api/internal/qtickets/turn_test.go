package qtickets

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// heldTurn is a turn that nobody else wants.
type heldTurn struct {
	mu    sync.Mutex
	held  bool
	taken int           // how often
	given chan struct{} // gets a value, if there is room, whenever it was held and is given back
}

func newHeldTurn() *heldTurn { return &heldTurn{given: make(chan struct{}, 1)} }

func (h *heldTurn) Take(context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.held {
		h.held = true
		h.taken++
	}
}

func (h *heldTurn) Give() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held {
		h.held = false
		select {
		case h.given <- struct{}{}:
		default:
		}
	}
}

func (h *heldTurn) is() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.held
}

// inTurn is a client with a turn whose server answers well unless its handler does something else; the handler knows
// how many requests came before.
func inTurn(t *testing.T, handler func(n int64, h *heldTurn) (status int)) (*Client, *heldTurn, *clock) {
	t.Helper()
	h := newHeldTurn()
	var n atomic.Int64
	c, clock := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if status := handler(n.Add(1)-1, h); status != http.StatusOK {
			writeJSON(w, status, "")
			return
		}
		writeJSON(w, http.StatusOK, listJSON(orderJSON(5000001)))
	})
	c = c.WithTurn(h)
	c.late = time.Hour
	return c, h, clock
}

// TestTurnOfAnAnsweringAPI: it is taken when the first answer has come, and kept.
func TestTurnOfAnAnsweringAPI(t *testing.T) {
	t.Parallel()
	c, h, _ := inTurn(t, func(n int64, h *heldTurn) int {
		if h.is() != (n > 0) {
			t.Errorf("request %d: held %v", n, h.is())
		}
		return http.StatusOK
	})
	for range 3 {
		if _, err := c.Orders(t.Context(), Query{}); err != nil || !h.is() {
			t.Errorf("after an answer: held %v, %v", h.is(), err)
		}
	}
	if h.taken != 1 {
		t.Errorf("taken %d times", h.taken)
	}
}

// TestTurnWhileNotAnswered: it is given back before the first wait, is not held while the request is tried again, and
// is held by whoever goes on, with an answer or without one. The next request of a dead API is not waited for with it.
func TestTurnWhileNotAnswered(t *testing.T) {
	t.Parallel()
	var dead atomic.Bool
	c, h, clock := inTurn(t, func(n int64, h *heldTurn) int {
		if n > 1 && h.is() {
			t.Errorf("request %d of an API that did not answer has the turn", n)
		}
		if dead.Load() || n == 1 || n == 2 {
			return http.StatusBadGateway
		}
		return http.StatusOK
	})
	c.options.Sleep = func(ctx context.Context, d time.Duration) error {
		if d > time.Millisecond && h.is() { // below are the pauses of the rate limit
			t.Error("slept with the turn")
		}
		return clock.Sleep(ctx, d)
	}
	for range 2 { // the second one is answered at the third attempt
		if _, err := c.Orders(t.Context(), Query{}); err != nil || !h.is() {
			t.Fatalf("after an answer: held %v, %v", h.is(), err)
		}
	}
	h.Give() // as at an end, so that no request of the dead API may have it
	dead.Store(true)
	for range 2 {
		if _, err := c.Orders(t.Context(), Query{}); err == nil || !h.is() {
			t.Errorf("after a failure: held %v, %v", h.is(), err)
		}
	}
}

// TestTurnWhileAnAnswerIsLate: a request that hangs is not waited for with the turn, well before it fails.
func TestTurnWhileAnAnswerIsLate(t *testing.T) {
	t.Parallel()
	c, h, _ := inTurn(t, func(n int64, h *heldTurn) int {
		if n == 1 {
			<-h.given
		}
		return http.StatusOK
	})
	c.late = time.Millisecond
	for range 2 {
		if _, err := c.Orders(t.Context(), Query{}); err != nil || !h.is() {
			t.Errorf("after an answer: held %v, %v", h.is(), err)
		}
	}
	if retries := c.Stats().Retries; retries != 0 {
		t.Errorf("%d retries", retries)
	}
}

// TestTurnOfPagesReadTogether: one page that fails again and again while others come keeps none of them up.
func TestTurnOfPagesReadTogether(t *testing.T) {
	t.Parallel()
	h := newHeldTurn()
	var failed atomic.Int64
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Page int }
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		if asked.Page == 2 && failed.Add(1) < 5 {
			writeJSON(w, http.StatusBadGateway, "")
			return
		}
		writeJSON(w, http.StatusOK, pageJSON(asked.Page, 1, 4, orderJSON(5000000+asked.Page)))
	})
	c = c.WithTurn(h)
	pages := 0
	for _, err := range Pages(t.Context(), c.Orders, Query{OrderBy: []Sort{Asc("id")}, PerPage: 1}, 3, 0) {
		if err != nil {
			t.Fatal(err)
		}
		pages++
	}
	if pages != 4 || !h.is() || h.taken < 2 {
		t.Errorf("%d pages, held %v, taken %d times", pages, h.is(), h.taken)
	}
}
