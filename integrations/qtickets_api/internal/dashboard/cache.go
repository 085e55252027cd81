package dashboard

import (
	"container/list"
	"sync"
)

// Bounds of what is kept: answers of so many different pages, and so many rendered pages.
const (
	keptResults = 128
	keptPages   = 128
)

// recent keeps the values that were used last. Safe for concurrent use.
type recent[T any] struct {
	most  int
	mu    sync.Mutex
	order *list.List // of entries, the newest first
	byKey map[string]*list.Element
}

type entry[T any] struct {
	key   string
	value T
}

func newRecent[T any](most int) *recent[T] {
	return &recent[T]{most: most, order: list.New(), byKey: map[string]*list.Element{}}
}

func (r *recent[T]) get(key string) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	element, found := r.byKey[key]
	if !found {
		var none T
		return none, false
	}
	r.order.MoveToFront(element)
	return element.Value.(entry[T]).value, true
}

func (r *recent[T]) put(key string, value T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if element, found := r.byKey[key]; found {
		element.Value = entry[T]{key, value}
		r.order.MoveToFront(element)
		return
	}
	r.byKey[key] = r.order.PushFront(entry[T]{key, value})
	if r.order.Len() > r.most {
		oldest := r.order.Back()
		r.order.Remove(oldest)
		delete(r.byKey, oldest.Value.(entry[T]).key)
	}
}
