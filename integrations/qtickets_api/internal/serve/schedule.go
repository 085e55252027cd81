package serve

import (
	"context"
	"time"
)

// retryAfter is when what failed is tried again at first; later it waits twice as long each time, up to the usual time.
const retryAfter = time.Minute

// Every does something at once and then from time to time, until stop ends; what is under way goes on under its own
// context. After a failure the next comes sooner.
func Every(stop, runs context.Context, every time.Duration, do func(ctx context.Context) error) {
	retry := retryAfter
	for stop.Err() == nil {
		wait := every
		if err := do(runs); err != nil {
			wait = min(retry, every)
			retry *= 2
		} else {
			retry = retryAfter
		}
		timer := time.NewTimer(wait)
		select {
		case <-stop.Done():
			timer.Stop()
		case <-timer.C:
		}
	}
}
