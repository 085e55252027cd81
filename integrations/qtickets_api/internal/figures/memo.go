package figures

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// memo keeps values several blocks of a page need. A publication never changes, so a value of one holds for good.
type memo[T any] struct {
	flight singleflight.Group
	mu     sync.Mutex
	kept   map[string]T
}

const (
	mostKept = 64 // a page has few such questions, and the last publications are all that is asked about
	longest  = 10 * time.Second
)

// get returns the value from memory, or queries once for all who wait. When one of them gives up, the others still get
// the value.
func (m *memo[T]) get(ctx context.Context, key string, query func(context.Context) (T, error)) (T, error) {
	m.mu.Lock()
	value, ok := m.kept[key]
	m.mu.Unlock()
	if ok {
		return value, nil
	}
	asked := m.flight.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
		defer cancel()
		value, err := query(ctx)
		if err == nil {
			m.keep(key, value)
		}
		return value, err
	})
	select {
	case <-ctx.Done():
		return value, ctx.Err()
	case got := <-asked:
		return got.Val.(T), got.Err
	}
}

func (m *memo[T]) keep(key string, value T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= mostKept {
		m.kept = map[string]T{}
	}
	m.kept[key] = value
}
