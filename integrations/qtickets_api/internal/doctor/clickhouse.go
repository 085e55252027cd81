package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/russian"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

const (
	grantsFix = "docker exec -i ch-zakaz clickhouse-client --user=admin_min --password='<admin_password>' < " +
		"infra/clickhouse/grants.sql"
	migrateFix = "docker exec -i ch-zakaz clickhouse-client --user=admin_min --password='<admin_password>' < " +
		"infra/clickhouse/migrations/2025-qtickets-api-final.sql"
)

// clickHouse examines steps 3, 8, 9 and 10 as the loader's user.
func clickHouse(ctx context.Context, c *report, o Options) {
	replicas(ctx, c, o)
	name := c.say("connection", "соединение")
	db, stop, err := o.OpenDB(ctx)
	if err != nil {
		fix := o.clickHouseFix("docker ps --filter name=ch-zakaz; docker logs --tail 50 ch-zakaz")
		switch {
		case errors.Is(err, warehouse.ErrAuth):
			fix = "CLICKHOUSE_USER, CLICKHOUSE_PASSWORD: " + secretsFile
		case errors.Is(err, warehouse.ErrCertificate):
			fix = "CLICKHOUSE_CA, CLICKHOUSE_HOST: " + secretsFile
		case errors.Is(err, warehouse.ErrSchema):
			fix = o.clickHouseFix(migrateFix)
		}
		c.fail(3, name, err.Error(), fix)
		return
	}
	defer stop()
	server, err := db.Server(ctx)
	if err != nil {
		c.fail(3, name, err.Error(), o.clickHouseFix("docker logs --tail 50 ch-zakaz"))
		return
	}
	version(c, server)
	clock(c, 3, c.say("clock of ClickHouse", "часы ClickHouse"), server.Ahead)
	rights(ctx, c, o, db)
	if err := db.CheckSchema(ctx); err != nil {
		c.fail(3, c.say("tables", "таблицы"), err.Error(), o.clickHouseFix(migrateFix))
		return
	}
	c.ok(3, c.say("tables", "таблицы"), c.say("all are there", "все на месте"))
	freshness(ctx, c, db, o.Config.Alerts.NoData)
	smoke(c, db.SmokeChecks(ctx))
	reader(ctx, c, o)
	backups(ctx, c, o, db)
}

// reader examines what DataLens sees, as the user of DataLens.
func reader(ctx context.Context, c *report, o Options) {
	name := o.Config.ReaderUser
	fix := o.clickHouseFix(`docker exec ch-zakaz clickhouse-client --user=datalens_reader --password='<datalens_password>' -q "SELECT count() FROM zakaz.v_qtickets_sales_dashboard LIMIT 1;"`)
	if o.Config.ReaderPassword == "" || len(o.Servers) == 0 {
		c.warn(10, name, c.say("not examined: CLICKHOUSE_READER_PASSWORD is not set; without it the page of serve shows why "+
			"it cannot read, and no figures", "не проверен: не задан CLICKHOUSE_READER_PASSWORD; без него панель вместо "+
			"показателей пишет, что не может читать"), fix)
		return
	}
	servers := slices.Clone(o.Servers)
	for i := range servers {
		servers[i].User, servers[i].Password = name, o.Config.ReaderPassword
	}
	hosts := warehouse.NewHosts(servers, nil)
	defer hosts.Close()
	db, err := hosts.DB(ctx)
	if err != nil {
		c.fail(10, name, err.Error(), o.readerFix(err))
		return
	}
	shows, err := db.DashboardRows(ctx)
	missing, extra, errRights := db.CompareRights(ctx, "datalens_reader")
	switch {
	case err != nil || errRights != nil:
		c.fail(10, name, fmt.Sprint(errors.Join(err, errRights)), o.readerFix(errors.Join(err, errRights)))
	case len(missing) > 0:
		c.fail(10, name, c.say("missing rights: ", "не хватает прав: ")+strings.Join(missing, "; "),
			o.clickHouseFix(grantsFix))
	case len(extra) > 0 && Managed(db.Config().Host):
		c.warn(10, name, c.say("may do more than it should, as the console gives rights per database: ",
			"лишние права, так как консоль выдаёт их на базу целиком: ")+strings.Join(extra, "; "), "docs/clusters.md")
	case len(extra) > 0:
		c.fail(10, name, c.say("may do more than it should: ", "лишние права: ")+strings.Join(extra, "; "), "REVOKE "+
			extra[0]+" FROM "+name)
	case shows == 0:
		c.warn(10, name, c.say("the dashboard is empty", "в витрине нет данных"), "sudo systemctl start qtickets_api.service")
	default:
		c.ok(10, name, fmt.Sprintf(c.say("reads the dashboard: %d shows, and no more rights than it needs",
			"видит витрину (показов: %d); лишних прав нет"), shows))
	}
}

// readerFix is what helps a reader that cannot read; the page of serve says the same meanwhile.
func (o Options) readerFix(err error) string {
	switch {
	case errors.Is(err, warehouse.ErrAuth):
		return "CLICKHOUSE_READER_USER, CLICKHOUSE_READER_PASSWORD: " + secretsFile
	case errors.Is(err, warehouse.ErrPermission):
		return o.clickHouseFix("readonly=2, infra/clickhouse/users.d/qtickets.xml; " + grantsFix)
	}
	return o.clickHouseFix("docker ps --filter name=ch-zakaz; docker logs --tail 50 ch-zakaz")
}

// oldest is the oldest ClickHouse whose tables, views and rights were tried.
const oldest = "24.8"

func version(c *report, s warehouse.Server) {
	name := c.say("version", "версия")
	if older(s.Version, oldest) {
		c.fail(3, name, fmt.Sprintf(c.say("%s, older than %s", "%s устарела: нужна %s или новее"), s.Version, oldest),
			"infra/clickhouse/docker-compose.yml")
		return
	}
	c.ok(3, name, s.Version)
}

// older compares the first two numbers of versions.
func older(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range min(len(a), len(b), 2) {
		x, errX := strconv.Atoi(a[i])
		y, errY := strconv.Atoi(b[i])
		if errX != nil || errY != nil || x != y {
			return errX == nil && errY == nil && x < y
		}
	}
	return false
}

// clock judges by how much another clock is ahead of ours.
func clock(c *report, step int, name string, ahead time.Duration) {
	found := fmt.Sprintf(c.say("%s ahead of this server's", "спешат на %s относительно этого сервера"),
		c.lasted(ahead.Round(100*time.Millisecond)))
	if ahead < 0 {
		found = fmt.Sprintf(c.say("%s behind this server's", "отстают на %s от этого сервера"),
			c.lasted(-ahead.Round(100*time.Millisecond)))
	}
	const fix = "sudo timedatectl set-ntp true; timedatectl"
	switch ahead = ahead.Abs(); {
	case ahead > time.Minute:
		c.fail(step, name, found, fix)
	case ahead > 5*time.Second:
		c.warn(step, name, found, fix)
	default:
		c.ok(step, name, c.say("agrees with this server's", "совпадают с часами этого сервера"))
	}
}

// rights compares what the user may do with the project's list: too little stops loads, too much is a risk.
func rights(ctx context.Context, c *report, o Options, db *warehouse.DB) {
	name := fmt.Sprintf(c.say("rights of %s", "права %s"), db.Config().User)
	missing, extra, err := db.CompareRights(ctx, "etl_writer")
	switch {
	case err != nil:
		c.fail(3, name, err.Error(), o.clickHouseFix(grantsFix))
	case len(missing) > 0:
		c.fail(3, name, c.say("missing: ", "не хватает: ")+strings.Join(missing, "; "), o.clickHouseFix(grantsFix))
	case len(extra) > 0 && Managed(db.Config().Host):
		c.warn(3, name, c.say("more than needed, as the console gives rights per database: ",
			"лишние права, так как консоль выдаёт их на базу целиком: ")+strings.Join(extra, "; "), "docs/clusters.md")
	case len(extra) > 0:
		c.warn(3, name, c.say("more than needed: ", "лишние права: ")+strings.Join(extra, "; "),
			fmt.Sprintf("REVOKE %s FROM %s", extra[0], db.Config().User))
	default:
		c.ok(3, name, c.say("exactly those of infra/clickhouse/grants.sql", "совпадают с infra/clickhouse/grants.sql"))
	}
}

// freshness fails when the data is older than the limit, as the alert no_data and /readyz do, and warns when two loads
// in a row are missing.
func freshness(ctx context.Context, c *report, db *warehouse.DB, limit time.Duration) {
	name := c.say("sales as of", "свежесть продаж")
	const fix = "sudo systemctl start qtickets_api.service; journalctl -u qtickets_api.service -n 50 --no-pager"
	asOf, err := db.AsOf(ctx)
	age := time.Since(asOf).Round(time.Minute)
	found := fmt.Sprintf(c.say("%s ago", "%s назад"), c.lasted(age))
	switch {
	case err != nil:
		c.fail(8, name, err.Error(), fix)
	case asOf.IsZero():
		c.fail(8, name, c.say("nothing was published yet", "ещё ничего не опубликовано"), fix)
	case age > limit:
		c.fail(8, name, found, fix)
	case age > twoLoads:
		c.warn(8, name, found, fix)
	default:
		c.ok(8, name, found)
	}
}

// smoke repeats each smoke check that is not well, and counts the others.
func smoke(c *report, verdicts []warehouse.Verdict) {
	well := 0
	in := func(text string) string { return russian.In(c.say("en", "ru"), text) }
	for _, v := range verdicts {
		switch Status(v.Status) {
		case OK:
			well++
		case Warn:
			c.warn(9, in(v.Check), in(v.Found), in(v.Limit))
		default:
			c.fail(9, in(v.Check), in(v.Found), in(v.Limit))
		}
	}
	if well == len(verdicts) {
		c.ok(9, c.say("smoke checks", "проверки данных"), fmt.Sprintf(c.say("all %d pass", "все пройдены: %d"), well))
	}
}
