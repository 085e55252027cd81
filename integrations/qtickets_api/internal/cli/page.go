package cli

import (
	"context"
	"log/slog"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// page is what people see, and how it hears of a new publication.
type page struct {
	handler   http.Handler // nil: there is no page
	published func()
	viewers   func() int
	ready     func(context.Context) error // nil: there is no page
	close     func()
}

// newPage mounts the page; there is none without connections of a reader.
func newPage(settings config.Config, c *connections, guard *access.Guard, log *slog.Logger) (page, error) {
	if c.reader == nil {
		return page{published: func() {}, viewers: func() int { return 0 },
			close: func() {}}, nil
	}
	open := func(ctx context.Context) (*warehouse.DB, error) {
		if settings.ClickHouse.Host != "" && settings.ReaderPassword == "" {
			return nil, dashboard.ErrNoPassword
		}
		return c.reader.DB(ctx)
	}
	server, err := dashboard.New(dashboard.Options{Open: open, Client: guard.Network, Logger: log,
		Build: build(), Org: settings.Org, SavePlan: c.planSaver(log), Access: guard, Address: settings.Digest.PageURL})
	if err != nil {
		return page{}, err
	}
	return page{handler: server, published: server.Published, viewers: server.Watching,
		ready: server.Ready, close: func() { _ = server.Close() }}, nil
}
