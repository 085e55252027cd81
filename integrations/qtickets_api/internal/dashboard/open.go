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
	made   string // the token of the snapshot of which prepare made it last; "": not since it was asked for
}

// opened remembers that somebody asks for a page.
func (s *Server) opened(params address.Params, house block.House) {
	s.open.put(etag(params, snapshot{}, house), &openPage{params: params, house: house, asked: s.options.Now()})
}

// openPages are the pages that are open, the one asked for last first.
func (s *Server) openPages() []*openPage {
	since := s.options.Now().Add(-openFor)
	return slices.DeleteFunc(s.open.values(), func(p *openPage) bool { return p.asked.Before(since) })
}

// tell makes the open pages of a snapshot and tells its viewers. A page that nobody asked for since it was made last is
// idle. Idle pages come after the others, and rest for ten times what they took: they cost little however fast
// publications follow each other. tell returns the end of that rest.
func (s *Server) tell(ctx context.Context, current snapshot, rest time.Time) time.Time {
	s.prepare(ctx, current, false)
	s.hub.broadcast(current.token)
	began := s.options.Now()
	if began.Before(rest) || !s.prepare(ctx, current, true) {
		return rest
	}
	ended := s.options.Now()
	return ended.Add(10 * ended.Sub(began))
}

// prepare makes those of the open pages that are idle, or the others, within the time of one, and tells whether there
// were any to make. What fails here fails again for who asks, and is told there.
func (s *Server) prepare(ctx context.Context, current snapshot, idle bool) (made bool) {
	ctx, cancel := context.WithTimeout(ctx, s.options.limits.page)
	defer cancel()
	for _, p := range s.openPages() {
		if p.made == current.token || idle != (p.made != "") || ctx.Err() != nil {
			continue
		}
		p.made, made = current.token, true
		_, _ = s.page(ctx, withinData(p.params, current), current, p.house)
	}
	return made
}
