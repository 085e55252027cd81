package simulator

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// DefaultToken is accepted when ServerOptions names no other: 32 alphanumerics, as the real ones.
const DefaultToken = "Sim0Token1Sim2Token3Sim4Token5ab"

// BasePath is the path of the REST API below the host; partnersPath is that of the Partners API.
const (
	BasePath     = "/api/rest/v1"
	partnersPath = "/api/partners/v1"
)

// ServerOptions of a Server; zero values mean the defaults named here.
type ServerOptions struct {
	// Token an organiser's client must send; empty means DefaultToken.
	Token string
	// MaxPerPage caps the perPage of a request; 0 means 500. The real maximum is unknown.
	MaxPerPage int
	// NoGzip serves plain bodies whatever the client accepts.
	NoGzip bool
	// OnRequest, if set, is called before each request is looked at, with its path below the base
	// ("orders"), possibly from several goroutines: the place for a test to let something
	// happen between two pages.
	OnRequest func(path string)
}

// Server answers HTTP requests about a World. It is an http.Handler and may also listen by itself.
type Server struct {
	world   *World
	options ServerOptions
	faults  faultBoard
	count   counterBoard
	cache   staleCache

	mu       sync.Mutex
	listener net.Listener
	http     *http.Server
	done     chan struct{}
	failure  error
}

// NewServer makes a handler; Start makes it listen.
func NewServer(w *World, o ServerOptions) *Server {
	if o.Token == "" {
		o.Token = DefaultToken
	}
	if o.MaxPerPage == 0 {
		o.MaxPerPage = 500
	}
	return &Server{world: w, options: o}
}

// World is the one the server answers about.
func (s *Server) World() *World { return s.world }

// Token is the one the server accepts.
func (s *Server) Token() string { return s.options.Token }

// Start listens on addr ("127.0.0.1:8090"; empty for a free loopback port) and serves until Close.
func (s *Server) Start(addr string) error {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return errors.New("start simulator: it listens already; close it first")
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("start simulator: %w (choose another address)", err)
	}
	s.listener = listener
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.done = make(chan struct{})
	go func() {
		defer close(s.done)
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failure = err
		}
	}()
	return nil
}

// URL is the base address for a client, "http://127.0.0.1:PORT/api/rest/v1"; "" before Start.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return "http://" + s.listener.Addr().String() + BasePath
}

// Close stops listening, breaks open connections off and waits for the serving goroutine. A second
// Close, or one without Start, does nothing.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http == nil {
		return nil
	}
	err := s.http.Close()
	<-s.done
	s.http, s.listener = nil, nil
	return errors.Join(err, s.failure)
}

// SetFault turns switches on, or moves those that are on for the same path. Counts start anew.
func (s *Server) SetFault(faults ...Fault) {
	for _, f := range faults {
		s.faults.set(f)
		s.world.followRefundFault(f.Kind, true)
	}
}

// ClearFaults turns switches off: the named kinds, or all. The cache of StaleCache is emptied.
func (s *Server) ClearFaults(kinds ...FaultKind) {
	for _, f := range s.faults.list() {
		if len(kinds) == 0 {
			s.world.followRefundFault(f.Kind, false)
		}
	}
	for _, k := range kinds {
		s.world.followRefundFault(k, false)
	}
	s.faults.clear(kinds)
	s.cache.empty()
}

// Faults are the switches that are on.
func (s *Server) Faults() []Fault { return s.faults.list() }

// followRefundFault applies the switches that are rules of the world.
func (w *World) followRefundFault(kind FaultKind, on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch kind {
	case RefundMoves:
		w.rules.MovesUpdatedAt = on
	case RefundDeletes:
		w.rules.SetsDeletedAt = on
	case RefundRecomputes:
		w.rules.RecomputesPrice = on
	case RefundUnpays:
		w.rules.DropsPayed = on
	case RefundUnpaysAt:
		w.rules.DropsPayedAt = on
	case RefundFractions:
		w.rules.SplitsFractions = on
	case ReplacedStays:
		w.rules.ReplacedStays = on
	case ScanMoves:
		w.rules.ScansMoveUpdatedAt = on
	}
}
