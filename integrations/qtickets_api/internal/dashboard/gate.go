package dashboard

import (
	"context"
	"net/http"
	"time"
)

// Bounds of the pages that are made at a time. Readers of one page share its making, so that more than these are many
// different pages.
const (
	madeAtOnce = 4
	waitForOne = 100
	waitTime   = 5 * time.Second
)

// busy is the answer when all hands are full.
var busy = problemPage{http.StatusServiceUnavailable, "problem.busy"}

// gate lets few through at a time, and lets few wait.
type gate struct {
	slots, queue chan struct{}
	patience     time.Duration
}

func newGate(atOnce, waiting int, patience time.Duration) *gate {
	return &gate{make(chan struct{}, atOnce), make(chan struct{}, atOnce+waiting), patience}
}

// enter returns what leaves again, or busy.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.queue <- struct{}{}:
	default:
		return nil, busy
	}
	timer := time.NewTimer(g.patience)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots; <-g.queue }, nil
	case <-timer.C:
	case <-ctx.Done():
	}
	<-g.queue
	return nil, busy
}
