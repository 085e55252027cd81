package cli

import (
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type migrateCommand struct {
	Print bool `help:"Print the SQL instead of running it."`
}

// Run applies the schema with the rights of the configured user, who must be an administrator.
func (c migrateCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	if c.Print {
		_, err := fmt.Fprint(a.Stdout, warehouse.Schema(settings.ClickHouse.Database))
		return err
	}
	if settings.ClickHouse.Host == "" {
		_, stop, err := a.openWarehouse(a.ctx, settings, nil) // migrates by itself
		if err != nil {
			return err
		}
		stop()
	} else if err := warehouse.Migrate(a.ctx, warehouseConfigs(settings.ClickHouse)[0]); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.Stdout, "The schema of database %s is up to date.\n", settings.ClickHouse.Database)
	return err
}
