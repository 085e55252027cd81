package dashboard

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

const (
	// retryAfter is how long results with a failed question are shown before they are asked for again.
	retryAfter = 5 * time.Second
	// tries is how often a page is asked for when a publication lands in between.
	tries = 3
)

// loader keeps the results of the last pages, so that a hundred viewers cost one set of queries for each publication,
// whatever the language or the look, and the last page is there when ClickHouse is not.
type loader struct {
	source      source
	limits      limits
	publication *publication
	hub         *hub
	now         func() time.Time
	log         *slog.Logger
	gate        *gate

	kept    *recent[*results]
	flights singleflight.Group
}

// results are those of the publication, from memory when they are there. While ClickHouse is unavailable they are the
// last known ones, or nil. The error is noEvent, busy or nil: questions carry their own.
func (l *loader) results(ctx context.Context, p address.Params, current snapshot) (*results, error) {
	key := p.DataKey()
	kept, _ := l.kept.get(key)
	switch {
	case current.problem.away():
		return kept, nil
	case current.problem != problemNone && p.Screen != address.Data:
		return nil, nil
	case kept != nil && kept.snapshot.token == current.token && (kept.failed() == 0 ||
		l.now().Sub(kept.loaded) < retryAfter):
		return kept, nil
	}
	found, err, _ := l.flights.Do(key+"\x00"+current.token, func() (any, error) {
		// Not the caller's context: others wait for the same results.
		return l.load(context.WithoutCancel(ctx), p, current, kept)
	})
	if err != nil {
		return nil, err
	}
	return found.(*results), nil
}

// load asks the source and keeps the results. When none came, those kept before are the better page.
func (l *loader) load(ctx context.Context, p address.Params, current snapshot, kept *results) (*results, error) {
	key := p.DataKey()
	if a, _ := l.kept.get(key); a != nil && a != kept && a.snapshot.token == current.token && a.failed() == 0 {
		return a, nil // another flight has just landed
	}
	leave, err := l.gate.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	a, err := l.consistent(ctx, p, current)
	if err != nil {
		return nil, err
	}
	if a.failed() == len(a.given) && kept != nil && kept.failed() < len(kept.given) {
		old := *kept
		old.stale = true
		return &old, nil
	}
	l.kept.put(key, a)
	return a, nil
}

// consistent results show one publication: when another landed meanwhile, they are asked for again.
func (l *loader) consistent(ctx context.Context, p address.Params, current snapshot) (*results, error) {
	for try := 1; ; try++ {
		filter := p.Filter
		filter.Version, filter.Now = current.version, l.now()
		a, err := load(ctx, l.source, l.limits, p.Screen, filter)
		if errors.Is(err, figures.ErrNoEvent) {
			return nil, noEvent
		}
		if err != nil {
			l.log.ErrorContext(ctx, "page: blocks failed", "screen", string(p.Screen), "error", err)
		}
		a.snapshot, a.loaded, a.days = current, l.now(), int(p.Filter.To.Sub(p.Filter.From).Hours()/24)
		if current.problem != problemNone || try == tries {
			return a, nil //nolint:nilerr // it is logged, and each result carries its own
		}
		version, err := l.source.Version(ctx)
		if err != nil || version == current.version {
			return a, nil //nolint:nilerr // the results are there, and the next check says what is wrong
		}
		l.publication.expire()
		current = l.publication.current(ctx)
		l.hub.broadcast(current.token)
	}
}
