// Package publish makes what package datalens describes: it asks the public API of DataLens (Yandex Cloud and
// Enterprise) what a workbook holds, and creates or updates what differs.
package publish

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
)

const (
	mostAttempts = 6
	firstPause   = time.Second
	longestPause = 30 * time.Second
	mostBytes    = 50 << 20        // of an answer: a dataset with all its fields is some 100 KB
	silence      = 2 * time.Minute // DataLens itself waits 80 s for ClickHouse
)

// Tokens give the token of the next request.
type Tokens interface {
	// Token is a token that is good now.
	Token(ctx context.Context) (string, error)
	// Renew is told that the API refused the token. It returns false where there is no other.
	Renew() bool
}

// Options of a client.
type Options struct {
	API     string // address without /rpc
	Org     string
	Tokens  Tokens
	Secrets []string // never repeated, wherever the API quotes them
	// Sleep waits between attempts; nil: as long as it says.
	Sleep func(context.Context, time.Duration) error
}

// Client sends requests to the API.
type Client struct {
	options Options
	http    *http.Client
}

// ErrOptions is returned for options that cannot work.
var ErrOptions = errors.New("DataLens")

// New judges its options; it asks nobody.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.API)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "":
		return nil, fmt.Errorf("%w: --api is no address such as https://api.datalens.tech", ErrOptions)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("%w: --api must be https: the token would travel in the open", ErrOptions)
	case o.Org == "":
		return nil, fmt.Errorf("%w: name the organisation with --org (its ID stands at https://center.yandex.cloud)",
			ErrOptions)
	}
	o.API = strings.TrimRight(o.API, "/")
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return &Client{options: o, http: newHTTP()}, nil
}

func loopback(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

// newHTTP follows no redirect: the token is for one address only.
func newHTTP() *http.Client {
	return &http.Client{Timeout: silence,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// call asks a method and decodes its answer, numbers as they are written. 429, 5xx and broken connections are tried
// again; a request that created something before its answer was lost comes back as errExists.
func (c *Client) call(ctx context.Context, method string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	renewed := false
	for attempt := 1; ; attempt++ {
		err := c.send(ctx, method, text, answer)
		refusal := (*Refusal)(nil)
		if err == nil || ctx.Err() != nil || !errors.As(err, &refusal) {
			return cmp.Or(ctx.Err(), err)
		}
		if refusal.Status == http.StatusUnauthorized && !renewed && c.options.Tokens.Renew() {
			renewed = true
			continue
		}
		if !refusal.passing() || attempt == mostAttempts {
			return err
		}
		if err := c.options.Sleep(ctx, refusal.pause(attempt)); err != nil {
			return err
		}
	}
}

func (c *Client) send(ctx context.Context, method string, body []byte, answer any) error {
	token, err := c.options.Tokens.Token(ctx)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.options.API+"/rpc/"+method, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + token, "Content-Type": "application/json",
		"x-dl-org-id": c.options.Org, "x-dl-api-version": datalens.APIVersion} {
		request.Header.Set(name, value)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return &Refusal{Method: method, Text: c.scrub(err.Error(), token)}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, mostBytes))
	if err != nil {
		return &Refusal{Method: method, Text: c.scrub(err.Error(), token)}
	}
	if response.StatusCode != http.StatusOK {
		refusal := readRefusal(method, response.StatusCode, text)
		refusal.Text = c.scrub(refusal.Text, token)
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		refusal.RetryAfter = time.Duration(seconds) * time.Second
		return refusal
	}
	if len(bytes.TrimSpace(text)) == 0 { // updateConnection answers nothing
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(answer); err != nil {
		return fmt.Errorf("%s: the answer of DataLens is no JSON object: is %s the address of its API? (%w)", method,
			c.options.API, err)
	}
	return nil
}

// scrub takes secrets out of a text of the server.
func (c *Client) scrub(text, token string) string {
	for _, secret := range append(c.options.Secrets, token) {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}
