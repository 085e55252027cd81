package cli

import (
	"fmt"
	"regexp"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type migrateCommand struct {
	Print      bool   `help:"Print the SQL instead of running it."`
	Replicated bool   `help:"Make tables that all replicas share, on every server of CLICKHOUSE_HOST (docs/clusters.md)."`
	NoDatabase bool   `name:"no-database" help:"Do not create the database: it is there already, as on managed services."`
	Cluster    string `help:"With --print --replicated: every statement ON CLUSTER NAME, for one server to run." placeholder:"NAME"`
}

// clusterName is one, or the macro of a server.
var clusterName = regexp.MustCompile(`^(\w[\w.-]*|\{\w+\})$`)

// Run applies the schema with the rights of the configured user, who must be an administrator.
func (c migrateCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	server := settings.ClickHouse
	switch {
	case c.Cluster != "" && (!c.Print || !c.Replicated):
		return fmt.Errorf("%w: --cluster is for --print --replicated: without --print every server of CLICKHOUSE_HOST is "+
			"told", config.ErrInvalid)
	case c.Cluster != "" && !clusterName.MatchString(c.Cluster):
		return fmt.Errorf("%w: --cluster: not the name of a cluster: SELECT cluster FROM system.clusters lists them",
			config.ErrInvalid)
	case !c.Print && c.Replicated && server.Host == "":
		return fmt.Errorf("%w: --replicated: the embedded ClickHouse has no replicas: name the servers in CLICKHOUSE_HOST",
			config.ErrInvalid)
	case !c.Print && !c.Replicated && len(server.Others) > 0:
		return fmt.Errorf("%w: CLICKHOUSE_HOST names several servers, which must share their tables: add --replicated, or "+
			"name one server (docs/clusters.md)", config.ErrInvalid)
	}
	layout := warehouse.Layout{Database: server.Database, Replicated: c.Replicated, NoDatabase: c.NoDatabase,
		Cluster: c.Cluster}
	if c.Print {
		_, err := fmt.Fprint(a.Stdout, warehouse.Schema(layout))
		return err
	}
	if err := c.apply(a, settings, layout); err != nil {
		return err
	}
	text := fmt.Sprintf("The schema of database %s is up to date.", server.Database)
	if len(server.Others) > 0 {
		text = fmt.Sprintf("The schema of database %s is up to date on %d servers.", server.Database, 1+len(server.Others))
	}
	_, err = fmt.Fprintln(a.Stdout, a.say(text))
	return err
}

func (migrateCommand) apply(a *app, settings config.Config, layout warehouse.Layout) error {
	if settings.ClickHouse.Host != "" {
		return layout.Migrate(a.ctx, warehouseConfigs(settings.ClickHouse))
	}
	_, stop, err := a.openWarehouse(a.ctx, settings, nil) // migrates by itself
	if err == nil {
		stop()
	}
	return err
}
