package serve

import (
	"context"
	"io"
	"net/http"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// WebhookPath is the address for the cabinet of QTickets; with a slash at its end it is the same.
const WebhookPath = "/webhooks/qtickets"

// formPaths are the addresses at which the page takes a form.
var formPaths = []string{"/plan", "/share", "/share/revoke", "/people/revoke"}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(WebhookPath, lingering(s.Webhook)) // any method: it answers wrong ones itself
	mux.Handle(WebhookPath+"/{$}", lingering(s.Webhook))
	mux.Handle("GET /healthz", withoutBody(http.HandlerFunc(healthz)))
	mux.Handle("GET /readyz", withoutBody(s.Guard.Machine(http.HandlerFunc(s.readyz))))
	mux.Handle("GET /metrics", withoutBody(s.Guard.Machine(s.Metrics)))
	if s.Page != nil {
		mux.Handle("/", withoutBody(s.Guard.Page(s.page())))
		s.formRoutes(mux)
		for _, path := range formPaths {
			mux.Handle("POST "+path, lingering(withForm(s.Guard.Page(s.limited(s.Page.ServeHTTP)))))
		}
	} else {
		mux.Handle("/", withoutBody(http.NotFoundHandler()))
	}
	return s.instrument(mux)
}

// formRoutes are where people sign in and out.
func (s *Server) formRoutes(mux *http.ServeMux) {
	if !s.Guard.HasForms() {
		return
	}
	for _, path := range []string{access.SignInPath, access.SignOutPath, access.InvitationPath + "{token}"} {
		mux.Handle("POST "+path, lingering(withForm(s.Guard.Forms())))
	}
}

// machineHandler is what stands at the listener for machines.
func (s *Server) machineHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", healthz)
	mux.Handle("GET /readyz", s.Guard.OwnListener(http.HandlerFunc(s.readyz)))
	mux.Handle("GET /metrics", s.Guard.OwnListener(s.Metrics))
	return s.instrument(withoutBody(mux))
}

// page gives the page its frame: reading only, a limit per client, an end with the server.
func (s *Server) page() http.Handler {
	return s.limited(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "GET only", http.StatusMethodNotAllowed)
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

// limited lets a client in so often.
func (s *Server) limited(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if client := s.Guard.Client(r); !client.IsLoopback() && !s.pageLimit.Allow(s.Guard.Network(r), time.Now()) {
			w.Header().Set("Retry-After", "5")
			http.Error(w, "Too many requests.", http.StatusTooManyRequests)
			return
		}
		next(w, r)
	})
}

// What is left of a body that was refused: how long it may take to arrive, and how much is thrown away meanwhile.
const (
	restTime  = time.Second
	restBytes = 32 << 20
)

// lingering hears a sender out whose body was refused unread, after the answer and for a moment: closing at once would
// show one that is still writing a broken connection instead of the answer.
func lingering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if w.Header().Get("Connection") == "close" && r.ContentLength != 0 {
			connection := http.NewResponseController(w)
			_ = connection.Flush()
			_ = connection.SetReadDeadline(time.Now().Add(restTime))
			_, _ = io.CopyN(io.Discard, r.Body, restBytes)
		}
	})
}

// withForm refuses a request that does not promise a small body.
func withForm(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength < 0 || r.ContentLength > access.LongestForm {
			w.Header().Set("Connection", "close")
			http.Error(w, "The form is too long.", http.StatusRequestEntityTooLarge)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// withoutBody refuses a request that promises a body: nothing here takes one, and the connection would be held until
// it has come.
func withoutBody(next http.Handler) http.Handler {
	return lingering(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength == 0 {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Connection", "close")
		http.Error(w, "No body is expected here.", http.StatusBadRequest)
	}))
}
