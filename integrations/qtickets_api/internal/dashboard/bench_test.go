package dashboard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// BenchmarkNewPublication is a whole page, from the request to the last byte of HTML, of a publication nobody has asked
// about before: each time with a new server.
func BenchmarkNewPublication(b *testing.B) {
	reader := testkit.Open(b, testkit.As(b, testkit.Million(b), embedded.Reader))
	open := func(context.Context) (*warehouse.DB, error) { return reader, nil }
	for name, path := range map[string]string{
		"today": "/?lang=ru", "event": "/events/70050?lang=ru&show=80290", "channels": "/channels?lang=ru&compare=previous",
		"data": "/data?lang=ru",
	} {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				page, err := dashboard.New(dashboard.Options{Open: open, Build: "bench"})
				if err != nil {
					b.Fatal(err)
				}
				started, response := time.Now(), httptest.NewRecorder()
				ctx := access.With(b.Context(), access.Viewer{Role: access.Admin})
				page.ServeHTTP(response, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
				times = append(times, time.Since(started))
				if body := response.Body.String(); response.Code != http.StatusOK || !strings.Contains(body, "</html>") {
					b.Fatalf("%s: %d: %s", path, response.Code, body)
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
