package qtickets

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	firstBackOff = 500 * time.Millisecond
	maxBackOff   = 30 * time.Second
	// mostPages is how many web pages in a row, in some six seconds, prove that an address which never gave JSON is not
	// that of the API.
	mostPages = 5
	// mostThrown is how many 503 in a row raise the question whether the query makes the server throw.
	mostThrown = 4
)

type onceKey struct{}

// Once makes a context under which requests are sent once and not tried again: for what others have just failed at.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

// get reads one response with retries. Retried, for the time of Options.RetryBudget, are 429, 5xx, network faults,
// silence, truncated bodies and web pages in place of JSON; never a refused token, a redirect, a missing row or a
// response that is too large. sent is when the successful request left, in UTC. It returns with the turn held (Turn):
// whoever works with what was read, or without what was not, works alone.
func (c *Client) get(ctx context.Context, path string, q Query, decode decodeFunc) (sent time.Time, err error) {
	defer c.turn.Take(ctx)
	if c.stats.unanswered() { // nor may this one be
		c.turn.Give()
	}
	patience := patience{client: c, once: ctx.Value(onceKey{}) != nil}
	for number := 1; ; number++ {
		if sent, err = c.sendInTurn(ctx, attempt{path: path, query: q, number: number}, decode); err == nil {
			c.stats.answer()
			if patience.outage {
				c.stats.count(&c.stats.Outages)
			}
			return sent, nil
		}
		failure := (*RequestError)(nil)
		if !errors.As(err, &failure) {
			return sent, err
		}
		failure.Attempts = number
		if c.stats.heard(!failure.retryable()); failure.retryable() {
			c.turn.Give()
		}
		wait, again := patience.next(failure)
		if patience.suspects(failure, again) && c.answersOthers(ctx, path, q) {
			wait, again = patience.accuse(failure, wait)
		}
		if !again {
			return sent, cmp.Or(ctx.Err(), error(failure))
		}
		if paused := c.pause(ctx, wait); paused != nil {
			// Without time for the pause what happened says more than the deadline.
			return sent, cmp.Or(ctx.Err(), error(failure))
		}
	}
}

// patience is what one request still has of its budget.
type patience struct {
	client  *Client
	once    bool          // nothing is tried again
	since   time.Time     // of the first failure
	slept   time.Duration // in pauses: the clock of a test may stand still
	pages   int           // web pages in a row
	thrown  int           // 503 in a row
	accused bool          // the server answered others between them
	outage  bool          // there was a 503
}

// next decides whether a request that failed is tried again, and after which pause.
func (p *patience) next(failure *RequestError) (wait time.Duration, again bool) {
	c := p.client
	now := c.options.Now()
	if p.since.IsZero() {
		p.since = now
	}
	p.count(failure)
	left := c.options.RetryBudget - max(now.Sub(p.since), p.slept)
	wait = failure.RetryAfter
	if wait == 0 {
		wait = min(c.backOff(failure.Attempts), left)
	}
	again = !p.once && failure.retryable() && p.pages < mostPages && left > 0 && wait <= left
	if again {
		p.slept += wait
	}
	return wait, again
}

// count looks for the same failure in a row. Behind an address that gave JSON before, a web page is how an outage
// looks.
func (p *patience) count(failure *RequestError) {
	p.pages++
	p.thrown++
	if failure.Status == http.StatusServiceUnavailable && errors.Is(failure.Kind, ErrUnavailable) {
		p.outage = true
	} else {
		p.thrown, p.accused = 0, false
	}
	switch {
	case !errors.Is(failure.Kind, ErrBaseURL) || failure.Status != http.StatusOK:
		p.pages = 0
	case p.client.stats.answered():
		p.pages = 0
		failure.Kind, failure.Cause = ErrUnavailable, errors.New("a web page in place of JSON")
	}
}

// suspects tells whether the query may be what makes the server throw: both an outage and a malformed query are 503,
// but in the second case the server still answers a trivial request (API notes, section 18, row 15).
func (p *patience) suspects(failure *RequestError, again bool) bool {
	return p.thrown > 0 && (p.thrown == mostThrown || p.accused || !again) && errors.Is(failure.Kind, ErrUnavailable)
}

// accuse takes the query for the culprit the second time that only others are answered; the first time the outage may
// have ended in between, so the request is sent once more.
func (p *patience) accuse(failure *RequestError, wait time.Duration) (time.Duration, bool) {
	if p.accused || p.once {
		failure.Kind = ErrRefused
		p.client.stats.count(&p.client.stats.Refused)
		return 0, false
	}
	p.accused = true
	return max(wait, firstBackOff), true
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

// answersOthers tells whether the server answers a trivial request. The request in question is none itself.
func (c *Client) answersOthers(ctx context.Context, path string, q Query) bool {
	if path == "orders" && q.empty() {
		return false
	}
	_, err := c.send(ctx, attempt{path: "orders", number: 1}, func(dec *jsontext.Decoder) (int, error) {
		page, err := decodePage[Order](dec, "orders", false)
		return len(page.Rows), err
	})
	if err == nil {
		c.stats.answer()
	}
	return err == nil
}
