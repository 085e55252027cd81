package simulator

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// RequestKey groups requests. Path is below the base, ids replaced: "orders/{id}"; a path outside
// the base is counted whole.
type RequestKey struct {
	Method, Path string
	Status       int // 0: the connection was dropped without an answer
}

// Counters are what the server has seen since its start or the last ResetCounters.
type Counters struct {
	Requests map[RequestKey]int
	Total    int
	// NonGET counts requests that could have written something: any method but GET and HEAD. A
	// loader's test asserts 0.
	NonGET      int
	InFlight    int
	MaxInFlight int
	// Bytes of bodies as sent, after compression; RawBytes before.
	Bytes, RawBytes int64
	// Rows of data answered by lists.
	Rows int64
}

// Path sums the requests to one path of RequestKey, whatever the method and status.
func (c Counters) Path(path string) int {
	n := 0
	for k, count := range c.Requests {
		if k.Path == path {
			n += count
		}
	}
	return n
}

type counterBoard struct {
	mu sync.Mutex
	Counters
}

// Counters returns a copy.
func (s *Server) Counters() Counters {
	s.count.mu.Lock()
	defer s.count.mu.Unlock()
	c := s.count.Counters
	c.Requests = maps.Clone(c.Requests)
	if c.Requests == nil {
		c.Requests = map[RequestKey]int{}
	}
	return c
}

// ResetCounters starts counting anew; requests in flight stay counted as such.
func (s *Server) ResetCounters() {
	s.count.mu.Lock()
	defer s.count.mu.Unlock()
	s.count.Counters = Counters{InFlight: s.count.InFlight, MaxInFlight: s.count.InFlight}
}

func (b *counterBoard) begin(method string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Total++
	if method != http.MethodGet && method != http.MethodHead {
		b.NonGET++
	}
	b.InFlight++
	b.MaxInFlight = max(b.MaxInFlight, b.InFlight)
}

// finish records what is known before the first byte goes out, so that a client that has read its
// answer finds itself counted.
func (b *counterBoard) finish(key RequestKey, rows int, raw, sent int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Requests == nil {
		b.Requests = map[RequestKey]int{}
	}
	b.Requests[key]++
	b.Rows += int64(rows)
	b.RawBytes += int64(raw)
	b.Bytes += int64(sent)
}

func (b *counterBoard) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.InFlight--
}

var idSegment = regexp.MustCompile(`/[0-9]+`)

func countedPath(path string) string {
	below, ok := strings.CutPrefix(path, BasePath+"/")
	if !ok {
		return path
	}
	return idSegment.ReplaceAllString(below, "/{id}")
}
