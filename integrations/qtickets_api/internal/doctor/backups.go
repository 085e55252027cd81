package doctor

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// backups says how old the newest good backup is, and the newest good try to bring one back. A managed ClickHouse is
// copied by its provider.
func backups(ctx context.Context, c *report, o Options, db *warehouse.DB) {
	if Managed(db.Config().Host) {
		return
	}
	rows, err := db.Backups(ctx)
	if err != nil {
		c.warn(11, c.say("backup", "резервная копия"), err.Error(), o.clickHouseFix(migrateFix))
		return
	}
	var known [2]warehouse.Backup
	for _, row := range rows {
		if row.Kind == "backup" {
			known[0] = row
		} else {
			known[1] = row
		}
	}
	backup(c, c.say("backup", "резервная копия"), known[0], warehouse.OldestBackup,
		o.clickHouseFix("sudo infra/clickhouse/backup.sh; sudo ops/systemd/manage_timers.sh backups; docs/operations.md"))
	if len(rows) > 0 {
		backup(c, c.say("restore drill", "проверка восстановления"), known[1], warehouse.OldestDrill,
			o.clickHouseFix("sudo infra/clickhouse/restore_drill.sh; docs/operations.md"))
	}
}

func backup(c *report, name string, b warehouse.Backup, limit time.Duration, fix string) {
	if b.GoodAt == nil {
		found := c.say("there was none yet", "ещё не было")
		if b.FailedAt != nil {
			found = c.say("failed", "не удалась")
		}
		c.warn(11, name, found, fix)
		return
	}
	age := time.Since(*b.GoodAt).Round(time.Minute)
	found := c.lasted(age) + c.say(" ago", " назад")
	switch {
	case b.FailedAt != nil:
		c.warn(11, name, found+c.say(", and the newest one failed", ", а последняя не удалась"), fix)
	case age > limit:
		c.warn(11, name, found, fix)
	default:
		c.ok(11, name, found)
	}
}
