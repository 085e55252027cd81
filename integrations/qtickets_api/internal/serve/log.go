package serve

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"time"
)

// instrument logs and counts each request: no query, no address beyond its network, no header. The path is named by
// its pattern only, since a foreign one may hold anything.
func (s *Server) instrument(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		out := &recorder{ResponseWriter: w}
		defer func() { // also when the handler panics: the server prints that
			route, status, took := routeOf(r), out.status(), time.Since(began)
			s.Metrics.request(route, status, took)
			s.Logger.Log(r.Context(), levelOf(route, status), "Request", "method", methodOf(r.Method), "route", route, "status",
				status,
				"bytes", out.bytes, "took", took.Round(time.Microsecond).String(), "network", networkOf(s.Guard.Client(r)))
		}()
		next.ServeHTTP(out, r)
	})
}

// levelOf hides what comes every few seconds.
func levelOf(route string, status int) slog.Level {
	if status < 400 && slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, route) {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// routeOf is the pattern that answered, without its method.
func routeOf(r *http.Request) string {
	pattern := r.Pattern
	for i := range pattern {
		if pattern[i] == '/' {
			return pattern[i:]
		}
	}
	return "none"
}

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

func methodOf(method string) string {
	if slices.Contains(methods, method) {
		return method
	}
	return "other"
}

// networkOf tells machines of one network apart from others, not one person from another.
func networkOf(client netip.Addr) string {
	bits := 48
	if client.Is4() {
		bits = 24
	}
	p, err := client.WithZone("").Prefix(bits)
	if err != nil || !client.IsValid() {
		return "unknown"
	}
	return p.String()
}

// recorder notes the status and the length of an answer. http.ResponseController reaches through it.
type recorder struct {
	http.ResponseWriter
	code  int
	bytes int64
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader notes the status.
func (w *recorder) WriteHeader(code int) {
	if w.code == 0 && code >= 200 {
		w.code = code
	}
	w.ResponseWriter.WriteHeader(code)
}

// Write counts.
func (w *recorder) Write(p []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

func (w *recorder) status() int {
	if w.code == 0 {
		return http.StatusOK
	}
	return w.code
}

// redactingHandler keeps addresses out of what the HTTP server says by itself ("http: panic serving 192.0.2.1:…"): the
// stack of a panic is kept, the rest is noise of scanners.
type redactingHandler struct{ slog.Handler }

// Handle writes the message without its first line's address.
func (h redactingHandler) Handle(ctx context.Context, r slog.Record) error {
	return h.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "HTTP server: "+withoutAddress(r.Message), r.PC))
}
