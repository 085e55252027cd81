package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// Options of a Server.
type Options struct {
	Listen  string
	Guard   *access.Guard
	Page    http.Handler // everything below "/"
	Webhook http.Handler // POST /webhooks/qtickets
	Ready   func(ctx context.Context) []Check
	Metrics *Metrics
	Logger  *slog.Logger
}

// shutdownTimeout is how long requests under way may take at the end.
const shutdownTimeout = 15 * time.Second

// Server listens from New on; Serve answers until its context ends.
type Server struct {
	Options
	listener  net.Listener
	pages     context.Context // of answers that have no end of their own, such as a stream of events
	endPages  context.CancelFunc
	pageLimit *access.Limit
}

// New listens on the address.
func New(o Options) (*Server, error) {
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w: choose another --listen", err)
	}
	s := &Server{Options: o, listener: listener, pageLimit: access.NewLimit(20, 200)}
	s.pages, s.endPages = context.WithCancel(context.Background())
	return s, nil
}

// URL is the address of the page.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() + "/" }

// Serve answers until ctx ends; then it takes no new requests, ends streams, and lets the others finish.
func (s *Server) Serve(ctx context.Context) error {
	defer s.endPages()
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second, // a stream moves its own deadline on
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(redactingHandler{s.Logger.Handler()}, slog.LevelDebug),
	}
	server.RegisterOnShutdown(s.endPages)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.listener) }()
	select {
	case err := <-failed:
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
