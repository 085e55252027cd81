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
}

func newCounters() *counters { return &counters{Stats: Stats{ByStatus: map[int]int64{}}} }

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

func (c *counters) cached() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Cached++
}

// nonce is a number no request of this client has used, nor, judging by the clock, an earlier client's.
func (c *counters) nonce(now time.Time) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastNonce = max(c.lastNonce+1, now.UnixMicro())
	return c.lastNonce
}
