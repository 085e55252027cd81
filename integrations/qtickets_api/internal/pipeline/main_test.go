package pipeline_test

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// lab is a box office, a warehouse, and a loader between them.
type lab struct {
	testing.TB
	world  *simulator.World
	server *simulator.Server
	api    *qtickets.Client
	config warehouse.Config
	db     *warehouse.DB
	event  int64 // of soldOrder; 0: none yet
}

func newLab(t testing.TB, world *simulator.World) *lab {
	t.Helper()
	l := &lab{TB: t, world: world, server: testkit.Serve(t, world), config: testkit.Database(t)}
	l.api = testkit.Client(t, l.server)
	l.db = testkit.Open(t, l.config)
	return l
}

// sync does one run, with its line in the ledger.
func (l *lab) sync(change ...func(*pipeline.Options)) (*pipeline.Report, error) {
	l.Helper()
	o := pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&o)
	}
	return pipeline.Run(l.Context(), l.api, l.db, pipeline.RunInfo{Org: "test"}, o)
}

func (l *lab) mustSync(change ...func(*pipeline.Options)) *pipeline.Report {
	l.Helper()
	report, err := l.sync(change...)
	if err != nil {
		l.Fatal(err)
	}
	return report
}

// rows reads a query, one slice per row.
func (l *lab) rows(sql string, values ...any) [][]any {
	l.Helper()
	return testkit.Rows(l, l.config, sql, values...)
}

func reconcile(o *pipeline.Options) { o.Mode = pipeline.ModeReconcile }

// exec runs statements as the administrator; the first is the last to run.
func (l *lab) exec(statements ...string) {
	l.Helper()
	conn := testkit.Raw(l, testkit.As(l, l.config, embedded.Admin))
	for i := range statements {
		if err := conn.Exec(l.Context(), statements[len(statements)-1-i]); err != nil {
			l.Fatal(err)
		}
	}
}

func text(id int64) string { return strconv.FormatInt(id, 10) }

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }

// answer is that of QTickets for a transport that rewrites it: not compressed.
func answer(r *http.Request) (*http.Response, error) {
	r.Header.Del("Accept-Encoding")
	return http.DefaultTransport.RoundTrip(r)
}
