package ledger

import (
	"embed"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statement is the text of sql/NAME.sql.
func statement(name string) string { return warehouse.Statement(sqlFiles, name) }
