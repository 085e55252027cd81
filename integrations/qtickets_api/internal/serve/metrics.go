package serve

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

// Metrics are the health of this process and of the data, as Prometheus reads them. Labels are names of this
// program only: no addresses, orders or people.
type Metrics struct {
	webhooks, webhookEvents *prometheus.CounterVec
	webhookDelay, publish   prometheus.Observer
	runs                    *prometheus.CounterVec
	runDuration             *prometheus.HistogramVec
	ordersRead, rowsWritten prometheus.Counter
	requests                *prometheus.CounterVec
	requestDuration         *prometheus.HistogramVec

	exposition http.Handler
}

// MetricsOptions say what is asked at each scrape.
type MetricsOptions struct {
	Build   string // version of the program
	Health  HealthFunc
	Viewers func() int       // open streams of the page
	API     func() ClientUse // nil: there is no client of QTickets
}

// ClientUse is what the client of QTickets has sent and received since it was made.
type ClientUse struct{ Requests, Retries, Bytes int64 }

// Upper bounds of the histograms, in seconds.
var (
	runBuckets     = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800}
	requestBuckets = []float64{.001, .005, .01, .05, .1, .3, 1, 3}
)

// NewMetrics counts from zero.
func NewMetrics(o MetricsOptions) *Metrics {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		healthCollector{o.Health})
	registerSampled(registry, o)
	auto := promauto.With(registry)
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return auto.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	histograms := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return auto.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	}
	m := &Metrics{
		webhooks:      counters("qtickets_webhooks_total", "Requests to the webhook endpoint.", "result"),
		webhookEvents: counters("qtickets_webhook_events_total", "Accepted webhooks.", "type"),
		webhookDelay: histograms("qtickets_webhook_delay_seconds",
			"Time from the delivery of a webhook to its publication.", runBuckets).WithLabelValues(),
		publish:     histograms("qtickets_publish_seconds", "Duration of a publication.", runBuckets).WithLabelValues(),
		runs:        counters("qtickets_runs_total", "Runs of this process.", "mode", "status"),
		runDuration: histograms("qtickets_run_seconds", "Duration of a run.", runBuckets, "mode"),
		ordersRead:  counters("qtickets_orders_read_total", "Orders read from QTickets.").WithLabelValues(),
		rowsWritten: counters("qtickets_rows_written_total", "Rows written to ClickHouse.").WithLabelValues(),
		requests:    counters("qtickets_http_requests_total", "Requests to this server.", "route", "status"),
		requestDuration: histograms("qtickets_http_seconds", "Duration of a request to this server.", requestBuckets,
			"route"),
		exposition: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}),
	}
	for _, r := range webhook.Results { // all of them from the start: a rate needs its zero
		m.webhooks.WithLabelValues(string(r))
	}
	for _, t := range append(webhook.Types, webhook.Other) {
		m.webhookEvents.WithLabelValues(t)
	}
	return m
}

// registerSampled adds what other parts count themselves.
func registerSampled(registry prometheus.Registerer, o MetricsOptions) {
	auto := promauto.With(registry)
	auto.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "qtickets_build_info", Help: "Version of the program.", ConstLabels: prometheus.Labels{"version": o.Build},
	}, func() float64 { return 1 })
	auto.NewGaugeFunc(prometheus.GaugeOpts{Name: "qtickets_page_viewers", Help: "Open pages that wait for updates."},
		func() float64 { return float64(o.Viewers()) })
	if o.API == nil {
		return
	}
	counter := func(name, help string, value func(ClientUse) int64) {
		auto.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(value(o.API())) })
	}
	counter("qtickets_api_requests_total", "Requests of this process to QTickets.",
		func(u ClientUse) int64 { return u.Requests })
	counter("qtickets_api_retries_total", "Retried requests to QTickets.", func(u ClientUse) int64 { return u.Retries })
	counter("qtickets_api_bytes_total", "Bytes received from QTickets.", func(u ClientUse) int64 { return u.Bytes })
}

// Webhook counts a request to the receiver.
func (m *Metrics) Webhook(result webhook.Result, eventType string) {
	m.webhooks.WithLabelValues(string(result)).Inc()
	if eventType != "" {
		m.webhookEvents.WithLabelValues(eventType).Inc()
	}
}

// Delay notes how long a webhook waited for its publication.
func (m *Metrics) Delay(d time.Duration) { m.webhookDelay.Observe(d.Seconds()) }

// Run is what a finished run says of itself.
type Run struct {
	Mode, Status  string
	Took, Publish time.Duration // Publish 0: nothing was published
	Orders, Rows  int
}

// Run counts a run of this process.
func (m *Metrics) Run(r Run) {
	m.runs.WithLabelValues(r.Mode, r.Status).Inc()
	m.runDuration.WithLabelValues(r.Mode).Observe(r.Took.Seconds())
	m.ordersRead.Add(float64(r.Orders))
	m.rowsWritten.Add(float64(r.Rows))
	if r.Publish > 0 {
		m.publish.Observe(r.Publish.Seconds())
	}
}

func (m *Metrics) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.requestDuration.WithLabelValues(route).Observe(took.Seconds())
}

// ServeHTTP answers a scrape in the text format of Prometheus.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.exposition.ServeHTTP(w, r) }
