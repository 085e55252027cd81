package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
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
	s := &Server{history: h, options: o, pages: make([]page, h.Pages()), done: make(chan struct{}),
		address: listener.Addr().String()}
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
	p.once.Do(func() { p.text = compressed(s.history.page(number)) })
	return p.text
}

// Span is the time from the first request for a page of orders to the last answer with one; it starts anew
// with every call.
func (s *Server) Span() time.Duration { return time.Duration(s.last.Load() - s.first.Swap(0)) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.TrimPrefix(r.URL.Path, simulator.BasePath) != "/orders" {
		time.Sleep(s.options.Delay)
		s.history.others.ServeHTTP(w, r)
		return
	}
	query, err := readQuery(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	if query.probes() {
		time.Sleep(s.options.Delay)
		s.probed(w, query)
		return
	}
	s.first.CompareAndSwap(0, time.Now().UnixNano())
	time.Sleep(s.options.Delay)
	if query.Page < 1 || query.Page > s.history.Pages() {
		http.Error(w, errQuery.Error(), http.StatusNotImplemented)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Vary", "Accept-Encoding")
	if !s.options.Plain && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(s.gzipped(query.Page)) // the reader notices a cut answer
	} else {
		_, _ = w.Write(s.history.page(query.Page))
	}
	s.last.Store(time.Now().UnixNano())
}

var errQuery = errors.New("only pages of all orders by ascending id are served: a backfill asks for nothing else")

// query is what a request asks for. Anything but pages of the history and the questions around a backfill
// fails, or a benchmark would measure something else without a word.
type query struct {
	Where   []struct{ Column, Operator string }
	OrderBy map[string]string
	Page    int
	PerPage int
}

func readQuery(body io.Reader) (query, error) {
	q := query{Page: 1}
	err := json.NewDecoder(body).Decode(&q)
	if errors.Is(err, io.EOF) {
		q.OrderBy, err = map[string]string{"id": "asc"}, nil
	}
	return q, err
}

// probes tells questions before and after a backfill from its pages.
func (q query) probes() bool { return len(q.Where) > 0 || q.OrderBy["id"] != "asc" || q.PerPage == 1 }

// probed answers these: no order is of event 0, one was updated since any moment, and the newest orders come last
// page first.
func (s *Server) probed(w http.ResponseWriter, q query) {
	w.Header().Set("Content-Type", "application/json")
	page := struct {
		Data   []json.RawMessage `json:"data"`
		Paging map[string]int    `json:"paging"`
	}{Data: []json.RawMessage{}}
	counted := func(total int) { page.Paging = map[string]int{"perPage": 1, "currentPage": 1, "total": total} }
	switch {
	case len(q.Where) > 0 && q.Where[0].Column == "event_id":
		counted(0)
	case len(q.Where) > 0 && q.Where[0].Operator == ">=":
		counted(1)
	case len(q.Where) > 0:
		counted(s.history.Orders - 1)
	case q.PerPage == 1:
		counted(s.history.Orders)
	default:
		if err := json.Unmarshal(s.history.page(s.history.Pages()), &page); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		slices.Reverse(page.Data)
		page.Paging["currentPage"] = 1
	}
	_ = json.NewEncoder(w).Encode(page)
}
