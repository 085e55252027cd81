package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// managedDomains are those of services that run ClickHouse for others: there is no container to look into and no
// users.d, and the console gives rights per database.
var managedDomains = []string{".mdb.yandexcloud.net", ".clickhouse.cloud", ".clickhouse-staging.com"}

// Managed tells whether somebody else runs the server.
func Managed(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return slices.ContainsFunc(managedDomains, func(domain string) bool { return strings.HasSuffix(host, domain) })
}

// clickHouseFix is a command that helps on a server of our own, or what to do where somebody else runs it or where
// there are several.
func (o Options) clickHouseFix(own string) string {
	if len(o.Servers) > 0 && (len(o.Servers) > 1 || Managed(o.Servers[0].Host)) {
		return "docs/clusters.md"
	}
	return own
}

// far is how late a replica may be before it is worth a look.
const far = time.Minute

// replicas examines each of several servers by itself.
func replicas(ctx context.Context, c *report, o Options) {
	if len(o.Servers) < 2 {
		return
	}
	for _, server := range o.Servers {
		name := net.JoinHostPort(server.Host, strconv.Itoa(server.Port))
		db, err := warehouse.Open(ctx, server)
		if err != nil {
			c.fail(3, name, err.Error(), "docs/clusters.md")
			continue
		}
		replica(ctx, c, name, db)
		_ = db.Close()
	}
}

func replica(ctx context.Context, c *report, name string, db *warehouse.DB) {
	if err := db.CheckSchema(ctx); err != nil {
		c.fail(3, name, err.Error(), "qtickets_api migrate --replicated")
		return
	}
	if err := db.CheckViews(ctx); err != nil {
		c.fail(3, name, err.Error(), "docs/clusters.md")
		return
	}
	tables, err := db.Replicas(ctx)
	var late time.Duration
	var missing uint64
	for _, t := range tables {
		late, missing = max(late, t.Delay), missing+t.Missing
		if t.ReadOnly {
			c.fail(3, name, fmt.Sprintf(c.say("%s is read-only: no session with Keeper",
				"таблица %s доступна только для чтения: нет сессии с Keeper"), t.Table),
				"SELECT * FROM system.zookeeper_connection")
			return
		}
	}
	switch {
	case errors.Is(err, warehouse.ErrPermission):
		c.warn(3, name, c.say("tables are there; how far it is behind cannot be seen, loads do not wait for it",
			"таблицы на месте; отставание не видно, и загрузки его не ждут"),
			"GRANT SELECT ON system.replicas TO "+db.Config().User)
	case err != nil:
		c.fail(3, name, err.Error(), "docs/clusters.md")
	case len(tables) == 0:
		c.ok(3, name, c.say("shared tables", "общие таблицы"))
	case late > far || missing > 0:
		c.warn(3, name, fmt.Sprintf(c.say("%d replicated tables, %s behind, %d inserts to come",
			"реплицируемых таблиц: %d; отставание %s, вставок в очереди: %d"), len(tables), c.lasted(late), missing),
			"SELECT * FROM system.replication_queue")
	default:
		c.ok(3, name, fmt.Sprintf(c.say("%d replicated tables, level with the others",
			"реплицируемых таблиц: %d; отставания нет"), len(tables)))
	}
}
