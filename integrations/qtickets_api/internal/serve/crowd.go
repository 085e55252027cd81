package serve

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// mostConnections is how many may be open at a time; each costs about 20 KB.
const mostConnections = 1500

// crowd bounds open connections. When there are too many, one that waits is closed, so that who only holds connections
// keeps nobody out: first of those whose requests were answered, as clients open such a connection again by
// themselves; then of those that have not asked yet. Of either, the one that has waited for longest.
type crowd struct {
	most int

	mu       sync.Mutex
	open     int
	answered *list.List // of net.Conn, the longest wait first
	silent   *list.List
	waits    map[net.Conn]place
}

type place struct {
	in *list.List
	at *list.Element
}

func newCrowd(most int) *crowd {
	return &crowd{most: most, answered: list.New(), silent: list.New(), waits: map[net.Conn]place{}}
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
	c.leave(conn)
	switch state {
	case http.StateNew:
		c.open++
		c.wait(conn, c.silent)
	case http.StateIdle:
		c.wait(conn, c.answered)
	case http.StateClosed, http.StateHijacked:
		c.open--
		return nil
	case http.StateActive:
		return nil
	}
	if c.open <= c.most {
		return nil
	}
	longest := c.answered.Front()
	if longest == nil {
		longest = c.silent.Front()
	}
	tooMany := longest.Value.(net.Conn)
	c.leave(tooMany)
	return tooMany
}

func (c *crowd) wait(conn net.Conn, in *list.List) { c.waits[conn] = place{in, in.PushBack(conn)} }

func (c *crowd) leave(conn net.Conn) {
	if its, waits := c.waits[conn]; waits {
		its.in.Remove(its.at)
		delete(c.waits, conn)
	}
}
