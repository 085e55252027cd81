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

// reader is the source of a real page. It opens the connection when it is needed and again after a failure, so that a
// page without a reader begins to work when the reader does.
type reader struct {
	open func(context.Context) (*warehouse.DB, error)

	mu    sync.Mutex
	store *figures.Store
	err   error
	tried time.Time
}

func (r *reader) opened(ctx context.Context) (*figures.Store, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.store != nil || time.Since(r.tried) < reopenAfter {
		return r.store, r.err
	}
	db, err := r.open(ctx)
	r.err, r.tried = err, time.Now()
	if err == nil {
		r.store = figures.NewStore(db)
	}
	return r.store, r.err
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
	return asked(ctx, r, func(s *figures.Store) (time.Time, error) { return s.FirstDay(ctx, v) })
}

func (r *reader) Freshness(ctx context.Context, f figures.Filter) (figures.Freshness, error) {
	return asked(ctx, r, func(s *figures.Store) (figures.Freshness, error) { return s.Freshness(ctx, f) })
}

func (r *reader) Alerts(ctx context.Context, f figures.Filter) ([]figures.AlertLine, error) {
	return asked(ctx, r, func(s *figures.Store) ([]figures.AlertLine, error) { return s.Alerts(ctx, f) })
}

func (r *reader) Choices(ctx context.Context, f figures.Filter) (figures.Choices, error) {
	return asked(ctx, r, func(s *figures.Store) (figures.Choices, error) { return s.Choices(ctx, f) })
}

func (r *reader) Query(ctx context.Context, b block.Block, f figures.Filter) (any, error) {
	return asked(ctx, r, func(s *figures.Store) (any, error) { return b.Query(ctx, s, f) })
}
