package cli

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// connections are those of a long-lived process. The receiver has its own, so that a load never keeps a
// webhook waiting; the page has the rights of a reader and no others, and opens its own when it is asked for: a reader
// that cannot log in keeps neither loads nor webhooks away. Where several servers are named each asks one of them at a
// time.
type connections struct {
	loader, receiver *warehouse.Hosts
	reader           *warehouse.Hosts // nil: no page
}

func (c *connections) close() {
	for _, h := range []*warehouse.Hosts{c.loader, c.receiver, c.reader} {
		if h != nil {
			h.Close()
		}
	}
}

// watch looks after the servers until the context ends.
func (c *connections) watch(ctx context.Context) {
	var all sync.WaitGroup
	for _, h := range []*warehouse.Hosts{c.loader, c.receiver, c.reader} {
		if h != nil {
			all.Go(func() { h.Watch(ctx) })
		}
	}
	all.Wait()
}

// openConnections connects to the configured ClickHouse, or starts the embedded one and keeps it running. The returned
// function ends what was started.
func (a *app) openConnections(ctx context.Context, settings config.Config, noPage bool) (*connections, func(), error) {
	loader := warehouseConfigs(settings.ClickHouse)
	reader := slices.Clone(loader)
	for i := range reader {
		reader[i].User, reader[i].Password = settings.ReaderUser, settings.ReaderPassword
	}
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
		loader = []warehouse.Config{supervisor.As(embedded.Loader)}
		reader = []warehouse.Config{supervisor.As(embedded.Reader)}
		end = func() { _ = supervisor.Close() }
	}
	if noPage {
		reader = nil
	}
	c, err := connect(ctx, loader, reader, a.logger(settings))
	if err != nil {
		end()
		return nil, nil, err
	}
	return c, func() { c.close(); end() }, nil
}

// connect opens the connections of the loader's user. reader nil: no page.
func connect(ctx context.Context, loader, reader []warehouse.Config, log *slog.Logger) (*connections, error) {
	c := &connections{loader: newHosts(loader, log), receiver: newHosts(loader, log)}
	_, err := c.loader.Choose(ctx, hasSchema)
	if err == nil {
		_, err = c.receiver.DB(ctx)
	}
	if err != nil {
		c.close()
		return nil, err
	}
	if reader != nil {
		c.reader = newHosts(reader, log)
	}
	return c, nil
}
