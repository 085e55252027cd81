package serve

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// HealthFunc asks ClickHouse how the data is.
type HealthFunc func(ctx context.Context) (warehouse.Health, error)

// healthTimeout is how long a scrape waits for ClickHouse.
const healthTimeout = 3 * time.Second

// healthCollector asks at each scrape. What is not known then is left out, not zero.
type healthCollector struct{ health HealthFunc }

var (
	clickhouseUp  = describe("clickhouse_up", "Whether ClickHouse answers: 1 or 0.")
	dataLag       = describe("data_lag_seconds", "Age of the moment up to which the published sales are complete.")
	publishedAt   = describe("published_timestamp_seconds", "When the facts were published.")
	quarantined   = describe("quarantine_rows", "Rows in quarantine.")
	pending       = describe("webhooks_pending", "Webhooks that wait for a run.")
	oldestPending = describe("webhooks_oldest_pending_seconds", "How long the oldest pending webhook waits; 0: none does.")
)

func describe(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("qtickets_"+name, help, nil, nil)
}

// Describe names the metrics.
func (healthCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{clickhouseUp, dataLag, publishedAt, quarantined, pending, oldestPending} {
		to <- d
	}
}

// Collect asks.
func (c healthCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), healthTimeout)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	h, err := c.health(ctx)
	if err != nil {
		gauge(clickhouseUp, 0)
		return
	}
	now := time.Now()
	gauge(clickhouseUp, 1)
	gauge(quarantined, float64(h.Quarantined))
	gauge(pending, float64(h.WebhooksPending))
	waits := 0.0
	if h.OldestPending != nil {
		waits = now.Sub(*h.OldestPending).Seconds()
	}
	gauge(oldestPending, waits)
	if h.AsOf != nil { // nil: nothing is published yet
		gauge(dataLag, now.Sub(*h.AsOf).Seconds())
		gauge(publishedAt, float64(h.PublishedAt.UnixMilli())/1000)
	}
}
