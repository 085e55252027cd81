package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// How old the newest good backup and the newest good try to bring one back may be: two nights, two weeks, each
// with some room.
const (
	OldestBackup = 50 * time.Hour
	OldestDrill  = 15 * 24 * time.Hour
)

// Backup is how the backups (Kind "backup") or the tries to bring one back ("drill") went.
type Backup struct {
	Kind     string
	Copy     string     // the newest good one, "" when there is none
	GoodAt   *time.Time // nil: never
	FailedAt *time.Time // nil: none failed since GoodAt
}

// Backups are what backup.sh and restore_drill.sh recorded; none where they have never been run.
func (db *DB) Backups(ctx context.Context) ([]Backup, error) {
	var rows []Backup
	err := db.query(ctx, statement("read_backups"), nil, func(r driver.Rows) error {
		var b Backup
		err := r.Scan(&b.Kind, &b.Copy, &b.GoodAt, &b.FailedAt)
		rows = append(rows, b)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read backups: %w", err)
	}
	return rows, nil
}
