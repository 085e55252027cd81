package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// problem is why there may be no figures to show.
type problem string

const (
	problemNone  problem = ""
	problemEmpty problem = "empty" // nothing is published yet
	problemOld   problem = "old"   // published by an older loader
	problemAway  problem = "away"  // ClickHouse does not answer
)

// sight is what is known of the publication at a moment. Two sights with equal tokens make equal pages.
type sight struct {
	at      time.Time
	version figures.Version
	fresh   figures.Freshness
	problem problem
	alerts  int
	token   string
}

// lookTime is how long a look may take: a page waits for it.
const lookTime = 1500 * time.Millisecond

// slowly is how often what changes without a publication is looked at: freshness, alerts.
const slowly = 15 * time.Second

// watch looks at the publication no more often than Options.Poll, however many ask.
type watch struct {
	options Options
	hurried chan struct{}
	flight  singleflight.Group

	mu      sync.Mutex
	last    sight
	slow    time.Time // of the last look at freshness
	expired bool
}

func newWatch(o Options) *watch { return &watch{options: o, hurried: make(chan struct{}, 1)} }

// hurry makes the next look happen now.
func (w *watch) hurry() {
	select {
	case w.hurried <- struct{}{}:
	default: // already asked for
	}
}

func (w *watch) expire() {
	w.mu.Lock()
	w.expired = true
	w.mu.Unlock()
}

// look is what is known now, at most Options.Poll old.
func (w *watch) look(ctx context.Context) sight {
	w.mu.Lock()
	last, fresh := w.last, !w.expired && !w.last.at.IsZero() && w.options.Now().Sub(w.last.at) < w.options.Poll
	w.mu.Unlock()
	if fresh {
		return last
	}
	found, _, _ := w.flight.Do("", func() (any, error) {
		// Not the caller's context: others wait for the same look.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
		defer cancel()
		return w.ask(ctx), nil
	})
	return found.(sight)
}

func (w *watch) ask(ctx context.Context) sight {
	w.mu.Lock()
	last, slow, expired := w.last, w.slow, w.expired
	w.expired = false
	w.mu.Unlock()
	now := w.options.Now()
	next := sight{at: now, fresh: last.fresh, alerts: last.alerts}
	version, err := w.options.from.Version(ctx)
	switch {
	case errors.Is(err, figures.ErrNothingPublished):
		next.problem = problemEmpty
	case errors.Is(err, figures.ErrOldPublication):
		next.problem = problemOld
	case err != nil:
		next.problem, next.version = problemAway, last.version
	default:
		next.version = version
	}
	if next.problem != last.problem || last.at.IsZero() {
		w.options.Logger.Log(ctx, level(next.problem), "page: state of the publication", "state", string(next.problem), "error", errorText(err))
	}
	if next.problem == problemNone && (expired || next.version != last.version || last.problem != problemNone || now.Sub(slow) >= slowly) {
		next = w.askSlowly(ctx, next)
		slow = now
	}
	next.token = next.sum(w.options.Build)
	w.mu.Lock()
	w.last, w.slow = next, slow
	w.mu.Unlock()
	return next
}

// askSlowly also looks at what may change without a publication. What cannot be read now stays as it was.
func (w *watch) askSlowly(ctx context.Context, next sight) sight {
	filter := figures.Filter{Version: next.version, Now: next.at}
	if fresh, err := w.options.from.Freshness(ctx, filter); err == nil {
		next.fresh = fresh
	} else {
		w.options.Logger.WarnContext(ctx, "page: freshness", "error", errorText(err))
		next.fresh = figures.Freshness{AsOf: next.version.AsOf, State: figures.Stale, Reason: "unknown"}
	}
	if alerts, err := w.options.from.Alerts(ctx, filter); err == nil {
		next.alerts = len(alerts)
	}
	return next
}

func level(p problem) slog.Level {
	if p == problemAway {
		return slog.LevelError
	}
	return slog.LevelInfo
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// sum is a short name of everything a page depends on but its address and language.
func (s sight) sum(build string) string {
	run := ""
	if s.fresh.LastRun != nil {
		run = s.fresh.LastRun.RunID + s.fresh.LastRun.Status
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d|%d|%d|%s|%s|%s|%s|%d|%s", build, s.version.Batch, s.version.PublishedAt.UnixNano(),
		s.version.AsOf.UnixNano(), s.problem, s.fresh.State, s.fresh.Reason, run, s.alerts, s.at.In(sales.Moscow).Format(time.DateOnly)))
	return hex.EncodeToString(sum[:8])
}
