package access

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxClients is how many clients are remembered.
const maxClients = 4096

// Limit gives every client a bucket of tokens. A client is an IPv4 address or an IPv6 network of 64 bits.
// Memory is bounded; when it is full, everybody begins anew.
type Limit struct {
	perSecond rate.Limit
	burst     int

	mu      sync.Mutex
	clients map[netip.Prefix]*rate.Limiter
}

// NewLimit allows burst at once and perSecond for ever.
func NewLimit(perSecond float64, burst int) *Limit {
	return &Limit{perSecond: rate.Limit(perSecond), burst: burst, clients: map[netip.Prefix]*rate.Limiter{}}
}

// Allow takes a token of the client, if there is one.
func (l *Limit) Allow(client netip.Addr, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := network(client)
	bucket := l.clients[key]
	if bucket == nil {
		if len(l.clients) >= maxClients {
			clear(l.clients)
		}
		bucket = rate.NewLimiter(l.perSecond, l.burst)
		l.clients[key] = bucket
	}
	return bucket.AllowN(now, 1)
}

// Forget gives the client a full bucket.
func (l *Limit) Forget(client netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.clients, network(client))
}

func network(client netip.Addr) netip.Prefix {
	bits := 64
	if client.Is4() {
		bits = 32
	}
	p, _ := client.WithZone("").Prefix(bits) // the zero address has the zero prefix
	return p
}
