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

// warehouseConfigs are the connections to the configured servers, in the order in which they are asked.
func warehouseConfigs(c config.ClickHouse) []warehouse.Config {
	var all []warehouse.Config
	for _, s := range append([]config.Server{{Host: c.Host, Port: c.Port}}, c.Others...) {
		all = append(all, warehouse.Config{
			Host: s.Host, Port: s.Port, User: c.User, Password: c.Password, Database: c.Database, Secure: c.Secure,
			CA: c.CA, Cert: c.Cert, Key: c.Key, OneOfSeveral: len(c.Others) > 0,
		})
	}
	return all
}

// newHosts tell in the log which server is asked, and why.
func newHosts(configs []warehouse.Config, log *slog.Logger) *warehouse.Hosts {
	return warehouse.NewHosts(configs, func(to warehouse.Config, why error) {
		if why == nil {
			log.Info("The first ClickHouse server is asked again", "user", to.User, "host", to.Host, "port", to.Port)
			return
		}
		log.Warn("Another ClickHouse server is asked", "user", to.User, "host", to.Host, "port", to.Port, "error", why)
	})
}

// accept is what a command asks of a ClickHouse; nil: that it answers.
type accept func(context.Context, *warehouse.DB) error

func hasSchema(ctx context.Context, db *warehouse.DB) error { return db.CheckSchema(ctx) }

func loadable(ctx context.Context, db *warehouse.DB) error { return db.Loadable(ctx) }

// openWarehouse connects to the configured ClickHouse, or starts the embedded one where none is named. Of several
// servers it is the first that is accepted, from the first to the last statement. The returned function ends what was
// started.
func (a *app) openWarehouse(ctx context.Context, c config.Config, ok accept) (*warehouse.DB, func(), error) {
	servers, stop := warehouseConfigs(c.ClickHouse), func() {}
	if c.ClickHouse.Host == "" {
		dir, err := dataDir(c)
		if err != nil {
			return nil, nil, err
		}
		engine, err := embedded.StartMigrated(ctx, a.embeddedOptions(c, dir))
		if err != nil {
			return nil, nil, err
		}
		servers, stop = []warehouse.Config{engine.As(embedded.Loader)}, func() { _ = engine.Close() }
	}
	hosts := newHosts(servers, a.logger(c))
	db, err := hosts.Choose(ctx, ok)
	if err != nil {
		hosts.Close()
		stop()
		return nil, nil, err
	}
	watching, end := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() { defer close(watched); hosts.Watch(watching) }()
	return db, func() { end(); <-watched; hosts.Close(); stop() }, nil
}

// openSchema is openWarehouse for commands that need every table.
func (a *app) openSchema(ctx context.Context, c config.Config) (*warehouse.DB, func(), error) {
	return a.openWarehouse(ctx, c, hasSchema)
}

// openLoader is openWarehouse for commands that write.
func (a *app) openLoader(ctx context.Context, c config.Config) (*warehouse.DB, func(), error) {
	return a.openWarehouse(ctx, c, loadable)
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
