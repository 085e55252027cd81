package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// Options of a Server.
type Options struct {
	Listen  string
	Metrics *Metrics
	// MetricsListen is a second address, for readiness and metrics; "": there is none.
	MetricsListen string
	Guard         *access.Guard
	Page          http.Handler // everything below "/"; nil: there is no page
	Webhook       http.Handler // POST /webhooks/qtickets
	Ready         func(ctx context.Context) []Check
	Logger        *slog.Logger
}

// shutdownTimeout is how long requests under way may take at the end.
const shutdownTimeout = 15 * time.Second

// Server listens from New on; Serve answers until its context ends.
type Server struct {
	Options
	listener  net.Listener
	machines  net.Listener    // nil: there is none
	pages     context.Context // of answers that have no end of their own, such as a stream of events
	endPages  context.CancelFunc
	pageLimit *access.Limit[netip.Prefix]
}

// New listens on the addresses.
func New(o Options) (*Server, error) {
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w: choose another --listen", err)
	}
	s := &Server{Options: o, listener: listener, pageLimit: access.NewLimit[netip.Prefix](20, 200)}
	if o.MetricsListen != "" {
		if s.machines, err = net.Listen("tcp", o.MetricsListen); err != nil {
			_ = listener.Close()
			return nil, fmt.Errorf("listen: %w: choose another QTICKETS_METRICS_LISTEN", err)
		}
	}
	s.pages, s.endPages = context.WithCancel(context.Background())
	return s, nil
}

// URL is the address of the page.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() + "/" }

// MetricsURL is the address for machines, "" when they have none of their own.
func (s *Server) MetricsURL() string {
	if s.machines == nil {
		return ""
	}
	return "http://" + s.machines.Addr().String() + "/metrics"
}

// Serve answers until ctx ends; then it takes no new requests, ends streams, and lets the others finish.
func (s *Server) Serve(ctx context.Context) error {
	defer s.endPages()
	server := s.httpServer(s.handler())
	server.RegisterOnShutdown(s.endPages)
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(s.listener) }()
	if s.machines != nil {
		machines := s.httpServer(s.machineHandler())
		defer func() { _ = machines.Close() }() // a probe cut off is nothing lost
		go func() {
			if err := machines.Serve(s.machines); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		}()
	}
	select {
	case err := <-failed:
		_ = server.Close()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := server.Shutdown(grace)
	if err != nil { // what still hangs is cut off
		_ = server.Close()
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", served)
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// httpServer has the limits of every connection: to say what it wants, to hear the answer, to wait between two.
func (s *Server) httpServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second, // a stream moves its own deadline on
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ConnState:         newCrowd(mostConnections).changed,
		ErrorLog:          slog.NewLogLogger(redactingHandler{s.Logger.Handler()}, slog.LevelDebug),
	}
}
