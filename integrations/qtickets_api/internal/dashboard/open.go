package dashboard

import (
	"context"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
)

// mostOpen is how many pages are made in advance.
const mostOpen = 16

// openPages are the pages that were asked for and not made anew since. Safe for concurrent use.
type openPages struct {
	mu    sync.Mutex
	pages map[string]openPage
}

// openPage is a page before it is cut to what is published.
type openPage struct {
	params address.Params
	house  block.House
	token  string // of the snapshot it was asked for
}

func (o *openPages) add(p openPage) {
	key := etag(p.params, snapshot{}, p.house)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.pages == nil {
		o.pages = map[string]openPage{}
	}
	if _, known := o.pages[key]; known || len(o.pages) < mostOpen {
		o.pages[key] = p
	}
}

// take out those that were not asked for of this snapshot yet.
func (o *openPages) take(token string) (before []openPage) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for key, p := range o.pages {
		if p.token != token {
			before = append(before, p)
			delete(o.pages, key)
		}
	}
	return before
}

// prepare makes the open pages, within the time of one: who has a page open asks for it again when told of something
// new. What nobody asks for any more is made once in vain. What fails here fails again for who asks, and is told there.
func (s *Server) prepare(ctx context.Context, current snapshot) {
	ctx, cancel := context.WithTimeout(ctx, s.options.limits.page)
	defer cancel()
	for _, p := range s.open.take(current.token) {
		if ctx.Err() != nil {
			return
		}
		_, _ = s.page(ctx, withinData(p.params, current), current, p.house)
	}
}
