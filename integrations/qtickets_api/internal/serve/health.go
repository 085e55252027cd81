package serve

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Check is one thing that must be right for the page to be right.
type Check struct {
	Name string `json:"check"`
	OK   bool   `json:"ok"`
	Text string `json:"text,omitempty"`
}

// readyTimeout is how long readiness may take to find out.
const readyTimeout = 5 * time.Second

// healthz says that the process answers.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // nobody is left to be told
}

// readyz says whether what it serves can be trusted to be fresh, and if not, what is wrong.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	status := struct {
		Ready  bool    `json:"ready"`
		Checks []Check `json:"checks"`
	}{true, s.Ready(ctx)}
	for _, c := range status.Checks {
		status.Ready = status.Ready && c.OK
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !status.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(status)
}
