package qtickets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// decodeFunc reads a whole answer and says how many rows it held.
type decodeFunc func(*jsontext.Decoder) (rows int, err error)

// readOnly lets nothing but GET and HEAD out.
type readOnly struct{ next http.RoundTripper }

func (t readOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, ErrMethod
	}
	return t.next.RoundTrip(r)
}

// request builds every request of the client. The body is made anew for each attempt, because a
// sent one is used up.
func (c *Client) request(ctx context.Context, path string, q Query) (*http.Request, error) {
	address := *c.base
	address.Path += "/" + path
	values := url.Values{}
	var body io.Reader
	if c.options.Encoding == BracketParams {
		var err error
		if values, err = q.brackets(); err != nil {
			return nil, err
		}
	} else {
		text, err := q.body()
		if err != nil {
			return nil, err
		}
		if text != nil {
			body = bytes.NewReader(text)
		}
	}
	// The API ignores unknown parameters, so this one only defeats caches (API notes, section 2).
	values.Set("_", strconv.FormatInt(c.stats.nonce(c.options.Now()), 36))
	address.RawQuery = values.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), body)
	if err != nil {
		return nil, errors.New("build request: the base address cannot be used: check QTICKETS_BASE_URL")
	}
	r.Header.Set("Authorization", "Bearer "+c.options.Token)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cache-Control", "no-cache")
	r.Header.Set("User-Agent", "qtickets_api")
	return r, nil
}

// send makes one attempt: it waits for its turn, sends, judges the answer and decodes it. The next
// request need not wait for the decoding: a turn ends when the answer has come whole. sent is when the
// request left.
func (c *Client) send(ctx context.Context, path string, q Query, attempt int, decode decodeFunc) (sent time.Time, err error) {
	if err := c.turn(ctx); err != nil {
		return sent, err
	}
	over := sync.OnceFunc(func() { <-c.inFlight })
	defer over()
	timed, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	request, err := c.request(timed, path, q)
	if err != nil {
		return sent, err
	}
	sent = c.options.Now().UTC()
	var rows, status int
	var cache string
	c.stats.request(attempt > 1)
	response, err := c.http.Do(request)
	if err == nil {
		status, cache = response.StatusCode, response.Header.Get("X-Cache-Status")
		body := &countingReader{from: response.Body, ended: over}
		rows, err = c.answer(response, body, path, decode)
		if errors.Is(err, ErrTruncated) && body.fault != nil {
			err = networkError(path, body.fault)
		}
		// Reading the rest lets the connection be used again; a large rest is not worth it.
		_, _ = io.CopyN(io.Discard, body, 64<<10)
		_ = response.Body.Close()
		c.stats.answer(status, body.n)
	} else {
		err = networkError(path, err)
		c.stats.answer(0, 0)
	}
	if ctx.Err() != nil && err != nil {
		err = ctx.Err() // the caller's own end explains whatever broke
	}
	c.note(ctx, path, q, attempt, rows, status, cache, sent, err)
	return sent, err
}

// turn waits for a place among the requests in flight and then for the rate limit.
func (c *Client) turn(ctx context.Context) error {
	select {
	case c.inFlight <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	now := c.options.Now()
	reservation := c.limiter.ReserveN(now, 1)
	err := c.pause(ctx, reservation.DelayFrom(now))
	if err != nil {
		reservation.CancelAt(c.options.Now())
		<-c.inFlight
	}
	return err
}

// pause sleeps, but never when the context would end first.
func (c *Client) pause(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(c.options.Now().Add(d)) {
		return context.DeadlineExceeded
	}
	return c.options.Sleep(ctx, d)
}

func networkError(path string, err error) error {
	if errors.Is(err, ErrMethod) {
		return &RequestError{Path: path, Kind: ErrMethod}
	}
	// url.Error holds the whole address, and with it the values of filters.
	if inner := (*url.Error)(nil); errors.As(err, &inner) {
		err = inner.Err
	}
	return &RequestError{Path: path, Kind: ErrNetwork, Cause: err}
}

// note writes the debug line of one attempt, and a warning when a cache seems to have answered.
func (c *Client) note(ctx context.Context, path string, q Query, attempt, rows, status int, cache string, sent time.Time, err error) {
	level := slog.LevelDebug
	if cache != "" && cache != "MISS" && cache != "BYPASS" {
		level = slog.LevelWarn
		c.stats.cached()
	}
	c.log.Log(ctx, level, "qtickets request", "path", path, "page", max(q.Page, 1), "rows", rows, "status", status,
		"attempt", attempt, "ms", c.options.Now().Sub(sent).Milliseconds(), "cache", cache, "class", Class(err))
}
