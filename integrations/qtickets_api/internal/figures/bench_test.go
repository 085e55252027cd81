package figures_test

import (
	"context"
	_ "embed"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"golang.org/x/sync/errgroup"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// BenchmarkPublish is a publication of a million tickets, and the building of each mart alone.
func BenchmarkPublish(b *testing.B) {
	config := testkit.Million(b)
	db := testkit.Open(b, config)
	conn := testkit.Raw(b, config)
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
	ask  func(context.Context, *figures.Store) error
}

func ask[T any](name string, f figures.Filter, do func(*figures.Store, context.Context, figures.Filter) (T, error)) block {
	return block{name, func(ctx context.Context, s *figures.Store) error {
		_, err := do(s, ctx, f)
		return err
	}}
}

func channels(f figures.Filter) []block {
	return []block{
		ask("channels", f, (*figures.Store).Channels), ask("promo", f, (*figures.Store).PromoCodes),
		ask("payment", f, (*figures.Store).PaymentTypes), ask("heat", f, (*figures.Store).Heat),
		ask("lead", f, (*figures.Store).Lead), ask("sizes", f, (*figures.Store).OrderSizes),
	}
}

// BenchmarkBlocks is each block, and each screen's blocks together as the page asks for them, of a publication nobody has
// asked about before: each time with a new store.
func BenchmarkBlocks(b *testing.B) {
	reader := testkit.Open(b, testkit.As(b, testkit.Million(b), embedded.Reader))
	v, err := figures.NewStore(reader).Version(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	f := figures.Filter{Version: v, Now: time.Now(), Compare: figures.ComparePrevious}
	whole := f
	whole.Period = figures.PeriodAll
	event := f
	event.Event, event.Show = 70000+290%60, 80290
	for _, screen := range []struct {
		name   string
		blocks []block
	}{
		{"today", []block{
			ask("choices", f, (*figures.Store).Choices), ask("freshness", f, (*figures.Store).Freshness),
			ask("alerts", f, (*figures.Store).Alerts), ask("cards", f, (*figures.Store).Cards), ask("hours", f, (*figures.Store).Hours),
			ask("shows", f, (*figures.Store).Shows), ask("weeks", f, (*figures.Store).Weeks), ask("cities", f, (*figures.Store).Cities),
		}},
		{"event", []block{
			ask("event", event, (*figures.Store).Event), ask("days", event, (*figures.Store).EventDays),
			ask("pacing", event, (*figures.Store).Pacing), ask("zones", event, (*figures.Store).Zones),
			ask("freshness", event, (*figures.Store).Freshness),
		}},
		{"channels", channels(f)},
		{"season", channels(whole)},
		{"data", []block{
			ask("feeds", f, (*figures.Store).Feeds), ask("quarantine", f, (*figures.Store).Quarantine),
			ask("alerts", f, (*figures.Store).AlertHistory),
		}},
	} {
		for _, one := range screen.blocks {
			b.Run(screen.name+"/"+one.name, func(b *testing.B) {
				for b.Loop() {
					if err := one.ask(b.Context(), figures.NewStore(reader)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(screen.name+"/together", func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				started, store := time.Now(), figures.NewStore(reader)
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
