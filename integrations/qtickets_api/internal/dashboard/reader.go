package dashboard

import (
	"context"
	"errors"
	"sync"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// ErrNoPassword is returned by Options.Open when nobody told with which password the page reads.
var ErrNoPassword = errors.New("CLICKHOUSE_READER_PASSWORD is not set: put the reader's password into the env file")

// reopenAfter is the pause after an opening that failed: whoever asks meanwhile hears the same.
const reopenAfter = 2 * time.Second

// errMoved is the answer about a version that another server told: its parts may not all be here.
var errMoved = errors.New("the page reads from another server now: ask again")

// reader is the source of a real page. It opens the connection when it is needed and again after a failure, so that a
// page without a reader begins to work when the reader does. Where the servers of a cluster are asked in turn it begins
// anew with each.
type reader struct {
	open func(context.Context) (*warehouse.DB, error)

	mu    sync.Mutex
	db    *warehouse.DB
	store *figures.Store
	err   error
	tried time.Time
}

func (r *reader) opened(ctx context.Context) (*figures.Store, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.store != nil && r.db.Left() {
		r.store, r.tried = nil, time.Time{}
	}
	if r.store != nil || time.Since(r.tried) < reopenAfter {
		return r.store, r.err
	}
	db, err := r.open(ctx)
	r.err, r.tried = err, time.Now()
	if err == nil {
		r.db, r.store = db, figures.NewStore(db)
	}
	return r.store, r.err
}

// about puts a question about a version to the store that told it.
func about[T any](ctx context.Context, r *reader, v figures.Version, put func(*figures.Store) (T, error)) (T, error) {
	return asked(ctx, r, func(s *figures.Store) (T, error) {
		if !v.From(s) {
			var none T
			return none, errMoved
		}
		return put(s)
	})
}

// asked puts a question to the store.
func asked[T any](ctx context.Context, r *reader, put func(*figures.Store) (T, error)) (T, error) {
	store, err := r.opened(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return put(store)
}

func (r *reader) Version(ctx context.Context) (figures.Version, error) {
	return asked(ctx, r, func(s *figures.Store) (figures.Version, error) { return s.Version(ctx) })
}

func (r *reader) FirstDay(ctx context.Context, v figures.Version) (time.Time, error) {
	return about(ctx, r, v, func(s *figures.Store) (time.Time, error) { return s.FirstDay(ctx, v) })
}

func (r *reader) Freshness(ctx context.Context, f figures.Filter) (figures.Freshness, error) {
	return about(ctx, r, f.Version, func(s *figures.Store) (figures.Freshness, error) { return s.Freshness(ctx, f) })
}

func (r *reader) Alerts(ctx context.Context, f figures.Filter) ([]figures.AlertLine, error) {
	return about(ctx, r, f.Version, func(s *figures.Store) ([]figures.AlertLine, error) { return s.Alerts(ctx, f) })
}

func (r *reader) Choices(ctx context.Context, f figures.Filter) (figures.Choices, error) {
	return about(ctx, r, f.Version, func(s *figures.Store) (figures.Choices, error) { return s.Choices(ctx, f) })
}

func (r *reader) Query(ctx context.Context, b block.Block, f figures.Filter) (any, error) {
	return about(ctx, r, f.Version, func(s *figures.Store) (any, error) { return b.Query(ctx, s, f) })
}
