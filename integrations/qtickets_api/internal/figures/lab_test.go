package figures_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
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
	store  *figures.Store
	load   func() error
	// seatsUnknown: the source answers no question about seats
	seatsUnknown bool
}

func newLab(t testing.TB, o simulator.WorldOptions, faults ...simulator.Fault) *lab {
	t.Helper()
	return openLab(t, simulator.NewWorld(o), faults...)
}

func openLab(t testing.TB, world *simulator.World, faults ...simulator.Fault) *lab {
	t.Helper()
	l := &lab{TB: t, world: world, config: testkit.Database(t)}
	server := testkit.Serve(t, l.world)
	server.SetFault(faults...)
	api := testkit.Client(t, server)
	db := testkit.Open(t, l.config)
	l.load = func() error {
		_, err := pipeline.Run(t.Context(), api, db, pipeline.RunInfo{Org: "test"},
			pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)})
		return err
	}
	if err := l.load(); err != nil && len(faults) == 0 { // a fault may make the run partial
		t.Fatal(err)
	}
	l.store = figures.NewStore(testkit.Open(t, testkit.As(t, l.config, embedded.Reader)))
	return l
}

// filter is one of the publication readers see now.
func (l *lab) filter() figures.Filter {
	l.Helper()
	v, err := l.store.Version(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	return figures.Filter{Version: v, Now: time.Now()}
}

// same compares a block with what it must say.
func same(t testing.TB, name string, want, got any, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if diff := cmp.Diff(want, got, alike...); diff != "" {
		t.Errorf("%s (-box office +page):\n%s", name, diff)
	}
}

// alike ignores how a number or a moment is written.
var alike = cmp.Options{
	cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreUnexported(forecast.Forecast{}),
}
