// Package turn lets the loads of many organisers on one server work one at a time.
package turn

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Turn is held by one process at a time of those that name its folder; the kernel frees it however that process ends.
// A nil one is no turn at all: there is nobody to wait for. It is safe for concurrent use.
type Turn struct {
	folder string
	log    *slog.Logger

	taking   sync.Mutex    // one goroutine asks for it at a time
	patience time.Duration // what is left of it
	without  bool          // the log was told that the work goes on without the turn

	mu   sync.Mutex
	lock *flock.Flock // nil: not held
}

// New is a turn at a folder that this user may read; of "" it is nil. Patience is how long its waits may take together.
func New(folder string, patience time.Duration, log *slog.Logger) *Turn {
	if folder == "" {
		return nil
	}
	return &Turn{folder: folder, patience: patience, log: log}
}

// Take returns when the turn is held: at once when it was, else as soon as those who asked before have had it. When the
// patience or the context ends first, or the folder cannot be used, it returns without it: a load beside another one is
// better than none.
func (t *Turn) Take(ctx context.Context) {
	if t == nil || ctx.Err() != nil {
		return
	}
	t.taking.Lock()
	defer t.taking.Unlock()
	if t.held() {
		return
	}
	began := time.Now()
	lock := flock.New(t.folder, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryLock()
	if !ok && err == nil {
		err = t.wait(ctx, lock)
	}
	waited := time.Since(began)
	t.patience -= waited
	switch {
	case err == nil:
		t.mu.Lock()
		defer t.mu.Unlock()
		t.lock = lock
		t.log.Info("Turn taken", "waited_ms", waited.Milliseconds())
	case ctx.Err() == nil && !t.without:
		t.without = true
		t.log.Warn("Not waiting for the load of another organiser any longer", "why", err.Error())
	}
}

// errEnough is a wait that the patience or the context ended.
var errEnough = errors.New("it has waited long enough")

// wait queues for the lock.
func (t *Turn) wait(ctx context.Context, lock *flock.Flock) error {
	if t.patience <= 0 {
		return errEnough
	}
	locked := make(chan error, 1)
	go func() { locked <- lock.Lock() }()
	enough := time.NewTimer(t.patience)
	defer enough.Stop()
	select {
	case err := <-locked:
		return err
	case <-enough.C:
	case <-ctx.Done():
	}
	go func() { // whose place in the queue cannot be left
		if <-locked == nil {
			_ = lock.Close()
		}
	}()
	return errEnough
}

// Give lets the next one have the turn, if it is held.
func (t *Turn) Give() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lock == nil {
		return
	}
	t.log.Info("Turn given back") // before the next one can say that it has it
	_ = t.lock.Close()
	t.lock = nil
}

func (t *Turn) held() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lock != nil
}
