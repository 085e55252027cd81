package dashboard_test

import (
	"log/slog"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// lab is a box office, loaded and published, and a reader of it.
type lab struct {
	testing.TB
	world  *simulator.World
	config warehouse.Config // of the loader
	store  *dashboard.Store
	load   func() error
}

func newLab(t testing.TB, o simulator.WorldOptions) *lab {
	t.Helper()
	l := &lab{TB: t, world: simulator.NewWorld(o), config: testkit.Database(t)}
	api := testkit.Client(t, testkit.Serve(t, l.world))
	db := testkit.Open(t, l.config)
	l.load = func() error {
		_, err := pipeline.Run(t.Context(), api, db, pipeline.Signature{Org: "test"}, pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)})
		return err
	}
	if err := l.load(); err != nil {
		t.Fatal(err)
	}
	l.store = dashboard.NewStore(testkit.Open(t, testkit.As(t, l.config, embedded.Reader)))
	return l
}

// filter is one of the publication readers see now.
func (l *lab) filter() dashboard.Filter {
	l.Helper()
	v, err := l.store.Version(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	return dashboard.Filter{Version: v, Now: time.Now()}
}

// must takes the answer of a block.
func must[T any](t testing.TB) func(T, error) T {
	return func(answer T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}
