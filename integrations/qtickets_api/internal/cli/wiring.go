package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func newClient(c config.Config, log *slog.Logger) (*qtickets.Client, error) {
	return newClientOver(c, log, nil)
}

// newClientOver is newClient over a transport; nil is the client's own.
func newClientOver(c config.Config, log *slog.Logger, transport http.RoundTripper) (*qtickets.Client, error) {
	if err := c.NeedToken(); err != nil {
		return nil, err
	}
	client, err := qtickets.New(qtickets.Options{
		BaseURL: c.BaseURL, Token: c.Token, RateLimit: c.RateLimit, MaxInFlight: c.InFlight,
		RetryBudget: c.RetryBudget, Logger: log, Transport: transport,
	})
	if err != nil { // New only judges its options
		return nil, fmt.Errorf("%w: %w", config.ErrInvalid, err)
	}
	return client, nil
}

func warehouseConfig(c config.ClickHouse) warehouse.Config {
	return warehouse.Config{
		Host: c.Host, Port: c.Port, User: c.User, Password: c.Password, Database: c.Database, Secure: c.Secure,
		CA: c.CA,
	}
}

// openWarehouse connects to the configured ClickHouse, or starts the embedded one where none is named.
// The returned function ends what was started.
func (a *app) openWarehouse(ctx context.Context, c config.Config) (*warehouse.DB, func(), error) {
	if c.ClickHouse.Host != "" {
		db, err := warehouse.Open(ctx, warehouseConfig(c.ClickHouse))
		if err != nil {
			return nil, nil, err
		}
		return db, func() { _ = db.Close() }, nil
	}
	dir, err := dataDir(c)
	if err != nil {
		return nil, nil, err
	}
	engine, err := embedded.StartMigrated(ctx, a.embeddedOptions(c, dir))
	if err != nil {
		return nil, nil, err
	}
	stop := func() { _ = engine.Close() }
	db, err := warehouse.Open(ctx, engine.As(embedded.Loader))
	if err != nil {
		stop()
		return nil, nil, err
	}
	return db, func() { _ = db.Close(); stop() }, nil
}

// openSchema is openWarehouse for commands that need every table.
func (a *app) openSchema(ctx context.Context, c config.Config) (*warehouse.DB, func(), error) {
	db, stop, err := a.openWarehouse(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	if err := db.CheckSchema(ctx); err != nil {
		stop()
		return nil, nil, err
	}
	return db, stop, nil
}

// embeddedOptions are those of the ClickHouse that is used where no server is named.
func (a *app) embeddedOptions(c config.Config, dir string) embedded.Options {
	return embedded.Options{Library: c.Library, Dir: dir, HTTPOnly: true, Databases: []string{c.ClickHouse.Database},
		Warn: func(text string) { a.logger(c).Warn(text) }}
}

// dataDir of the embedded ClickHouse.
func dataDir(c config.Config) (string, error) {
	if c.ClickHouse.DataDir != "" {
		return c.ClickHouse.DataDir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("%w: CLICKHOUSE_DATA: there is no home folder for the embedded ClickHouse: name a folder, "+
			"or a server in CLICKHOUSE_HOST", config.ErrInvalid)
	}
	return filepath.Join(home, ".local", "share", "qtickets_api", "clickhouse"), nil
}
