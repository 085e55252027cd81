package dashboard

import (
	"context"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
)

// A page is open for openFor after somebody asked for it; of those the mostOpen that were asked for last are made in
// advance.
const (
	mostOpen = 16
	openFor  = time.Hour
)

// openPage is a page before it is cut to what is published.
type openPage struct {
	params address.Params
	house  block.House
	asked  time.Time
}

// opened remembers that somebody asks for a page.
func (s *Server) opened(params address.Params, house block.House) {
	s.open.put(etag(params, snapshot{}, house), openPage{params, house, s.options.Now()})
}

// openPages are the pages that are open, the one asked for last first.
func (s *Server) openPages() []openPage {
	since := s.options.Now().Add(-openFor)
	return slices.DeleteFunc(s.open.values(), func(p openPage) bool { return p.asked.Before(since) })
}

// prepare makes the open pages, within the time of one: who asks again finds them ready. What fails here fails again for
// who asks, and is told there.
func (s *Server) prepare(ctx context.Context, current snapshot) {
	ctx, cancel := context.WithTimeout(ctx, s.options.limits.page)
	defer cancel()
	for _, p := range s.openPages() {
		if ctx.Err() != nil {
			return
		}
		_, _ = s.page(ctx, withinData(p.params, current), current, p.house)
	}
}
