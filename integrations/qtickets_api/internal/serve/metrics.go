package serve

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

// Metrics are the health of this process and of the data, as Prometheus reads them. Labels are names of this
// program only: no addresses, orders or people.
type Metrics struct {
	set     *metrics.Set
	health  func(ctx context.Context) (warehouse.Health, error)
	viewers atomic.Pointer[func() int]
}

var (
	seconds  = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800}
	requests = []float64{.001, .005, .01, .05, .1, .3, 1, 3}
)

// NewMetrics counts from zero. health are asked at each scrape; an error leaves them out and says so in
// qtickets_clickhouse_up.
func NewMetrics(build string, health func(ctx context.Context) (warehouse.Health, error)) *Metrics {
	m := &Metrics{set: metrics.NewSet(), health: health}
	m.set.NewGauge(fmt.Sprintf("qtickets_build_info{version=%q}", build), func() float64 { return 1 })
	for _, r := range webhook.Results { // all of them from the start: a rate needs its zero
		m.set.GetOrCreateCounter(fmt.Sprintf("qtickets_webhooks_total{result=%q}", r))
	}
	for _, t := range append(webhook.Types, webhook.Other) {
		m.set.GetOrCreateCounter(fmt.Sprintf("qtickets_webhook_events_total{type=%q}", t))
	}
	m.set.NewPrometheusHistogramExt("qtickets_webhook_delay_seconds", seconds)
	m.set.NewPrometheusHistogramExt("qtickets_publish_seconds", seconds)
	m.set.NewGauge("qtickets_page_viewers", func() float64 {
		if viewers := m.viewers.Load(); viewers != nil {
			return float64((*viewers)())
		}
		return 0
	})
	return m
}

// API adds what the client of QTickets has sent so far.
func (m *Metrics) API(sent func() (requests, retries, bytes int64)) {
	part := func(pick func(requests, retries, bytes int64) int64) func() float64 {
		return func() float64 { return float64(pick(sent())) }
	}
	m.set.NewGauge("qtickets_api_requests_total", part(func(n, _, _ int64) int64 { return n }))
	m.set.NewGauge("qtickets_api_retries_total", part(func(_, n, _ int64) int64 { return n }))
	m.set.NewGauge("qtickets_api_bytes_total", part(func(_, _, n int64) int64 { return n }))
}

// Viewers is asked how many browsers listen to the page's stream.
func (m *Metrics) Viewers(count func() int) { m.viewers.Store(&count) }

// Webhook counts a request to the receiver.
func (m *Metrics) Webhook(result webhook.Result, eventType string) {
	m.set.GetOrCreateCounter(fmt.Sprintf("qtickets_webhooks_total{result=%q}", result)).Inc()
	if eventType != "" {
		m.set.GetOrCreateCounter(fmt.Sprintf("qtickets_webhook_events_total{type=%q}", eventType)).Inc()
	}
}

// Delay notes how long a webhook waited for its publication.
func (m *Metrics) Delay(d time.Duration) {
	m.set.GetOrCreatePrometheusHistogramExt("qtickets_webhook_delay_seconds", seconds).Update(d.Seconds())
}

// Run is what a finished run says of itself.
type Run struct {
	Mode, Status              string
	Took, Publish             time.Duration // Publish 0: nothing was published
	Orders, Rows, Quarantined int
}

// Run counts a run of this process.
func (m *Metrics) Run(r Run) {
	label := fmt.Sprintf("{mode=%q,status=%q}", r.Mode, r.Status)
	m.set.GetOrCreateCounter("qtickets_runs_total" + label).Inc()
	m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("qtickets_run_seconds{mode=%q}", r.Mode), seconds).Update(r.Took.Seconds())
	m.set.GetOrCreateCounter("qtickets_orders_read_total").Add(r.Orders)
	m.set.GetOrCreateCounter("qtickets_rows_written_total").Add(r.Rows)
	if r.Publish > 0 {
		m.set.GetOrCreatePrometheusHistogramExt("qtickets_publish_seconds", seconds).Update(r.Publish.Seconds())
	}
}

func (m *Metrics) request(route string, status int, took time.Duration) {
	m.set.GetOrCreateCounter(fmt.Sprintf("qtickets_http_requests_total{route=%q,status=%q}", route, strconv.Itoa(status))).Inc()
	m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("qtickets_http_seconds{route=%q}", route), requests).Update(took.Seconds())
}

// ServeHTTP writes everything in the text format of Prometheus.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	f, err := m.health(ctx)
	up := 1
	if err != nil {
		up = 0
	}
	metrics.WriteGaugeUint64(w, "qtickets_clickhouse_up", uint64(up))
	if err == nil {
		writeHealth(w, f, time.Now())
	}
	m.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}

func writeHealth(w http.ResponseWriter, f warehouse.Health, now time.Time) {
	metrics.WriteGaugeUint64(w, "qtickets_quarantine_rows", f.Quarantined)
	metrics.WriteGaugeUint64(w, "qtickets_webhooks_pending", f.WebhooksPending)
	if f.OldestPending != nil {
		metrics.WriteGaugeFloat64(w, "qtickets_webhooks_oldest_pending_seconds", now.Sub(*f.OldestPending).Seconds())
	} else {
		metrics.WriteGaugeUint64(w, "qtickets_webhooks_oldest_pending_seconds", 0)
	}
	if f.AsOf == nil { // nothing is published yet: unknown is not zero
		return
	}
	metrics.WriteGaugeFloat64(w, "qtickets_data_lag_seconds", now.Sub(*f.AsOf).Seconds())
	metrics.WriteGaugeFloat64(w, "qtickets_published_timestamp_seconds", float64(f.PublishedAt.UnixMilli())/1000)
}
