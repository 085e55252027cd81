package cli

import (
	"log/slog"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// page is what people see, and how it hears of a new publication.
type page struct {
	handler   http.Handler
	published func()
	viewers   func() int
}

// newPage mounts the page; reader is nil where none is wanted.
func newPage(_ config.Config, reader *warehouse.DB, _ *slog.Logger) (page, error) {
	p := page{handler: http.NotFoundHandler(), published: func() {}, viewers: func() int { return 0 }}
	if reader == nil {
		return p, nil
	}
	p.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // the dashboard goes here
		_, _ = w.Write([]byte("QTickets\n"))
	})
	return p, nil
}
