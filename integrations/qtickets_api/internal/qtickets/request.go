package qtickets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// readOnly is a transport that sends nothing but GET and HEAD.
type readOnly struct{ next http.RoundTripper }

func (t readOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, ErrMethod
	}
	return t.next.RoundTrip(r)
}

// newRequest builds every request of the client. The body is made anew for each attempt, because a
// sent one is used up.
func (c *Client) newRequest(ctx context.Context, path string, q Query) (*http.Request, error) {
	address := *c.base
	address.Path += "/" + path
	values, body, err := c.encode(q)
	if err != nil {
		return nil, err
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
	r.Header.Set("Accept-Encoding", "gzip") // net/http would set it too, and unzip by itself (unzip)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cache-Control", "no-cache")
	r.Header.Set("User-Agent", "qtickets_api")
	return r, nil
}

// encode writes the query in the client's encoding: as URL parameters or as a body, which is nil when
// there is nothing to say.
func (c *Client) encode(q Query) (url.Values, io.Reader, error) {
	if c.options.Encoding == BracketParams {
		values, err := q.bracketParams()
		return values, nil, err
	}
	text, err := q.jsonBody()
	if err != nil || text == nil {
		return url.Values{}, nil, err
	}
	return url.Values{}, bytes.NewReader(text), nil
}
