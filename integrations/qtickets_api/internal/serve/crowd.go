package serve

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// mostConnections is how many may be open at a time; each costs about 20 KB.
const mostConnections = 1500

// crowd bounds open connections. When there are too many, the one that has waited for longest without a request is
// closed: who only holds connections keeps nobody out.
type crowd struct {
	most int

	mu      sync.Mutex
	open    int
	waiting *list.List // of net.Conn, the longest first
	at      map[net.Conn]*list.Element
}

func newCrowd(most int) *crowd {
	return &crowd{most: most, waiting: list.New(), at: map[net.Conn]*list.Element{}}
}

// changed is for http.Server.ConnState.
func (c *crowd) changed(conn net.Conn, state http.ConnState) {
	if tooMany := c.note(conn, state); tooMany != nil {
		_ = tooMany.Close() // its own goroutine tells of the end
	}
}

// note returns a connection to be closed, or nil.
func (c *crowd) note(conn net.Conn, state http.ConnState) net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, waits := c.at[conn]; waits {
		c.waiting.Remove(element)
		delete(c.at, conn)
	}
	switch state {
	case http.StateNew:
		c.open++
	case http.StateClosed, http.StateHijacked:
		c.open--
		return nil
	case http.StateActive:
		return nil
	}
	c.at[conn] = c.waiting.PushBack(conn)
	if c.open <= c.most {
		return nil
	}
	longest := c.waiting.Remove(c.waiting.Front()).(net.Conn)
	delete(c.at, longest)
	return longest
}
