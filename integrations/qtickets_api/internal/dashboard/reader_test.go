package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestFault2_7_ReaderIsOpenedAgain: a page whose reader is refused at first asks for it again by itself, not at every
// request, and shows what there is when the reader is let in.
func TestFault2_7_ReaderIsOpenedAgain(t *testing.T) {
	t.Parallel()
	db := testkit.Open(t, testkit.As(t, testkit.Database(t), embedded.Reader))
	var letIn atomic.Bool
	var tries atomic.Int64
	s, err := New(Options{Poll: time.Millisecond, Open: func(context.Context) (*warehouse.DB, error) {
		tries.Add(1)
		if !letIn.Load() {
			return nil, fmt.Errorf("open: %w", warehouse.ErrAuth)
		}
		return db, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(seenBy(s, access.Viewer{Role: access.Admin}))
	t.Cleanup(func() { _ = s.Close(); server.Close() })
	began := time.Now()
	for range 20 {
		if status, body := get(t, server.URL+"/?lang=en", nil); status != http.StatusServiceUnavailable ||
			!strings.Contains(body, "Check CLICKHOUSE_READER_USER") {
			t.Fatalf("%d %.300s", status, body)
		}
	}
	if n := tries.Load(); n > 2+int64(time.Since(began)/reopenAfter) {
		t.Errorf("%d logins within %s", n, time.Since(began))
	}
	letIn.Store(true)
	waitFor(t, func() bool { status, _ := get(t, server.URL+"/", nil); return status == http.StatusOK })
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestFault2_7_ProfilesOfARealServer: what the engine itself says to a reader with readonly=1 and to a
// wrong password leads to a page that names the cause.
func TestFault2_7_ProfilesOfARealServer(t *testing.T) {
	t.Parallel()
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := chserver.Start(t.Context(), chserver.Options{
		Library: library, DataDir: testkit.TempDir(t), NoTCP: true, Users: []chserver.User{
			{Name: "locked", Password: "p", Grants: []string{"SELECT ON *.*"}, Settings: map[string]string{"readonly": "1"}},
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	for name, c := range map[string]struct{ user, password, says string }{
		"readonly=1":     {"locked", "p", "readonly=1"},
		"wrong password": {"locked", "x", "Check CLICKHOUSE_READER_USER"},
		"no such user":   {"nobody", "p", "Check CLICKHOUSE_READER_USER"},
	} {
		s, err := New(Options{Open: func(ctx context.Context) (*warehouse.DB, error) {
			return warehouse.Open(ctx, warehouse.Config{Host: "127.0.0.1", Port: engine.HTTPPort(), User: c.user,
				Password: c.password, Database: "default"})
		}})
		if err != nil {
			t.Fatal(err)
		}
		response := httptest.NewRecorder()
		s.ServeHTTP(response, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?lang=en", nil))
		if response.Code != http.StatusServiceUnavailable || !strings.Contains(response.Body.String(), c.says) {
			t.Errorf("%s: %d %.500s", name, response.Code, response.Body)
		}
		_ = s.Close()
	}
}
