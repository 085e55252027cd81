package dashboard_test

import (
	"context"
	_ "embed"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"golang.org/x/sync/errgroup"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

//go:embed testdata/million.sql
var million string

// season is a box office of a million tickets, filled once.
var season struct {
	once   sync.Once
	config warehouse.Config
}

func openSeason(b *testing.B) *warehouse.DB {
	b.Helper()
	season.once.Do(func() {
		season.config = testkit.Database(b)
		conn := testkit.Raw(b, testkit.As(b, season.config, embedded.Admin))
		for statement := range strings.SplitSeq(million, ";\n") {
			if err := conn.Exec(b.Context(), statement); err != nil {
				b.Fatal(err)
			}
		}
		if _, _, err := testkit.Open(b, season.config).Publish(b.Context(), warehouse.PublishOptions{Run: "bench", AsOf: time.Now()}); err != nil {
			b.Fatal(err)
		}
		var tickets uint64
		if err := conn.QueryRow(b.Context(), "SELECT toUInt64(sum(tickets)) FROM fact_qtickets_movements").Scan(&tickets); err != nil || tickets != 1_000_000 {
			b.Fatalf("%d tickets, want a million: %v", tickets, err)
		}
	})
	return testkit.Open(b, season.config)
}

// BenchmarkPublish is a publication of a million tickets, and the building of each mart alone.
func BenchmarkPublish(b *testing.B) {
	db := openSeason(b)
	conn := testkit.Raw(b, season.config)
	build := func(batch int, store string) time.Duration {
		started := time.Now()
		ctx := clickhouse.Context(b.Context(), clickhouse.WithParameters(clickhouse.Parameters{
			"batch": strconv.Itoa(batch), "as_of": strconv.FormatInt(started.Unix(), 10), "accept_losses": "0",
		}))
		if err := conn.Exec(ctx, warehouse.SQL("build_"+store)); err != nil {
			b.Fatal(err)
		}
		return time.Since(started)
	}
	took := map[string][]time.Duration{}
	for n := 1; b.Loop(); n++ {
		started := time.Now()
		if _, _, err := db.Publish(b.Context(), warehouse.PublishOptions{Run: "bench", AsOf: started}); err != nil {
			b.Fatal(err)
		}
		took["publication"] = append(took["publication"], time.Since(started))
		b.StopTimer()
		for _, store := range []string{"sales_daily", "sales_utm_daily", "refunds_daily", "movements", "inventory_latest", "zones_latest", "sales_dashboard"} {
			took[store] = append(took[store], build(n, store))
		}
		if err := db.DropOldBatches(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	for name, times := range took {
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Milliseconds()), "ms-"+name)
	}
}

// block is one question of a screen.
type block struct {
	name string
	ask  func(context.Context, *dashboard.Store) error
}

func ask[T any](name string, f dashboard.Filter, do func(*dashboard.Store, context.Context, dashboard.Filter) (T, error)) block {
	return block{name, func(ctx context.Context, s *dashboard.Store) error {
		_, err := do(s, ctx, f)
		return err
	}}
}

func channels(f dashboard.Filter) []block {
	return []block{
		ask("channels", f, (*dashboard.Store).Channels), ask("promo", f, (*dashboard.Store).PromoCodes),
		ask("payment", f, (*dashboard.Store).PaymentTypes), ask("heat", f, (*dashboard.Store).Heat),
		ask("lead", f, (*dashboard.Store).Lead), ask("sizes", f, (*dashboard.Store).OrderSizes),
	}
}

// BenchmarkBlocks is each block, and each screen's blocks together as the page asks for them, of a publication nobody has
// asked about before: each time with a new store.
func BenchmarkBlocks(b *testing.B) {
	openSeason(b)
	reader := testkit.Open(b, testkit.As(b, season.config, embedded.Reader))
	v, err := dashboard.NewStore(reader).Version(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	f := dashboard.Filter{Version: v, Now: time.Now(), Compare: dashboard.ComparePrevious}
	whole := f
	whole.Period = dashboard.PeriodSeason
	event := f
	event.Event, event.Show = 70000+290%60, 80290
	for _, screen := range []struct {
		name   string
		blocks []block
	}{
		{"today", []block{
			ask("choices", f, (*dashboard.Store).Choices), ask("freshness", f, (*dashboard.Store).Freshness),
			ask("alerts", f, (*dashboard.Store).Alerts), ask("cards", f, (*dashboard.Store).Cards), ask("hours", f, (*dashboard.Store).Hours),
			ask("shows", f, (*dashboard.Store).Shows), ask("weeks", f, (*dashboard.Store).Weeks), ask("cities", f, (*dashboard.Store).Cities),
		}},
		{"event", []block{
			ask("event", event, (*dashboard.Store).Event), ask("days", event, (*dashboard.Store).EventDays),
			ask("pacing", event, (*dashboard.Store).Pacing), ask("zones", event, (*dashboard.Store).Zones),
			ask("freshness", event, (*dashboard.Store).Freshness),
		}},
		{"channels", channels(f)},
		{"season", channels(whole)},
		{"data", []block{
			ask("feeds", f, (*dashboard.Store).Feeds), ask("quarantine", f, (*dashboard.Store).Quarantine),
			ask("alerts", f, (*dashboard.Store).AlertHistory),
		}},
	} {
		for _, one := range screen.blocks {
			b.Run(screen.name+"/"+one.name, func(b *testing.B) {
				for b.Loop() {
					if err := one.ask(b.Context(), dashboard.NewStore(reader)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(screen.name+"/together", func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				started, store := time.Now(), dashboard.NewStore(reader)
				group, ctx := errgroup.WithContext(b.Context())
				for _, one := range screen.blocks {
					group.Go(func() error { return one.ask(ctx, store) })
				}
				if err := group.Wait(); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(started))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "ms-p95")
		})
	}
}

// BenchmarkNewPublication is a whole page, from the request to the last byte of HTML, of a publication nobody has asked about
// before: each time with a new server.
func BenchmarkNewPublication(b *testing.B) {
	openSeason(b)
	reader := testkit.Open(b, testkit.As(b, season.config, embedded.Reader))
	for name, path := range map[string]string{
		"today": "/?lang=ru", "event": "/events/70050?lang=ru&show=80290", "channels": "/channels?lang=ru&compare=previous", "data": "/data?lang=ru",
	} {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				page, err := dashboard.New(dashboard.Options{DB: reader, Build: "bench"})
				if err != nil {
					b.Fatal(err)
				}
				started, answer := time.Now(), httptest.NewRecorder()
				page.ServeHTTP(answer, httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil))
				times = append(times, time.Since(started))
				if body := answer.Body.String(); answer.Code != http.StatusOK || !strings.Contains(body, "</html>") {
					b.Fatalf("%s: %d: %s", path, answer.Code, body)
				}
				if err := page.Close(); err != nil {
					b.Fatal(err)
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "ms-p95")
		})
	}
}
