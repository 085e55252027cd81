package access

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxClients is how many clients are remembered.
const maxClients = 4096

// Limit gives every client, of whatever kind, a bucket of tokens. Memory is bounded; when it is full, everybody begins
// anew.
type Limit[K comparable] struct {
	perSecond rate.Limit
	burst     int

	mu      sync.Mutex
	clients map[K]*rate.Limiter
}

// NewLimit allows burst at once and perSecond for ever.
func NewLimit[K comparable](perSecond float64, burst int) *Limit[K] {
	return &Limit[K]{perSecond: rate.Limit(perSecond), burst: burst, clients: map[K]*rate.Limiter{}}
}

// Allow takes a token of the client, if there is one.
func (l *Limit[K]) Allow(client K, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.clients[client]
	if bucket == nil {
		if len(l.clients) >= maxClients {
			clear(l.clients)
		}
		bucket = rate.NewLimiter(l.perSecond, l.burst)
		l.clients[client] = bucket
	}
	return bucket.AllowN(now, 1)
}

// Has tells whether the client has a token, and takes none.
func (l *Limit[K]) Has(client K, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.clients[client]
	return bucket == nil || bucket.TokensAt(now) >= 1
}

// Left is how many tokens the client can take at once.
func (l *Limit[K]) Left(client K, now time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.clients[client]
	if bucket == nil {
		return l.burst
	}
	return max(0, int(bucket.TokensAt(now)))
}

// Full tells whether the client has taken no token lately.
func (l *Limit[K]) Full(client K, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.clients[client]
	return bucket == nil || bucket.TokensAt(now) >= float64(l.burst)
}

// network is a client as limits count it.
func network(client netip.Addr) netip.Prefix {
	bits := 64
	if client.Is4() {
		bits = 32
	}
	p, _ := client.WithZone("").Prefix(bits) // the zero address has the zero prefix
	return p
}
