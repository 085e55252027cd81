package qtickets

import (
	"maps"
	"sync"
	"time"
)

// Stats counts what a client did since it was made.
type Stats struct {
	Requests int64         // sent, retries included
	Retries  int64         // requests that repeat a failed one
	Bytes    int64         // of bodies read, after decompression
	Cached   int64         // responses whose X-Cache-Status is neither MISS nor BYPASS: maybe stale
	Fresh    int64         // responses whose X-Cache-Status is MISS or BYPASS
	Outages  int64         // requests that succeeded after a 503
	Refused  int64         // requests that got 503 while others were answered
	ByStatus map[int]int64 // responses by HTTP status, 0 for none
}

// Stats is a copy of the counters at this moment.
func (c *Client) Stats() Stats {
	c.stats.mu.Lock()
	defer c.stats.mu.Unlock()
	s := c.stats.Stats
	s.ByStatus = maps.Clone(s.ByStatus)
	return s
}

type counters struct {
	mu sync.Mutex
	Stats
	lastNonce int64
	json      bool            // a response was understood
	silent    bool            // the latest request was not answered
	unread    map[string]bool // fields that were reported as unread, by their list
}

func newCounters() *counters {
	return &counters{Stats: Stats{ByStatus: map[int]int64{}}, unread: map[string]bool{}}
}

func (c *counters) request(retry bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Requests++
	if retry {
		c.Retries++
	}
}

func (c *counters) response(status int, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ByStatus[status]++
	c.Bytes += bytes
}

// answer remembers that this address gives what the API gives.
func (c *counters) answer() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.json, c.silent = true, false
}

// heard remembers whether a request was answered, be it with a refusal.
func (c *counters) heard(answered bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silent = !answered
}

// unanswered tells whether the latest request was not answered.
func (c *counters) unanswered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.silent
}

func (c *counters) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.json
}

// news are the fields of a list that were not reported yet: each is reported once.
func (c *counters) news(list string, fields []string) (fresh []string) {
	if len(fields) == 0 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, field := range fields {
		if key := list + " " + field; !c.unread[key] {
			c.unread[key] = true
			fresh = append(fresh, field)
		}
	}
	return fresh
}

// count adds one to a counter.
func (c *counters) count(counter *int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*counter++
}

// nonce is a number no request of this client has used, nor, judging by the clock, an earlier client's.
func (c *counters) nonce(now time.Time) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastNonce = max(c.lastNonce+1, now.UnixMicro())
	return c.lastNonce
}
