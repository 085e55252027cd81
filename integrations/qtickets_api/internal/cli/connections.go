package cli

import (
	"context"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// connections are those of a long-lived process. The receiver has its own, so that a load never keeps a
// webhook waiting; the page has the rights of a reader and no others, and opens its own when it is asked for: a reader
// that cannot log in keeps neither loads nor webhooks away.
type connections struct {
	loader, receiver *warehouse.DB
	reader           *warehouse.Config // nil: no page
}

func (c *connections) close() {
	for _, db := range []*warehouse.DB{c.loader, c.receiver} {
		if db != nil {
			_ = db.Close()
		}
	}
}

// openConnections connects to the configured ClickHouse, or starts the embedded one and keeps it running. The returned
// function ends what was started.
func (a *app) openConnections(ctx context.Context, settings config.Config, noPage bool) (*connections, func(), error) {
	loader := warehouseConfig(settings.ClickHouse)
	reader := loader
	reader.User, reader.Password = settings.ReaderUser, settings.ReaderPassword
	end := func() {}
	if settings.ClickHouse.Host == "" {
		dir, err := dataDir(settings)
		if err != nil {
			return nil, nil, err
		}
		supervisor, err := embedded.Supervise(ctx, a.embeddedOptions(settings, dir))
		if err != nil {
			return nil, nil, err
		}
		loader, reader = supervisor.As(embedded.Loader), supervisor.As(embedded.Reader)
		end = func() { _ = supervisor.Close() }
	}
	c, err := connect(ctx, loader)
	if err != nil {
		end()
		return nil, nil, err
	}
	if !noPage {
		c.reader = &reader
	}
	return c, func() { c.close(); end() }, nil
}

// connect opens the connections of the loader's user.
func connect(ctx context.Context, loader warehouse.Config) (c *connections, err error) {
	c = &connections{}
	if c.loader, err = warehouse.Open(ctx, loader); err == nil {
		err = c.loader.CheckSchema(ctx)
	}
	if err == nil {
		c.receiver, err = warehouse.Open(ctx, loader)
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}
