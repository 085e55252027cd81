package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// Server serves a history over HTTP, gzipped as the real API does, and the other lists as the simulator has
// them.
type Server struct {
	history *History
	options Options
	pages   []page
	http    *http.Server
	done    chan struct{}
	address string
	first   atomic.Int64 // Unix nanoseconds of the first request for orders, 0: none yet
	last    atomic.Int64 // and of the last answer
}

// Options of a Server.
type Options struct {
	Delay time.Duration // every answer waits so long, as a distant API would make it
	Plain bool          // do not compress, whatever the client accepts
}

// page is made at its first request and kept, so that a second reader costs nothing.
type page struct {
	once sync.Once
	text []byte
}

// Serve listens on a free loopback port.
func Serve(h *History, o Options) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve pages: %w", err)
	}
	s := &Server{history: h, options: o, pages: make([]page, h.Pages()), done: make(chan struct{}), address: listener.Addr().String()}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener) // ends with Close
	}()
	return s, nil
}

// Close stops serving. A second Close does nothing.
func (s *Server) Close() {
	_ = s.http.Close() // a reader that was cut off notices by itself
	<-s.done
}

// URL is the base address for a client.
func (s *Server) URL() string { return "http://" + s.address + simulator.BasePath }

// Token is the one the server accepts.
func (s *Server) Token() string { return s.history.others.Token() }

// Warm makes every page, so that nothing but copying is left to do when time is measured.
func (s *Server) Warm() {
	for n := 1; n <= s.history.Pages(); n++ {
		s.gzipped(n)
	}
}

func (s *Server) gzipped(number int) []byte {
	p := &s.pages[number-1]
	p.once.Do(func() { p.text = compressed(s.history.Page(number)) })
	return p.text
}

// Span is the time from the first request for a page of orders to the last answer with one; it starts anew
// with every call.
func (s *Server) Span() time.Duration { return time.Duration(s.last.Load() - s.first.Swap(0)) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	orders := strings.TrimPrefix(r.URL.Path, simulator.BasePath) == "/orders"
	if orders {
		s.first.CompareAndSwap(0, time.Now().UnixNano())
	}
	time.Sleep(s.options.Delay)
	if !orders {
		s.history.others.ServeHTTP(w, r)
		return
	}
	number, err := s.asked(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Vary", "Accept-Encoding")
	if !s.options.Plain && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(s.gzipped(number)) // the reader notices a cut answer
	} else {
		_, _ = w.Write(s.history.Page(number))
	}
	s.last.Store(time.Now().UnixNano())
}

var errQuery = errors.New("only pages of all orders by ascending id are served: a backfill asks for nothing else")

// asked is the page a request wants. Anything but a plain page of the history fails, or a benchmark would
// measure something else without a word.
func (s *Server) asked(r *http.Request) (int, error) {
	query := struct {
		Where   []json.RawMessage
		OrderBy map[string]string
		Page    int
	}{Page: 1}
	if err := json.NewDecoder(r.Body).Decode(&query); err != nil {
		return 0, err
	}
	if len(query.Where) > 0 || query.OrderBy["id"] != "asc" || query.Page < 1 || query.Page > s.history.Pages() {
		return 0, errQuery
	}
	return query.Page, nil
}
