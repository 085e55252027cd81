package dashboard

import (
	"context"
	"maps"
	"slices"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
)

// mostOpen is how many pages are made in advance.
const mostOpen = 16

// openPages are those asked for since their viewers were told of something new last. Safe for concurrent use.
type openPages struct {
	mu    sync.Mutex
	pages map[string]openPage
}

// openPage is a page before it is cut to what is published.
type openPage struct {
	params address.Params
	house  block.House
}

func (o *openPages) add(params address.Params, house block.House) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.pages == nil {
		o.pages = map[string]openPage{}
	}
	if len(o.pages) < mostOpen {
		o.pages[etag(params, snapshot{}, house)] = openPage{params, house}
	}
}

// take returns the pages, and begins anew.
func (o *openPages) take() []openPage {
	o.mu.Lock()
	defer o.mu.Unlock()
	taken := slices.Collect(maps.Values(o.pages))
	o.pages = nil
	return taken
}

// prepare makes the open pages, within the time of one: who has a page open asks for it again when told of something
// new. What nobody asks for any more is made once in vain. What fails here fails again for who asks, and is told there.
func (s *Server) prepare(ctx context.Context, current snapshot) {
	ctx, cancel := context.WithTimeout(ctx, s.options.limits.page)
	defer cancel()
	for _, p := range s.open.take() {
		if ctx.Err() != nil {
			return
		}
		_, _ = s.page(ctx, withinData(p.params, current), current, p.house)
	}
}
