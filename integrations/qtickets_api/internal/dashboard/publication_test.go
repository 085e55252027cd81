package dashboard

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// held is an invented world that holds its second answer about the version back, as it was when it was asked.
type held struct {
	*invented
	calls       atomic.Int64
	asked, hold chan struct{}
}

func (h *held) Version(ctx context.Context) (figures.Version, error) {
	v, err := h.invented.Version(ctx)
	if h.calls.Add(1) == 2 {
		close(h.asked)
		<-h.hold
	}
	return v, err
}

// TestNothingOldAfterSomethingNew: who asks after a plan was saved is not told what was asked for before.
func TestNothingOldAfterSomethingNew(t *testing.T) {
	t.Parallel()
	w := &held{invented: newInvented(), asked: make(chan struct{}), hold: make(chan struct{})}
	p := newPublication(Options{source: w, Poll: time.Hour, Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return inventedNow }})
	before := p.current(t.Context())
	p.expire()
	slow := make(chan snapshot)
	go func() { slow <- p.current(context.Background()) }()
	<-w.asked // and is held: it knows what was before
	w.change(func(w *invented) { w.version.Plans++ })
	p.expire()
	after := make(chan snapshot)
	go func() { after <- p.current(context.Background()) }()
	select {
	case got := <-after:
		if got.version.Plans != before.version.Plans+1 || got.token == before.token {
			t.Errorf("told of the plans %d, want %d", got.version.Plans, before.version.Plans+1)
		}
	case <-time.After(time.Minute): // it waits for the one before
		close(w.hold)
		t.Fatalf("told of the plans %d of before", (<-after).version.Plans)
	}
	close(w.hold)
	<-slow
	if got := p.current(t.Context()); got.version.Plans != before.version.Plans+1 {
		t.Error("the slow answer of before has come after it, and is believed")
	}
}
