package webhook

import (
	"context"
	"errors"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// keepTogether is how many deliveries go into one insert.
const keepTogether = 500

var errClosed = errors.New("the receiver is closing")

// keeper saves what arrives while an insert is under way with the next one, so that a burst costs few inserts
// and each sender is answered after its own delivery is durable.
type keeper struct {
	save  func(ctx context.Context, delivered []warehouse.Webhook) (repeated []bool, err error)
	queue chan waiting
	done  chan struct{}
	stop  chan struct{}
	once  sync.Once
}

type waiting struct {
	ctx      context.Context
	delivery warehouse.Webhook
	answer   chan kept
}

type kept struct {
	repeated bool
	err      error
}

func newKeeper(save func(context.Context, []warehouse.Webhook) ([]bool, error)) *keeper {
	k := &keeper{save: save, queue: make(chan waiting, keepTogether), done: make(chan struct{}), stop: make(chan struct{})}
	go k.run()
	return k
}

func (k *keeper) close() {
	k.once.Do(func() { close(k.stop) })
	<-k.done
}

// keep returns when the delivery is durable, or not known to be.
func (k *keeper) keep(ctx context.Context, delivery warehouse.Webhook) (repeated bool, err error) {
	w := waiting{ctx, delivery, make(chan kept, 1)}
	select {
	case k.queue <- w:
	case <-ctx.Done():
		return false, ctx.Err()
	case <-k.stop:
		return false, errClosed
	}
	select {
	case a := <-w.answer:
		return a.repeated, a.err
	case <-ctx.Done():
		return false, ctx.Err()
	case <-k.done:
		return false, errClosed
	}
}

func (k *keeper) run() {
	defer close(k.done)
	for {
		select {
		case <-k.stop:
			return
		case first := <-k.queue:
			k.together(k.gather(first))
		}
	}
}

func (k *keeper) gather(first waiting) []waiting {
	batch := []waiting{first}
	for len(batch) < keepTogether {
		select {
		case w := <-k.queue:
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// together saves under the patience of the first sender: the others have come later.
func (k *keeper) together(batch []waiting) {
	deliveries := make([]warehouse.Webhook, len(batch))
	for i, w := range batch {
		deliveries[i] = w.delivery
	}
	repeated, err := k.save(batch[0].ctx, deliveries)
	for i, w := range batch {
		w.answer <- kept{repeated: err == nil && repeated[i], err: err}
	}
}
