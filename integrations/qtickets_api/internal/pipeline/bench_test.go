package pipeline_test

import (
	"log/slog"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/bench"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// benchLoad backfills a history of fixed pages again and again. store gives each run its warehouse.
func benchLoad(b *testing.B, orders, inFlight int, o bench.Options, store func() *warehouse.DB) {
	b.Helper()
	history, err := bench.NewHistory(orders)
	if err != nil {
		b.Fatal(err)
	}
	server, err := bench.Serve(history, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Close)
	server.Warm()
	options := pipeline.Options{InFlight: inFlight, Logger: slog.New(slog.DiscardHandler)}
	rounds := (history.Pages() + inFlight - 1) / inFlight
	var span time.Duration
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		api, err := qtickets.New(qtickets.Options{BaseURL: server.URL(), Token: server.Token(), RateLimit: 10_000,
			MaxInFlight: inFlight})
		if err != nil {
			b.Fatal(err)
		}
		db := store()
		b.StartTimer()
		var report *pipeline.Report
		if db == nil {
			report, err = pipeline.DryRun(b.Context(), api, nil, options)
		} else {
			report, err = pipeline.Sync(b.Context(), api, db, "bench", options)
		}
		if err != nil || report.Orders != history.Orders {
			b.Fatalf("%d orders of %d: %v", report.Orders, history.Orders, err)
		}
		span += server.Span()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*history.Orders), "ns/order")
	if o.Delay > 0 {
		b.ReportMetric(100*float64(rounds)*float64(o.Delay)*float64(b.N)/float64(span), "%ideal")
	}
}

func dry() *warehouse.DB { return nil }

// BenchmarkLoad is a backfill without ClickHouse: fetch, decode, check, transform.
func BenchmarkLoad(b *testing.B) { benchLoad(b, 10_000, 4, bench.Options{}, dry) }

// BenchmarkLoadClickHouse is a backfill into an empty ClickHouse, published at its end.
func BenchmarkLoadClickHouse(b *testing.B) {
	benchLoad(b, 10_000, 4, bench.Options{}, func() *warehouse.DB { return testkit.Open(b, testkit.Database(b)) })
}

// BenchmarkLoadLatency is a backfill from an API that takes 200 ms for every answer. The ideal is that 16
// requests are under way all the time; the figure is of the pages of orders, from the first request to the last answer.
func BenchmarkLoadLatency(b *testing.B) {
	far := bench.Options{Delay: 200 * time.Millisecond}
	b.Run("dry", func(b *testing.B) { benchLoad(b, 50_000, 16, far, dry) })
	b.Run("clickhouse", func(b *testing.B) {
		benchLoad(b, 50_000, 16, far, func() *warehouse.DB { return testkit.Open(b, testkit.Database(b)) })
	})
}
