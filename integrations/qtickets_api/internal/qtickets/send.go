package qtickets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// decodeFunc reads a whole response and says how many rows it held.
type decodeFunc func(*jsontext.Decoder) (rows int, err error)

// attempt is one try of a request and what came of it.
type attempt struct {
	path    string
	query   Query
	number  int // 1 is the first
	silence *silence
	sent    time.Time // when the request left, in UTC; zero when it never did
	rows    int
	status  int    // HTTP status, 0 when no response came
	cache   string // X-Cache-Status
}

// send makes one attempt: it waits for its turn, sends, and handles the response. The next request need wait neither
// for unzipping nor for decoding: the place among the requests in flight is free once the response has come whole.
// sent is when the request left.
func (c *Client) send(ctx context.Context, a attempt, decode decodeFunc) (sent time.Time, err error) {
	if err := c.acquire(ctx); err != nil {
		return sent, err
	}
	release := sync.OnceFunc(func() { <-c.inFlight })
	defer release()
	cuttable, cancel := context.WithCancel(ctx)
	defer cancel()
	request, err := c.newRequest(cuttable, a.path, a.query)
	if err != nil {
		return sent, err
	}
	a.sent = c.options.Now().UTC()
	c.stats.request(a.number > 1)
	a.silence = listen(c.options.Silence, cancel)
	response, err := c.http.Do(request)
	a.silence.end()
	if err == nil {
		err = c.receive(response, release, &a, decode)
	} else {
		err = c.networkError(request, a.path, err)
		c.stats.response(0, 0)
	}
	if a.silence.cut.Load() && (errors.Is(err, ErrTruncated) || errors.Is(err, ErrNetwork)) {
		err = &RequestError{Path: a.path, Status: a.status, Kind: ErrStalled,
			Cause: fmt.Errorf("nothing came for %s", c.options.Silence)}
	}
	if ctx.Err() != nil && err != nil {
		err = ctx.Err() // the caller's own end explains whatever broke
	}
	c.logAttempt(ctx, a, err)
	return a.sent, err
}

// receive handles a response and counts it. release is called when its body has come whole.
func (c *Client) receive(response *http.Response, release func(), a *attempt, decode decodeFunc) (err error) {
	a.status, a.cache = response.StatusCode, response.Header.Get("X-Cache-Status")
	buffer := bufferPool.Get().(*bytes.Buffer)
	defer func() {
		buffer.Reset()
		bufferPool.Put(buffer)
	}()
	body := &wire{from: response.Body, ended: release, silence: a.silence}
	limit := maxBytesOf(a.path)
	zipped := newUnzip(response, readAhead(&limited{from: body, limit: limit}, buffer, maxZippedAhead))
	defer zipped.release()
	text := &limited{from: zipped, limit: limit}
	a.rows, err = c.handleResponse(response, text, a.path, decode)
	if errors.Is(err, ErrTruncated) && body.fault != nil {
		err = c.networkError(response.Request, a.path, body.fault)
	}
	// Reading the rest lets the connection be used again; a large rest is not worth it.
	_, _ = io.CopyN(io.Discard, text, 64<<10)
	_ = response.Body.Close()
	c.stats.response(a.status, text.n)
	return err
}

// acquire waits for a place among the requests in flight and then for the rate limit.
func (c *Client) acquire(ctx context.Context) error {
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

func (c *Client) networkError(request *http.Request, path string, err error) error {
	if errors.Is(err, ErrMethod) {
		return &RequestError{Path: path, Kind: ErrMethod}
	}
	if cause := c.proxyError(request, err); cause != nil {
		return &RequestError{Path: path, Kind: ErrProxy, Cause: cause}
	}
	// url.Error holds the whole address, and with it the values of filters.
	if inner := (*url.Error)(nil); errors.As(err, &inner) {
		err = inner.Err
	}
	return &RequestError{Path: path, Kind: ErrNetwork, Cause: err}
}

// logAttempt writes the debug line of one attempt, and a warning when the response seems to come from a
// cache.
func (c *Client) logAttempt(ctx context.Context, a attempt, err error) {
	level := slog.LevelDebug
	switch a.cache {
	case "":
	case "MISS", "BYPASS":
		c.stats.count(&c.stats.Fresh)
	default:
		level = slog.LevelWarn
		c.stats.count(&c.stats.Cached)
	}
	c.log.Log(ctx, level, "qtickets request", "path", a.path, "page", max(a.query.Page, 1), "rows", a.rows,
		"status", a.status, "attempt", a.number, "ms", c.options.Now().Sub(a.sent).Milliseconds(), "cache", a.cache,
		"class", Class(err))
}
