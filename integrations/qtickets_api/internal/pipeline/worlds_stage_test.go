package pipeline_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// stage is where worlds are played one after another: a ClickHouse of its own, that may be killed, with
// one database that is emptied between worlds.
type stage struct {
	options embedded.Options
	engine  *embedded.Engine
	config  warehouse.Config // of the loader
	db      *warehouse.DB    // of the loader
	admin   clickhouse.Conn
	wire    *http.Transport // to QTickets
	behind  *http.Transport // from proxies to ClickHouse; a kept connection may be closed when it is used again
	ghosts  sync.WaitGroup  // killed runs that have not noticed yet
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{
		options: embedded.Options{Dir: testkit.TempDir(t), Databases: []string{warehouse.DefaultDatabase}},
		wire:    &http.Transport{MaxIdleConnsPerHost: 16},
		behind:  &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	}
	t.Cleanup(s.close)
	if err := s.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := warehouse.Migrate(t.Context(), s.engine.As(embedded.Admin)); err != nil {
		t.Fatal(err)
	}
	if err := s.connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) start(ctx context.Context) (err error) {
	s.engine, err = embedded.Start(ctx, s.options)
	return err
}

func (s *stage) connect(ctx context.Context) (err error) {
	s.config = s.engine.As(embedded.Loader)
	s.config.SliceOrders = 8 // so that worlds have several slices
	if s.db, err = warehouse.Open(ctx, s.config); err != nil {
		return err
	}
	c := s.engine.As(embedded.Admin)
	s.admin, err = clickhouse.Open(&clickhouse.Options{
		Protocol: clickhouse.HTTP, Addr: []string{fmt.Sprintf("%s:%d", c.Host, c.Port)},
		Auth: clickhouse.Auth{Database: c.Database, Username: c.User, Password: c.Password},
	})
	return err
}

func (s *stage) disconnect() {
	if s.db != nil {
		_ = s.db.Close()
	}
	if s.admin != nil {
		_ = s.admin.Close()
	}
	s.wire.CloseIdleConnections()
	s.db, s.admin = nil, nil
}

// kill ends the engine as a power cut would.
func (s *stage) kill() {
	select {
	case <-s.engine.Done(): // its pid may be another's by now
	default:
		_ = syscall.Kill(s.engine.Pid(), syscall.SIGKILL)
		<-s.engine.Done()
	}
}

// restart kills the engine and starts it on the same data.
func (s *stage) restart(ctx context.Context) error {
	s.kill()
	s.disconnect()
	if err := s.start(ctx); err != nil {
		return err
	}
	return s.connect(ctx)
}

func (s *stage) close() {
	s.ghosts.Wait()
	s.disconnect()
	if s.engine != nil {
		_ = s.engine.Close()
	}
}

// age moves the beginnings of the newest runs back by what the world's clock is behind the real one. The
// loader looks for changes since its last complete run, and both must read the same clock.
func (s *stage) age(ctx context.Context, since time.Time, by time.Duration) error {
	return s.admin.Exec(ctx, fmt.Sprintf(`INSERT INTO state_job_runs SELECT * REPLACE (version + 1 AS version, started_at - toIntervalMillisecond(%d) AS started_at)
		FROM (SELECT * FROM state_job_runs FINAL WHERE toUnixTimestamp64Milli(started_at) >= %d)`, by.Milliseconds(), since.UnixMilli()))
}

// rows reads a query.
func (s *stage) rows(ctx context.Context, sql string) ([][]any, error) {
	rows, err := s.admin.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.SplitN(sql, "\n", 2)[0], err)
	}
	defer rows.Close()
	var found [][]any
	for rows.Next() {
		row := make([]any, len(rows.ColumnTypes()))
		for i, c := range rows.ColumnTypes() {
			row[i] = reflect.New(c.ScanType()).Interface()
		}
		if err := rows.Scan(row...); err != nil {
			return nil, err
		}
		for i := range row {
			row[i] = reflect.ValueOf(row[i]).Elem().Interface()
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

func (s *stage) url() *url.URL {
	return &url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", s.engine.HTTPPort())}
}
