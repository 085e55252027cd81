package serve

import (
	"context"
	"time"
)

// retryLoad is when a failed load is tried again at first; later ones wait twice as long each, up to the usual time.
const retryLoad = time.Minute

// Every loads at once and then from time to time, until stop ends; a load under way goes on under its own context.
// After a failure the next comes sooner.
func Every(stop, runs context.Context, every time.Duration, load func(ctx context.Context) error) {
	retry := retryLoad
	for stop.Err() == nil {
		wait := every
		if err := load(runs); err != nil {
			wait = min(retry, every)
			retry *= 2
		} else {
			retry = retryLoad
		}
		timer := time.NewTimer(wait)
		select {
		case <-stop.Done():
			timer.Stop()
		case <-timer.C:
		}
	}
}
