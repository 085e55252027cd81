package cli

import (
	"log/slog"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// page is what people see, and how it hears of a new publication.
type page struct {
	handler   http.Handler
	published func()
	viewers   func() int
	close     func()
}

// newPage mounts the page; reader is nil where none is wanted.
func newPage(settings config.Config, reader *warehouse.DB, log *slog.Logger) (page, error) {
	if reader == nil {
		return page{handler: http.NotFoundHandler(), published: func() {}, viewers: func() int { return 0 },
			close: func() {}}, nil
	}
	server, err := dashboard.New(dashboard.Options{DB: reader, Logger: log, Build: build(), Org: settings.Org})
	if err != nil {
		return page{}, err
	}
	return page{handler: server, published: server.Published, viewers: server.Watching,
		close: func() { _ = server.Close() }}, nil
}
