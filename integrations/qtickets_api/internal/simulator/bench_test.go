package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// BenchmarkOrdersPage: a page of 100 costs the same wherever it lies, or the loader's benchmarks would
// measure the simulator.
func BenchmarkOrdersPage(b *testing.B) {
	s := simulator.NewServer(newWorld(50000), simulator.ServerOptions{NoGzip: true})
	for name, body := range map[string]string{
		"first":      `{"orderBy":{"id":"asc"},"perPage":100}`,
		"deep":       `{"orderBy":{"id":"asc"},"perPage":100,"page":480}`,
		"newest":     `{"orderBy":{"id":"desc"},"perPage":100}`,
		"nearly all": `{"where":[{"column":"updated_at","operator":"<","value":"2035-04-30T00:00:00+03:00"}],"perPage":1}`,
		"latest":     `{"orderBy":{"updated_at":"desc"},"perPage":20}`,
		"updated_at": `{"where":[{"column":"updated_at","operator":">=","value":"2030-04-30T00:00:00+03:00"}],"orderBy":{"updated_at":"asc"},"perPage":100}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, simulator.BasePath+"/orders", strings.NewReader(body))
				r.Header.Set("Authorization", "Bearer "+s.Token())
				r.Header.Set("Content-Type", "application/json")
				response := httptest.NewRecorder()
				s.ServeHTTP(response, r)
				b.SetBytes(int64(response.Body.Len()))
			}
		})
	}
}

func BenchmarkNewWorld(b *testing.B) {
	for _, orders := range []int{5000, 100000} {
		b.Run(strconv.Itoa(orders), func(b *testing.B) {
			for b.Loop() {
				newWorld(orders)
			}
		})
	}
}
