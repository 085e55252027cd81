package cli

import (
	"context"
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// connections are those of a long-lived process. The receiver has its own, so that a load never keeps a
// webhook waiting; the page has the rights of a reader and no others.
type connections struct {
	loader, receiver *warehouse.DB
	reader           *warehouse.DB // nil: no page
}

func (c *connections) close() {
	for _, db := range []*warehouse.DB{c.loader, c.receiver, c.reader} {
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
	switch {
	case settings.ClickHouse.Host == "":
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
	case !noPage && settings.ReaderPassword == "":
		return nil, nil, fmt.Errorf("%w: CLICKHOUSE_READER_PASSWORD is not set: the page reads as %s and not as the loader; "+
			"put that user's password into the env file, or serve without a page (--no-page)", config.ErrInvalid, reader.User)
	}
	c, err := connect(ctx, loader, reader, noPage)
	if err != nil {
		end()
		return nil, nil, err
	}
	return c, func() { c.close(); end() }, nil
}

func connect(ctx context.Context, loader, reader warehouse.Config, noPage bool) (*connections, error) {
	c := &connections{}
	open := func(to **warehouse.DB, as warehouse.Config) (err error) {
		*to, err = warehouse.Open(ctx, as)
		return err
	}
	err := open(&c.loader, loader)
	if err == nil {
		err = c.loader.CheckSchema(ctx)
	}
	if err == nil {
		err = open(&c.receiver, loader)
	}
	if err == nil && !noPage {
		err = open(&c.reader, reader)
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}
