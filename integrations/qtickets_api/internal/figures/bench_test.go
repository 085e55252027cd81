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
		if _, err := db.Publish(b.Context(), warehouse.PublishOptions{Run: "bench", AsOf: started}); err != nil {
			b.Fatal(err)
		}
		took["publication"] = append(took["publication"], time.Since(started))
		b.StopTimer()
		for _, store := range []string{"sales_daily", "sales_utm_daily", "refunds_daily", "movements", "entries",
			"inventory_latest", "zones_latest", "sales_dashboard"} {
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
	name  string
	query func(context.Context, *figures.Store) error
}

func newBlock[T any](name string, f figures.Filter, do func(*figures.Store, context.Context, figures.Filter) (T,
	error)) block {
	return block{name, func(ctx context.Context, s *figures.Store) error {
		_, err := do(s, ctx, f)
		return err
	}}
}

func channels(f figures.Filter) []block {
	return []block{
		newBlock("channels", f, (*figures.Store).Channels), newBlock("promo", f, (*figures.Store).PromoCodes),
		newBlock("payment", f, (*figures.Store).PaymentTypes), newBlock("heat", f, (*figures.Store).Heat),
		newBlock("lead", f, (*figures.Store).Lead), newBlock("sizes", f, (*figures.Store).OrderSizes),
	}
}

// BenchmarkBlocks is each block, and each screen's blocks together as the page asks for them, of a publication nobody
// has asked about before: each time with a new store.
func BenchmarkBlocks(b *testing.B) {
	reader := testkit.Open(b, testkit.As(b, testkit.Million(b), embedded.Reader))
	v, err := figures.NewStore(reader).Version(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	f := figures.Filter{Version: v, Now: time.Now(), Compare: figures.ComparePrevious}
	allTime := f
	allTime.Period = figures.PeriodAll
	event := f
	event.Event, event.Show = 70000+290%60, 80290
	for _, screen := range []struct {
		name   string
		blocks []block
	}{
		{"today", []block{
			newBlock("choices", f, (*figures.Store).Choices), newBlock("freshness", f, (*figures.Store).Freshness),
			newBlock("alerts", f, (*figures.Store).Alerts), newBlock("cards", f, (*figures.Store).Cards),
			newBlock("hours", f, (*figures.Store).Hours),
			newBlock("shows", f, (*figures.Store).Shows), newBlock("weeks", f, (*figures.Store).Weeks),
			newBlock("cities", f, (*figures.Store).Cities),
		}},
		{"event", []block{
			newBlock("event", event, (*figures.Store).Event), newBlock("days", event, (*figures.Store).EventDays),
			newBlock("pacing", event, (*figures.Store).Pacing), newBlock("zones", event, (*figures.Store).Zones),
			newBlock("freshness", event, (*figures.Store).Freshness),
		}},
		{"channels", channels(f)},
		{"season", channels(allTime)},
		{"data", []block{
			newBlock("feeds", f, (*figures.Store).Feeds), newBlock("quarantine", f, (*figures.Store).Quarantine),
			newBlock("alerts", f, (*figures.Store).AlertHistory),
		}},
	} {
		for _, one := range screen.blocks {
			b.Run(screen.name+"/"+one.name, func(b *testing.B) {
				for b.Loop() {
					if err := one.query(b.Context(), figures.NewStore(reader)); err != nil {
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
					group.Go(func() error { return one.query(ctx, store) })
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
