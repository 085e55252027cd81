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
	// mostPages is how many web pages in a row prove that an address which never gave JSON is not that of the API.
	mostPages = 3
	// mostThrown is how many 503 in a row raise the question whether the query makes the server throw.
	mostThrown = 4
)

type onceKey struct{}

// Once makes a context under which requests are sent once and not tried again: for what others have just failed at.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

// get reads one response with retries. Retried, for the time of Options.RetryBudget, are 429, 5xx, network faults,
// silence, truncated bodies and web pages in place of JSON; never a refused token, a redirect, a missing row or a
// response that is too large. sent is when the successful request left, in UTC.
func (c *Client) get(ctx context.Context, path string, q Query, decode decodeFunc) (sent time.Time, err error) {
	patience := patience{client: c}
	for number := 1; ; number++ {
		if sent, err = c.send(ctx, attempt{path: path, query: q, number: number}, decode); err == nil {
			c.stats.answer()
			return sent, nil
		}
		failure := (*RequestError)(nil)
		if !errors.As(err, &failure) {
			return sent, err
		}
		failure.Attempts = number
		wait, again := patience.next(failure)
		if !again || ctx.Value(onceKey{}) != nil {
			return sent, c.diagnose(ctx, path, q, failure)
		}
		if patience.thrown == mostThrown {
			if err := c.diagnose(ctx, path, q, failure); errors.Is(err, ErrRefused) || ctx.Err() != nil {
				return sent, err
			}
		}
		if paused := c.pause(ctx, wait); paused != nil {
			if ctx.Err() != nil {
				return sent, ctx.Err()
			}
			return sent, failure // no time left for the pause: what happened says more than the deadline
		}
	}
}

// patience is what one request still has of its budget.
type patience struct {
	client *Client
	since  time.Time     // of the first failure
	slept  time.Duration // in pauses: the clock of a test may stand still
	thrown int           // 503 in a row
}

// next decides whether a request that failed is tried again, and after which pause.
func (p *patience) next(failure *RequestError) (wait time.Duration, again bool) {
	c := p.client
	now := c.options.Now()
	if p.since.IsZero() {
		p.since = now
	}
	p.thrown++
	if failure.Status != http.StatusServiceUnavailable {
		p.thrown = 0
	}
	if !failure.retryable() || c.hopelessPage(failure) {
		return 0, false
	}
	left := c.options.RetryBudget - max(now.Sub(p.since), p.slept)
	wait = failure.RetryAfter
	if wait == 0 {
		wait = min(c.backOff(failure.Attempts), left)
	}
	p.slept += wait
	return wait, left > 0 && wait <= left
}

// hopelessPage tells whether a web page is what this address always gives. Behind an address that gave JSON before,
// it is how an outage looks.
func (c *Client) hopelessPage(failure *RequestError) bool {
	if !errors.Is(failure.Kind, ErrBaseURL) {
		return false
	}
	if c.stats.answered() {
		failure.Kind, failure.Cause = ErrUnavailable, errors.New("a web page in place of JSON")
		return false
	}
	return failure.Attempts >= mostPages
}

func (e *RequestError) retryable() bool {
	if refusal := (*proxyRefusal)(nil); errors.As(e.Cause, &refusal) {
		return refusal.passing()
	}
	switch {
	case errors.Is(e.Kind, ErrUnavailable):
		return e.Status != http.StatusNotImplemented && e.Status != http.StatusHTTPVersionNotSupported
	case errors.Is(e.Kind, ErrBaseURL):
		return e.Status == http.StatusOK
	}
	for _, kind := range []error{ErrRateLimited, ErrNetwork, ErrStalled, ErrTruncated, ErrProxy} {
		if errors.Is(e.Kind, kind) {
			return true
		}
	}
	return false
}

// backOff is the pause after so many failed attempts: an exponential one with up to half of it taken off at random, so
// that parallel clients do not return together.
func (c *Client) backOff(attempts int) time.Duration {
	d := min(firstBackOff<<min(attempts-1, 10), maxBackOff)
	return d/2 + time.Duration(c.options.Rand()*float64(d/2))
}

// diagnose tells an unavailable server from a query that makes it throw: both are 503, but in the second
// case the server still answers a trivial request (API notes, section 18, row 15).
func (c *Client) diagnose(ctx context.Context, path string, q Query, failure *RequestError) error {
	trivial := path == "orders" && q.empty()
	if failure.Status != http.StatusServiceUnavailable || !errors.Is(failure.Kind, ErrUnavailable) || trivial {
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
