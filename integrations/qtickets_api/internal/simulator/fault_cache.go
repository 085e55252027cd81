package simulator

import (
	"net/http"
	"sync"
)

// staleCache is a proxy cache whose key does not know the body of a GET (section 2) and that honours no
// Cache-Control of the request.
type staleCache struct {
	mu        sync.Mutex
	responses map[string]response
}

// key is "" while the fault is off.
func (c *staleCache) key(r *http.Request, f *faultSet) string {
	fault, ok := f.find(StaleCache)
	switch {
	case !ok:
		return ""
	case fault.Text == "any-url":
		return r.URL.Path
	}
	return r.URL.RequestURI()
}

func (c *staleCache) get(key string) (response, bool) {
	if key == "" {
		return response{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.responses[key]
	return a, ok
}

func (c *staleCache) put(key string, a response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.responses == nil {
		c.responses = map[string]response{}
	}
	a.cached = true
	c.responses[key] = a
}

func (c *staleCache) empty() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.responses = nil
}
