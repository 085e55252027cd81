package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// problem is why there may be no figures to show.
type problem string

const (
	problemNone        problem = ""
	problemEmpty       problem = "empty" // nothing is published yet
	problemOld         problem = "old"   // published by an older loader
	problemUnavailable problem = "away"  // ClickHouse does not answer

	// What the reader cannot do, so that the page cannot read though ClickHouse answers.
	problemNoPassword problem = "no_password"
	problemLogin      problem = "login"
	problemRights     problem = "rights"
)

// problemOf an error of the source.
func problemOf(err error) problem {
	switch {
	case err == nil:
		return problemNone
	case errors.Is(err, figures.ErrNothingPublished):
		return problemEmpty
	case errors.Is(err, figures.ErrOldPublication):
		return problemOld
	case errors.Is(err, ErrNoPassword):
		return problemNoPassword
	case errors.Is(err, warehouse.ErrAuth):
		return problemLogin
	case errors.Is(err, warehouse.ErrPermission):
		return problemRights
	}
	return problemUnavailable
}

// away tells whether nothing can be read now. The last known figures may still be shown.
func (p problem) away() bool { return p != problemNone && p != problemEmpty && p != problemOld }

// page that says so.
func (p problem) page() problemPage {
	return problemPage{http.StatusServiceUnavailable, "problem." + string(p)}
}

// banner over the last known figures.
func (p problem) banner() string {
	if p.away() && p != problemUnavailable {
		return "problem." + string(p)
	}
	return "banner." + string(p)
}

// Error says what to do, for machines and the log: in English, as these are.
func (p problem) Error() string { return format.English.T("problem." + string(p)) }

// snapshot is what is known of the publication at a moment. Two with equal tokens make equal pages.
type snapshot struct {
	at      time.Time
	version figures.Version
	first   time.Time // the day of the first sale; zero: nothing was sold
	fresh   figures.Freshness
	problem problem
	alerts  int
	token   string
}

// fetchTime is how long asking for the publication may take: a page waits for it.
const fetchTime = 1500 * time.Millisecond

// slowInterval is how often freshness and alerts are asked for: they change without a publication.
const slowInterval = 15 * time.Second

// publication knows what readers see now. It asks the source no more often than Options.Poll, however many ask it.
type publication struct {
	options   Options
	refreshed chan struct{} // somebody knows of a new one
	flight    singleflight.Group

	mu      sync.Mutex
	last    snapshot
	slow    time.Time // when freshness and alerts were asked for last
	expired uint64    // how often there was something new
	asked   uint64    // expired when last was asked for
}

func newPublication(o Options) *publication {
	return &publication{options: o, refreshed: make(chan struct{}, 1)}
}

// refresh makes the next poll happen now.
func (p *publication) refresh() {
	select {
	case p.refreshed <- struct{}{}:
	default: // already asked for
	}
}

// expire says that there is something new: whoever asks from now on is told nothing that was asked for before.
func (p *publication) expire() {
	p.mu.Lock()
	p.expired++
	p.mu.Unlock()
}

// current is what is known now, at most Options.Poll old.
func (p *publication) current(ctx context.Context) snapshot {
	p.mu.Lock()
	last, expired := p.last, p.expired
	fresh := p.asked == expired && !last.at.IsZero() && p.options.Now().Sub(last.at) < p.options.Poll
	p.mu.Unlock()
	if fresh {
		return last
	}
	found, _, _ := p.flight.Do(strconv.FormatUint(expired, 10), func() (any, error) {
		// Not the caller's context: others wait for the same snapshot.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime)
		defer cancel()
		return p.fetch(ctx, expired), nil
	})
	return found.(snapshot)
}

func (p *publication) fetch(ctx context.Context, asked uint64) snapshot {
	p.mu.Lock()
	last, slow, expired := p.last, p.slow, p.asked != asked
	p.mu.Unlock()
	now := p.options.Now()
	next := snapshot{at: now, fresh: last.fresh, alerts: last.alerts}
	version, err := p.options.source.Version(ctx)
	if err == nil {
		next.first, err = p.options.source.FirstDay(ctx, version)
	}
	next.version, next.problem = version, problemOf(err)
	if next.problem.away() {
		next.version, next.first = last.version, last.first
	}
	if next.problem != last.problem || last.at.IsZero() {
		p.options.Logger.Log(ctx, level(next.problem), "page: state of the publication", "state", string(next.problem),
			"error", errorText(err))
	}
	if next.problem == problemNone && (expired || next.version != last.version || last.problem != problemNone ||
		now.Sub(slow) >= slowInterval) {
		next = p.fetchSlow(ctx, next)
		slow = now
	}
	next.token = next.sum(p.options.Build)
	p.mu.Lock()
	p.last, p.slow, p.asked = next, slow, asked
	p.mu.Unlock()
	return next
}

// fetchSlow also asks for what may change without a publication. What cannot be read now stays as it was.
func (p *publication) fetchSlow(ctx context.Context, next snapshot) snapshot {
	filter := figures.Filter{Version: next.version, Now: next.at}
	var both sync.WaitGroup
	both.Go(func() {
		fresh, err := p.options.source.Freshness(ctx, filter)
		if next.fresh = fresh; err != nil {
			p.options.Logger.WarnContext(ctx, "page: freshness", "error", errorText(err))
			next.fresh = figures.Freshness{AsOf: next.version.AsOf, State: figures.Stale, Reason: "unknown"}
		}
	})
	both.Go(func() {
		if alerts, err := p.options.source.Alerts(ctx, filter); err == nil {
			next.alerts = len(alerts)
		}
	})
	both.Wait()
	return next
}

func level(of problem) slog.Level {
	if of.away() {
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
func (s snapshot) sum(build string) string {
	run := ""
	if s.fresh.LastRun != nil {
		run = s.fresh.LastRun.RunID + s.fresh.LastRun.Status
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d|%d|%d|%d|%s|%s|%s|%s|%d|%s", build, s.version.Batch,
		s.version.Plans, s.version.PublishedAt.UnixNano(),
		s.version.AsOf.UnixNano(), s.problem, s.fresh.State, s.fresh.Reason, run, s.alerts,
		s.at.In(sales.Moscow).Format(time.DateOnly)))
	return hex.EncodeToString(sum[:8])
}
