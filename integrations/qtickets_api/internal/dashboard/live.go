package dashboard

import (
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// writeTime is how long a reader may take to accept a line. One who cannot is let go: a browser comes back by
// itself.
const writeTime = 10 * time.Second

// hub knows the viewers of the page. Each hears only the newest token: the ones before are of no use.
type hub struct {
	mu      sync.Mutex
	most    int
	each    int // of one client
	token   string
	closed  bool
	waiting map[chan string]netip.Prefix
}

// newHub has places for so many viewers. One client gets a quarter of them: it cannot keep the others out, and behind a
// proxy that is not trusted all viewers are one.
func newHub(most int) *hub {
	return &hub{most: most, each: max(most/4, min(most, 10)), waiting: map[chan string]netip.Prefix{}}
}

// join is nil when there are too many already, in all or of this client.
func (h *hub) join(client netip.Prefix) chan string {
	h.mu.Lock()
	defer h.mu.Unlock()
	own := 0
	for _, other := range h.waiting {
		if other == client {
			own++
		}
	}
	if h.closed || len(h.waiting) >= h.most || own >= h.each {
		return nil
	}
	c := make(chan string, 1)
	h.waiting[c] = client
	return c
}

func (h *hub) leave(c chan string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiting, c)
}

func (h *hub) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.waiting)
}

// broadcast a token that is not the last one. It never waits for anybody.
func (h *hub) broadcast(token string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if token == h.token || h.closed {
		return
	}
	h.token = token
	for c := range h.waiting {
		select {
		case <-c: // not heard yet, and old by now
		default:
		}
		c <- token
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	for c := range h.waiting {
		close(c)
		delete(h.waiting, c)
	}
}

// serveLive tells a page when it is out of date, as server-sent events.
func (s *Server) serveLive(w http.ResponseWriter, r *http.Request) {
	news := s.hub.join(s.options.Client(r))
	if news == nil {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "too many viewers: the page asks by itself every minute", http.StatusServiceUnavailable)
		return
	}
	defer s.hub.leave(news)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx would hold the lines back
	control := http.NewResponseController(w)
	send := func(format string, args ...any) bool {
		// Not every server in between can do it; then its own limits hold.
		_ = control.SetWriteDeadline(time.Now().Add(writeTime))
		if _, err := fmt.Fprintf(w, format, args...); err != nil {
			return false
		}
		return control.Flush() == nil
	}
	_ = control.SetReadDeadline(time.Time{})
	last := s.publication.current(r.Context()).token
	if !send("retry: 5000\nevent: state\ndata: %s\n\n", last) {
		return
	}
	ping := time.NewTicker(s.options.ping)
	defer ping.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case token, open := <-news:
			if !open {
				return
			}
			if token == last {
				continue
			}
			if last = token; !send("event: state\ndata: %s\n\n", token) {
				return
			}
		case <-ping.C:
			if !send(": ping\n\n") {
				return
			}
		}
	}
}
