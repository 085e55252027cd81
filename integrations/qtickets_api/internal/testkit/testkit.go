// Package testkit gives tests the real parts: a ClickHouse engine per test program, an empty database
// per test, and a simulated QTickets that must receive nothing but GET and HEAD.
package testkit

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"golang.org/x/sync/errgroup"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// databases is how many tests of one program may ask for an empty database.
const databases = 220

var engine struct {
	once sync.Once
	dir  string
	*embedded.Engine
	err  error
	used atomic.Int32
}

// Main runs the tests of a package, then calls the functions to run after them and stops the engine. Use it as
// the body of TestMain.
func Main(m *testing.M, after ...func()) {
	code := m.Run()
	for _, do := range after {
		do()
	}
	if engine.Engine != nil {
		_ = engine.Close()
	}
	if engine.dir != "" {
		_ = os.RemoveAll(engine.dir)
	}
	stopCluster()
	os.Exit(code)
}

// Engine is the ClickHouse of this test program, started at first use. Without the library the test
// fails with the command that fetches it.
func Engine(t testing.TB) *embedded.Engine {
	t.Helper()
	engine.once.Do(func() {
		engine.dir, engine.err = makeTempDir()
		if engine.err != nil {
			return
		}
		names := []string{warehouse.DefaultDatabase}
		for i := range databases {
			names = append(names, databaseName(i))
		}
		engine.Engine, engine.err = embedded.Start(context.Background(), embedded.Options{
			Library: os.Getenv("CHDB_LIB"), Dir: engine.dir, Databases: names,
		})
	})
	if engine.err != nil {
		t.Fatal(engine.err)
	}
	return engine.Engine
}

func databaseName(i int) string { return fmt.Sprintf("%s_%d", warehouse.DefaultDatabase, i) }

// EmptyDatabase is the loader's connection to a database of its own that does not exist yet. It goes with the test:
// ClickHouse looks after every table all the time, so hundreds of them would slow the tests that follow.
func EmptyDatabase(t testing.TB) warehouse.Config {
	t.Helper()
	c := keptDatabase(t)
	t.Cleanup(func() { drop(t, c) })
	return c
}

// keptDatabase is one that does not exist yet either, and stays as long as the engine.
func keptDatabase(t testing.TB) warehouse.Config {
	t.Helper()
	c := Engine(t).As(embedded.Loader)
	n := int(engine.used.Add(1)) - 1
	if n >= databases {
		t.Fatalf("more than %d databases in one test program: raise testkit.databases", databases)
	}
	c.Database = databaseName(n)
	return c
}

// drop takes the database away. Tests that failed to make it, or took its server down, have nothing to drop.
func drop(t testing.TB, c warehouse.Config) {
	conn := rawConn(t, As(t, c, embedded.Admin))
	defer func() { _ = conn.Close() }()
	_ = conn.Exec(context.Background(), "DROP DATABASE IF EXISTS "+c.Database+" SYNC")
}

// As is the same database for another user.
func As(t testing.TB, c warehouse.Config, user string) warehouse.Config {
	t.Helper()
	other := Engine(t).As(user)
	other.Database = c.Database
	return other
}

// Database is the loader's connection to an empty migrated database of its own. A later test gets the same one,
// emptied: a new schema is a second of CPU.
func Database(t testing.TB) warehouse.Config {
	t.Helper()
	d, found := spare.take()
	if !found {
		d.Config = keptDatabase(t)
	}
	t.Cleanup(func() { giveBack(t, d) })
	if found {
		return d.Config
	}
	migrate(t, d.Config)
	admin := Raw(t, As(t, d.Config, embedded.Admin))
	if err := admin.QueryRow(t.Context(), schemaSQL).Scan(&d.schema); err != nil {
		t.Fatal(err)
	}
	return d.Config
}

// database is migrated; schema tells whether it still is as it was then.
type database struct {
	warehouse.Config
	schema uint64
}

const schemaSQL = "SELECT sum(cityHash64(name, create_table_query)) FROM system.tables " +
	"WHERE database = currentDatabase()"

// spare are empty migrated databases which no test uses.
var spare pool

type pool struct {
	mu   sync.Mutex
	free []database
}

func (p *pool) take() (d database, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) == 0 {
		return d, false
	}
	d, p.free = p.free[len(p.free)-1], p.free[:len(p.free)-1]
	return d, true
}

func (p *pool) put(d database) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, d)
}

// giveBack leaves the database to a later test, or drops it when it is not as before.
func giveBack(t testing.TB, d database) {
	conn := rawConn(t, As(t, d.Config, embedded.Admin))
	defer func() { _ = conn.Close() }()
	var schema uint64
	err := conn.QueryRow(context.Background(), schemaSQL).Scan(&schema)
	if err == nil && schema == d.schema {
		err = Empty(context.Background(), conn)
	}
	if err != nil || schema != d.schema {
		drop(t, d.Config)
		return
	}
	spare.put(d)
}

// Empty forgets all rows of a database.
func Empty(ctx context.Context, admin clickhouse.Conn) error {
	var tables []string
	if err := admin.QueryRow(ctx, "SELECT groupArray(name) FROM system.tables WHERE database = currentDatabase() "+
		"AND active_parts > 0").Scan(&tables); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for _, table := range tables {
		group.Go(func() error { return admin.Exec(ctx, "ALTER TABLE "+table+" DROP PARTITION ALL") })
	}
	return group.Wait()
}

func migrate(t testing.TB, c warehouse.Config) {
	t.Helper()
	if err := warehouse.Migrate(t.Context(), As(t, c, embedded.Admin)); err != nil {
		t.Fatal(err)
	}
}

// Open connects and closes with the test.
func Open(t testing.TB, c warehouse.Config) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Serve serves a world until the test ends and then requires that only GET and HEAD came.
func Serve(t testing.TB, world *simulator.World) *simulator.Server {
	t.Helper()
	server := simulator.NewServer(world, simulator.ServerOptions{})
	if err := server.Start(""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if n := server.Counters().NonGET; n != 0 {
			t.Errorf("%d requests to QTickets were neither GET nor HEAD", n)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// Client requests from a simulated QTickets as fast as it answers and does not wait before a retry.
func Client(t testing.TB, server *simulator.Server, change ...func(*qtickets.Options)) *qtickets.Client {
	t.Helper()
	options := qtickets.Options{
		BaseURL: server.URL(), Token: server.Token(), RateLimit: 10_000, MaxInFlight: 4,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	for _, c := range change {
		c(&options)
	}
	client, err := qtickets.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
