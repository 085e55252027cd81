package simulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// origin is where the clocks of test worlds start.
var origin = time.Date(2030, 5, 1, 9, 0, 0, 0, time.UTC)

func newWorld(orders int) *simulator.World {
	return simulator.NewWorld(simulator.WorldOptions{Seed: 7, Orders: orders, Now: origin})
}

func start(t testing.TB, w *simulator.World, o simulator.ServerOptions) *simulator.Server {
	t.Helper()
	s := simulator.NewServer(w, o)
	if err := s.Start(""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// reply is a response as a client without suspicion reads it.
type reply struct {
	status int
	header http.Header
	text   string
	err    error // while reading the body
	http   *http.Response
}

// request is one to a simulated server, with a right token.
type request struct {
	method string // "" is GET
	path   string // below the base address
	body   string
	header map[string]string
}

func send(t testing.TB, s *simulator.Server, q request) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), q.method, s.URL()+q.path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Token())
	if q.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		return reply{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return reply{status: response.StatusCode, header: response.Header, text: string(text), err: err, http: response}
}

func get(t testing.TB, s *simulator.Server, path, body string) reply {
	t.Helper()
	return send(t, s, request{path: path, body: body})
}

type page struct {
	Data   []map[string]any
	Paging struct{ PerPage, CurrentPage, Total int }
}

func (r reply) page(t testing.TB) page {
	t.Helper()
	var p page
	r.decode(t, &p)
	return p
}

func (r reply) decode(t testing.TB, into any) {
	t.Helper()
	if r.err != nil || r.status != http.StatusOK {
		t.Fatalf("status %d, error %v, body %.200s", r.status, r.err, r.text)
	}
	if err := json.Unmarshal([]byte(r.text), into); err != nil {
		t.Fatalf("%v in %.200s", err, r.text)
	}
}

func (p page) ids() []int64 {
	var ids []int64
	for _, row := range p.Data {
		ids = append(ids, int64(row["id"].(float64)))
	}
	return ids
}

// everything reads a list page by page, in order of id.
func everything(t testing.TB, s *simulator.Server, list string) []map[string]any {
	t.Helper()
	var rows []map[string]any
	for n := 1; ; n++ {
		p := get(t, s, list, `{"orderBy":{"id":"asc"},"perPage":500,"page":`+string(json.Number(itoa(n)))+`}`).page(t)
		rows = append(rows, p.Data...)
		if p.Paging.CurrentPage*p.Paging.PerPage >= p.Paging.Total || len(p.Data) == 0 {
			return rows
		}
	}
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

// utc writes the same instant with another offset.
func utc(stamp string) string {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return err.Error()
	}
	return at.UTC().Format("2006-01-02T15:04:05-07:00")
}

// direct asks a world's handler without a connection.
func direct(t rapid.TB, w *simulator.World) func(path, body string, into any) {
	s := simulator.NewServer(w, simulator.ServerOptions{})
	return func(path, body string, into any) {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, simulator.BasePath+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+s.Token())
		r.Header.Set("Content-Type", "application/json")
		response := httptest.NewRecorder()
		s.ServeHTTP(response, r)
		if err := json.Unmarshal(response.Body.Bytes(), into); err != nil || response.Code != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, response.Code, err)
		}
	}
}
