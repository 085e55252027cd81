package webhook

import (
	"context"
	"errors"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// maxBatch is how many deliveries go into one insert at most.
const maxBatch = 500

var errClosed = errors.New("the receiver is closing")

// batcher saves what arrives while an insert is under way with the next one, so that a burst costs few inserts
// and each sender is answered after its own delivery is durable.
type batcher struct {
	save  func(ctx context.Context, delivered []warehouse.Webhook) (repeated []bool, err error)
	queue chan request
	done  chan struct{}
	stop  chan struct{}
	once  sync.Once
}

type request struct {
	ctx      context.Context
	delivery warehouse.Webhook
	done     chan result
}

type result struct {
	repeated bool
	err      error
}

func newBatcher(save func(context.Context, []warehouse.Webhook) ([]bool, error)) *batcher {
	b := &batcher{save: save, queue: make(chan request, maxBatch), done: make(chan struct{}), stop: make(chan struct{})}
	go b.run()
	return b
}

func (b *batcher) close() {
	b.once.Do(func() { close(b.stop) })
	<-b.done
}

// add returns when the delivery is durable, or not known to be.
func (b *batcher) add(ctx context.Context, delivery warehouse.Webhook) (repeated bool, err error) {
	r := request{ctx, delivery, make(chan result, 1)}
	select {
	case b.queue <- r:
	case <-ctx.Done():
		return false, ctx.Err()
	case <-b.stop:
		return false, errClosed
	}
	select {
	case saved := <-r.done:
		return saved.repeated, saved.err
	case <-ctx.Done():
		return false, ctx.Err()
	case <-b.done:
		return false, errClosed
	}
}

func (b *batcher) run() {
	defer close(b.done)
	for {
		select {
		case <-b.stop:
			return
		case first := <-b.queue:
			b.saveBatch(b.gather(first))
		}
	}
}

func (b *batcher) gather(first request) []request {
	batch := []request{first}
	for len(batch) < maxBatch {
		select {
		case w := <-b.queue:
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// saveBatch saves within the deadline of the first sender: the others came later.
func (b *batcher) saveBatch(batch []request) {
	deliveries := make([]warehouse.Webhook, len(batch))
	for i, w := range batch {
		deliveries[i] = w.delivery
	}
	repeated, err := b.save(batch[0].ctx, deliveries)
	for i, w := range batch {
		w.done <- result{repeated: err == nil && repeated[i], err: err}
	}
}
