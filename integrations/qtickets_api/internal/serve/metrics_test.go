package serve

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

// scrape is what /metrics answers after one of everything has happened.
func scrape(t *testing.T, err error) string {
	t.Helper()
	now := time.Now()
	m := NewMetrics(MetricsOptions{
		Build: "test",
		Health: func(context.Context) (warehouse.Health, error) {
			return warehouse.Health{AsOf: &now, PublishedAt: &now, OldestPending: &now, Quarantined: 3, WebhooksPending: 2}, err
		},
		Viewers: func() int { return 5 },
		API:     func() ClientUse { return ClientUse{Requests: 7, Retries: 1, Bytes: 900} },
	})
	m.Webhook(webhook.Accepted, "payed")
	m.Webhook(webhook.BadSignature, "")
	m.Delay(time.Second)
	m.Run(Run{Mode: "webhook", Status: "ok", Took: time.Second, Publish: time.Second, Orders: 2, Rows: 1})
	m.request("/", 200, time.Millisecond)
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	return w.Body.String()
}

var named = regexp.MustCompile(`\b(qtickets|go|process)_[a-z_]+[a-z]\b`)

// TestNamedMetricsExist: the dashboard of Grafana and the document name metrics that are there.
func TestNamedMetricsExist(t *testing.T) {
	t.Parallel()
	exists := map[string]bool{}
	for line := range strings.Lines(scrape(t, nil)) {
		exists[named.FindString(line)] = true
	}
	dashboard, err := os.ReadFile("../../../../ops/grafana/qtickets_api.json")
	if err != nil {
		t.Fatal(err)
	}
	var panels struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(dashboard, &panels); err != nil || len(panels.Panels) < 10 {
		t.Fatalf("%d panels, %v", len(panels.Panels), err)
	}
	used := map[string]bool{}
	for _, p := range panels.Panels {
		for _, target := range p.Targets {
			names := named.FindAllString(target.Expr, -1)
			if len(names) == 0 {
				t.Errorf("panel %q asks for no metric: %s", p.Title, target.Expr)
			}
			for _, name := range names {
				used[base(name)] = true
				if !exists[name] {
					t.Errorf("panel %q: there is no metric %s", p.Title, name)
				}
			}
		}
	}
	document, err := os.ReadFile("../../../../docs/live.md")
	if err != nil {
		t.Fatal(err)
	}
	exported := map[string]bool{}
	_, table, _ := strings.Cut(string(document), "| метрика |")
	for _, name := range named.FindAllString(table, -1) {
		exported[name] = true
	}
	for name := range exists {
		if strings.HasPrefix(name, "qtickets_") && !exported[base(name)] {
			t.Errorf("docs/live.md does not tell of %s", base(name))
		}
		if strings.HasPrefix(name, "qtickets_") && !used[base(name)] && name != "qtickets_build_info" &&
			!strings.Contains(name, "timestamp") && !strings.Contains(name, "api_bytes") {
			t.Errorf("no panel shows %s", base(name))
		}
	}
}

// base is a histogram's name without its parts.
func base(name string) string {
	for _, part := range []string{"_bucket", "_sum", "_count"} {
		name = strings.TrimSuffix(name, part)
	}
	return name
}

// TestMetricsWithoutClickHouse: what is not known is left out, not zero.
func TestMetricsWithoutClickHouse(t *testing.T) {
	t.Parallel()
	with, without := scrape(t, nil), scrape(t, errors.New("away"))
	for name, up := range map[string]bool{"qtickets_clickhouse_up 1": true, "qtickets_clickhouse_up 0": false,
		"qtickets_data_lag_seconds ": true, "qtickets_webhooks_pending 2": true, "qtickets_quarantine_rows 3": true} {
		if strings.Contains(with, name) != up || strings.Contains(without, name) == up {
			t.Errorf("%q: there %t, with ClickHouse away %t", name, strings.Contains(with, name),
				strings.Contains(without, name))
		}
	}
	for _, line := range []string{
		`qtickets_webhooks_total{result="accepted"} 1`, `qtickets_webhooks_total{result="forged"} 1`,
		`qtickets_webhooks_total{result="repeated"} 0`,
		`qtickets_webhook_events_total{type="payed"} 1`, `qtickets_page_viewers 5`, `qtickets_api_requests_total 7`,
		`qtickets_runs_total{mode="webhook",status="ok"} 1`, `qtickets_http_requests_total{route="/",status="200"} 1`,
	} {
		if !strings.Contains(without, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}
