package dashboard

import (
	"context"
	"errors"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// retryAfter is how long figures with a failed block are shown before they are asked for again.
const retryAfter = 5 * time.Second

// figures are those of the publication, from memory when they are there. While ClickHouse is away they are the
// last known ones, or nil. The error is ErrNoEvent or nil: blocks carry their own.
func (s *Server) figures(ctx context.Context, a ask, sight sight) (*answers, error) {
	key := a.dataKey()
	kept := s.cache.figuresOf(key)
	switch {
	case sight.problem == problemAway:
		return kept, nil
	case sight.problem != problemNone && a.screen != screenData:
		return nil, nil
	case kept != nil && kept.sight.token == sight.token && (kept.failed == 0 || s.options.Now().Sub(kept.loaded) < retryAfter):
		return kept, nil
	}
	found, err, _ := s.flights.Do(key+"\x00"+sight.token, func() (any, error) {
		// Not the caller's context: others wait for the same figures.
		return s.ask(context.WithoutCancel(ctx), a, sight, kept)
	})
	if err != nil {
		return nil, err
	}
	d := found.(*answers)
	return d, nil
}

// tries is how often a page is asked for when a publication lands in between.
const tries = 3

func (s *Server) ask(ctx context.Context, a ask, sight sight, kept *answers) (*answers, error) {
	key := a.dataKey()
	if d := s.cache.figuresOf(key); d != nil && d != kept && d.sight.token == sight.token && d.failed == 0 {
		return d, nil // another flight has just landed
	}
	filter := a.filter
	var d *answers
	for try := range tries {
		filter.Version, filter.Now = sight.version, s.options.Now()
		var err error
		if d, err = load(ctx, s.from, a.screen, filter); errors.Is(err, figures.ErrNoEvent) {
			return nil, figures.ErrNoEvent
		}
		if err != nil {
			s.log.ErrorContext(ctx, "page: blocks failed", "screen", string(a.screen), "error", err)
		}
		if sight.problem != problemNone {
			break
		}
		// All blocks show one publication, or are asked for again.
		version, err := s.from.Version(ctx)
		if err != nil || version == sight.version || try == tries-1 {
			break
		}
		s.watch.expire()
		sight = s.watch.look(ctx)
		s.hub.tell(sight.token)
	}
	d.sight, d.loaded = sight, s.options.Now()
	if d.failed == d.total && kept != nil && kept.failed < kept.total {
		old := *kept
		old.stale = true
		return &old, nil
	}
	s.cache.keepFigures(key, d)
	return d, nil
}
