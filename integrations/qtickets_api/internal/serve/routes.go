package serve

import (
	"context"
	"net/http"
	"time"
)

// WebhookPath is the address for the cabinet of QTickets.
const WebhookPath = "/webhooks/qtickets"

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(WebhookPath, s.Webhook) // any method: it answers wrong ones itself
	mux.HandleFunc("GET /healthz", healthz)
	mux.Handle("GET /readyz", s.Guard.Inside(http.HandlerFunc(s.readyz)))
	mux.Handle("GET /metrics", s.Guard.Inside(s.Metrics))
	mux.Handle("/", s.Guard.Page(s.page()))
	return s.instrument(mux)
}

// page gives the page its frame: reading only, a limit per client, an end with the server.
func (s *Server) page() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "GET only", http.StatusMethodNotAllowed)
			return
		}
		if client := s.Guard.Client(r); !client.IsLoopback() && !s.pageLimit.Allow(client, time.Now()) {
			w.Header().Set("Retry-After", "5")
			http.Error(w, "Too many requests.", http.StatusTooManyRequests)
			return
		}
		// The deadline is for reading requests; it would also end a stream that is only written.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(s.pages, cancel)()
		inner := r.WithContext(ctx)
		s.Page.ServeHTTP(w, inner)
		r.Pattern = inner.Pattern // of the page's own routes, for the log
	})
}
