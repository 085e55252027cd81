package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// lab is both programs, built, and one ClickHouse for both.
type lab struct {
	dir       string
	loader    string
	reference string
	engine    *embedded.Engine
	databases []string // not used yet
}

func newLab(ctx context.Context, databases int) (*lab, error) {
	dir, err := os.MkdirTemp("", "qtickets_bench_")
	if err != nil {
		return nil, err
	}
	l := &lab{dir: dir, loader: filepath.Join(dir, "loader"), reference: filepath.Join(dir, "reference")}
	for i := range databases {
		l.databases = append(l.databases, fmt.Sprintf("bench_%d", i))
	}
	if err := l.start(ctx); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (l *lab) start(ctx context.Context) (err error) {
	dir, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("find the module: %w", err)
	}
	module := strings.TrimSpace(string(dir))
	for _, build := range []*exec.Cmd{
		exec.CommandContext(ctx, filepath.Join(module, "build.sh"), l.loader), // as it is shipped
		exec.CommandContext(ctx, "go", "build", "-C", module, "-trimpath", "-ldflags", "-s -w", "-o", l.reference,
			"./internal/bench/reference"),
	} {
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if text, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w: %s", build.Args, err, text)
		}
	}
	l.engine, err = embedded.Start(ctx, embedded.Options{
		Library: os.Getenv("CHDB_LIB"), Dir: filepath.Join(l.dir, "clickhouse"), HTTPOnly: true, Databases: l.databases,
	})
	return err
}

func (l *lab) close() error {
	var err error
	if l.engine != nil {
		err = l.engine.Close()
	}
	return errors.Join(err, os.RemoveAll(l.dir))
}

// empty makes the tables of a database nobody has used.
func (l *lab) empty(ctx context.Context) (string, error) {
	database := l.databases[0]
	l.databases = l.databases[1:]
	admin := l.engine.As(embedded.Admin)
	admin.Database = database
	return database, warehouse.Migrate(ctx, admin)
}

// env is all that a child sees of the world.
func (l *lab) env(baseURL, token, database string) []string {
	db := l.engine.As(embedded.Loader)
	return []string{
		"QTICKETS_BASE_URL=" + baseURL, "QTICKETS_TOKEN=" + token, "QTICKETS_RATE_LIMIT=10000", "QTICKETS_MAX_IN_FLIGHT=4",
		"QTICKETS_BUYER_KEY=of the benchmark only",
		"CLICKHOUSE_HOST=" + db.Host, "CLICKHOUSE_PORT=" + strconv.Itoa(db.Port), "CLICKHOUSE_USER=" + db.User,
		"CLICKHOUSE_PASSWORD=" + db.Password, "CLICKHOUSE_DATABASE=" + database,
	}
}

// stored is how many orders a database holds.
func (l *lab) stored(ctx context.Context, database string) (int, error) {
	db, err := l.open(ctx, database)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	count, err := db.CountOrders(ctx)
	return int(count.Orders), err
}

// open connects as the loader does.
func (l *lab) open(ctx context.Context, database string) (*warehouse.DB, error) {
	c := l.engine.As(embedded.Loader)
	c.Database = database
	return warehouse.Open(ctx, c)
}
