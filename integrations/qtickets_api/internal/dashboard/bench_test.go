package dashboard_test

import (
	"bufio"
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

var benchPages = map[string]string{
	"today": "/?lang=ru", "event": "/events/70050?lang=ru&show=80290", "channels": "/channels?lang=ru&compare=previous",
	"data": "/data?lang=ru",
}

// BenchmarkNewPublication is a whole page, from the request to the last byte of HTML, of a publication nobody has asked
// about before: each time with a new server.
func BenchmarkNewPublication(b *testing.B) {
	reader := testkit.Open(b, testkit.As(b, testkit.Million(b), embedded.Reader))
	open := func(context.Context) (*warehouse.DB, error) { return reader, nil }
	for name, path := range benchPages {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				page, err := dashboard.New(dashboard.Options{Open: open, Build: "bench"})
				if err != nil {
					b.Fatal(err)
				}
				times = append(times, timed(b, page, path))
				if err := page.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(p95(times), "ms-p95")
		})
	}
}

// BenchmarkOpenPage is the same for a page that somebody asked for before, from the moment viewers are told of the
// publication: each of the four is open, and told is how long after the publication that is.
func BenchmarkOpenPage(b *testing.B) {
	config := testkit.Million(b)
	db, reader := testkit.Open(b, config), testkit.Open(b, testkit.As(b, config, embedded.Reader))
	page, err := dashboard.New(dashboard.Options{Build: "bench",
		Open: func(context.Context) (*warehouse.DB, error) { return reader, nil }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = page.Close() })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.ServeHTTP(w, r.WithContext(access.With(r.Context(), access.Viewer{Role: access.Admin})))
	}))
	defer server.Close()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, server.URL+"/live", nil)
	if err != nil {
		b.Fatal(err)
	}
	live, err := server.Client().Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer live.Body.Close()
	news := bufio.NewScanner(live.Body)
	hear := func() {
		for news.Scan() && !strings.HasPrefix(news.Text(), "data: ") {
		}
		if news.Err() != nil {
			b.Fatal(news.Err())
		}
	}
	hear() // what is published now
	for _, path := range benchPages {
		timed(b, page, path)
	}
	var told []time.Duration
	times := map[string][]time.Duration{}
	for b.Loop() {
		if _, err := db.Publish(b.Context(), warehouse.PublishOptions{Run: "bench", AsOf: time.Now()}); err != nil {
			b.Fatal(err)
		}
		published := time.Now()
		page.Published()
		hear()
		told = append(told, time.Since(published))
		for name, path := range benchPages {
			times[name] = append(times[name], timed(b, page, path))
		}
	}
	b.ReportMetric(p95(told), "ms-p95-told")
	for name := range benchPages {
		b.ReportMetric(p95(times[name]), "ms-p95-"+name)
	}
}

// timed is how long a page takes, from the request to the last byte.
func timed(b *testing.B, page http.Handler, path string) time.Duration {
	b.Helper()
	started, response := time.Now(), httptest.NewRecorder()
	ctx := access.With(b.Context(), access.Viewer{Role: access.Admin})
	page.ServeHTTP(response, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
	took := time.Since(started)
	if body := response.Body.String(); response.Code != http.StatusOK || !strings.Contains(body, "</html>") {
		b.Fatalf("%s: %d: %s", path, response.Code, body)
	}
	return took
}

func p95(times []time.Duration) float64 {
	slices.Sort(times)
	return float64(times[len(times)*95/100].Microseconds()) / 1000
}
