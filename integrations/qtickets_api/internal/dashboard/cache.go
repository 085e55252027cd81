package dashboard

import (
	"container/list"
	"sync"
)

// Bounds of the cache: figures of so many different pages, and so many written pages.
const (
	keptFigures = 128
	keptPages   = 128
)

// cache keeps the figures of the last pages, so that a hundred viewers cost one set of queries for each
// publication and the last page is there when ClickHouse is not; and the pages as they were written.
type cache struct {
	mu      sync.Mutex
	figures *recent[*answers]
	pages   *recent[written]
}

// written is a page ready to be sent.
type written struct{ plain, packed []byte }

func newCache() *cache {
	return &cache{figures: newRecent[*answers](keptFigures), pages: newRecent[written](keptPages)}
}

func (c *cache) figuresOf(key string) *answers {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, _ := c.figures.get(key)
	return d
}

func (c *cache) keepFigures(key string, d *answers) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.figures.put(key, d)
}

func (c *cache) page(etag string) (written, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pages.get(etag)
}

func (c *cache) keepPage(etag string, w written) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages.put(etag, w)
}

// recent keeps the values asked for last.
type recent[T any] struct {
	most  int
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
	element, found := r.byKey[key]
	if !found {
		var none T
		return none, false
	}
	r.order.MoveToFront(element)
	return element.Value.(entry[T]).value, true
}

func (r *recent[T]) put(key string, value T) {
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
