package dashboard

import (
	"container/list"
	"sync"
)

// Bounds of what is kept: answers of so many different pages, and so many rendered pages of so many bytes in all.
const (
	keptResults = 128
	keptPages   = 128
	keptBytes   = 24 << 20
)

// recent keeps the values that were used last. Safe for concurrent use.
type recent[T any] struct {
	most  int
	weigh func(T) int // nil: values are only counted
	limit int         // of the weight of all

	mu     sync.Mutex
	order  *list.List // of entries, the newest first
	byKey  map[string]*list.Element
	weight int
}

type entry[T any] struct {
	key   string
	value T
}

func newRecent[T any](most int) *recent[T] {
	return &recent[T]{most: most, order: list.New(), byKey: map[string]*list.Element{}}
}

// newWeighed is newRecent with a limit of the weight of all values; the newest is kept whatever it weighs.
func newWeighed[T any](most, limit int, weigh func(T) int) *recent[T] {
	r := newRecent[T](most)
	r.limit, r.weigh = limit, weigh
	return r
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
		r.drop(element)
	}
	r.byKey[key] = r.order.PushFront(entry[T]{key, value})
	r.weight += r.weightOf(value)
	for r.order.Len() > 1 && (r.order.Len() > r.most || r.weight > r.limit) {
		r.drop(r.order.Back())
	}
}

// values are what is kept, the one that was used last first.
func (r *recent[T]) values() []T {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]T, 0, r.order.Len())
	for element := r.order.Front(); element != nil; element = element.Next() {
		list = append(list, element.Value.(entry[T]).value)
	}
	return list
}

func (r *recent[T]) drop(element *list.Element) {
	old := r.order.Remove(element).(entry[T])
	delete(r.byKey, old.key)
	r.weight -= r.weightOf(old.value)
}

func (r *recent[T]) weightOf(value T) int {
	if r.weigh == nil {
		return 0
	}
	return r.weigh(value)
}
