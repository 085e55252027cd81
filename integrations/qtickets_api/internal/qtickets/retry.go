package qtickets

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	firstBackOff = 500 * time.Millisecond
	maxBackOff   = 30 * time.Second
	// A longer pause is left to the next run.
	maxRetryAfter = 5 * time.Minute
)

// get reads one response with retries. Retried are 429, 5xx, network faults and truncated bodies, never a
// refused token, a web page, a redirect or a missing row. sent is when the successful request left, in
// UTC.
func (c *Client) get(ctx context.Context, path string, q Query, decode decodeFunc) (sent time.Time, err error) {
	for number := 1; ; number++ {
		if sent, err = c.send(ctx, attempt{path: path, query: q, number: number}, decode); err == nil {
			return sent, nil
		}
		failure := (*RequestError)(nil)
		if !errors.As(err, &failure) {
			return sent, err
		}
		failure.Attempts = number
		wait := c.backOff(failure)
		if !failure.retryable() || number >= c.options.MaxAttempts || wait > maxRetryAfter {
			return sent, c.diagnose(ctx, path, q, failure)
		}
		if paused := c.pause(ctx, wait); paused != nil {
			if ctx.Err() != nil {
				return sent, ctx.Err()
			}
			return sent, failure // no time left for the pause: what happened says more than the deadline
		}
	}
}

func (e *RequestError) retryable() bool {
	switch e.Status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return errors.Is(e.Kind, ErrUnavailable)
	}
	return errors.Is(e.Kind, ErrRateLimited) || errors.Is(e.Kind, ErrNetwork) || errors.Is(e.Kind, ErrTruncated)
}

// backOff is the pause after a failed attempt: what the server asked for, or else an exponential one
// with up to half of it taken off at random, so that parallel clients do not return together.
func (c *Client) backOff(failure *RequestError) time.Duration {
	if failure.RetryAfter > 0 {
		return failure.RetryAfter
	}
	d := min(firstBackOff<<min(failure.Attempts-1, 10), maxBackOff)
	return d/2 + time.Duration(c.options.Rand()*float64(d/2))
}

// diagnose tells an unavailable server from a query that makes it throw: both are 503, but in the second
// case the server still answers a trivial request (API notes, section 18, row 15).
func (c *Client) diagnose(ctx context.Context, path string, q Query, failure *RequestError) error {
	trivial := path == "orders" && q.empty()
	if failure.Status != http.StatusServiceUnavailable || trivial {
		return failure
	}
	_, err := c.send(ctx, attempt{path: "orders", number: 1}, func(dec *jsontext.Decoder) (int, error) {
		page, err := decodePage[Order](dec, "orders", false)
		return len(page.Rows), err
	})
	if err == nil {
		failure.Kind = ErrRefused
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return failure
}
