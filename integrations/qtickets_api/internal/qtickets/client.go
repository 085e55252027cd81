package qtickets

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Options configure a Client. BaseURL and Token are required; the zero value of any other option means its
// default.
type Options struct {
	BaseURL     string  // https://qtickets.ru/api/rest/v1, from QTICKETS_BASE_URL
	Token       string  // selects the organiser; never in an error or a log line
	RateLimit   float64 // requests per second, default 4
	MaxInFlight int     // requests at the same time, default 2
	// RetryBudget is how long after its first failure a request may be tried again, default 2 min; the deadline of its
	// context may end it earlier.
	RetryBudget time.Duration
	// Silence is how long the server may send nothing, before its header and within its body, default 20 s. How long a
	// response takes in all is not limited.
	Silence  time.Duration
	Encoding Encoding     // how queries are sent, default the documented JSON body
	Logger   *slog.Logger // default: discard

	Proxy     func(*http.Request) (*url.URL, error)            // default: HTTPS_PROXY, HTTP_PROXY and NO_PROXY
	Transport http.RoundTripper                                // default: NewTransport
	Now       func() time.Time                                 // default time.Now
	Sleep     func(ctx context.Context, d time.Duration) error // default: a timer; returns ctx.Err() when ctx ends first
	Rand      func() float64                                   // jitter in [0,1), default math/rand
}

// Client reads the QTickets REST API and can do nothing else: any method but GET and HEAD is refused
// before it is sent. It is safe for concurrent use; all its users share one rate limit.
type Client struct {
	options  Options
	base     *url.URL
	http     *http.Client
	limiter  *rate.Limiter
	inFlight chan struct{}
	stats    *counters
	log      *slog.Logger
	turn     Turn
	late     time.Duration
}

// New checks the options and makes a client; it sends nothing. The base address must be http or
// https with a host and a path, and no query; the errors name the setting to correct.
func New(o Options) (*Client, error) {
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	switch {
	case o.Token == "":
		return nil, errors.New("QTICKETS_TOKEN is empty: set it to the organiser's token from Settings - General")
	case strings.ContainsFunc(o.Token, func(c rune) bool { return c <= ' ' || c > '~' }):
		return nil, errors.New("QTICKETS_TOKEN contains a space or an invalid character: " +
			"copy it again from Settings - General")
	case o.RateLimit < 0, o.MaxInFlight < 0, o.RetryBudget < 0, o.Silence < 0:
		return nil, errors.New("QTickets limits must not be negative: check QTICKETS_RATE_LIMIT, QTICKETS_MAX_IN_FLIGHT " +
			"and QTICKETS_RETRY_BUDGET")
	}
	o.setDefaults()
	return &Client{
		options: o,
		base:    base,
		http: &http.Client{
			Transport:     readOnly{o.Transport},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		// A burst of one spaces requests evenly, so any window of a second is within the limit.
		limiter:  rate.NewLimiter(rate.Limit(o.RateLimit), 1),
		inFlight: make(chan struct{}, o.MaxInFlight),
		stats:    newCounters(),
		log:      o.Logger,
		turn:     noTurn{},
		late:     late,
	}, nil
}

// WithEncoding is the same client, sharing limits and counters, that sends its queries in another encoding.
func (c *Client) WithEncoding(e Encoding) *Client {
	other := *c
	other.options.Encoding = e
	return &other
}

// WithTurn is the same client for a user who has others wait.
func (c *Client) WithTurn(t Turn) *Client {
	other := *c
	other.turn = t
	return &other
}

func parseBase(text string) (*url.URL, error) {
	const want = "QTICKETS_BASE_URL should look like https://qtickets.ru/api/rest/v1"
	base, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the base address cannot be read: %s", want)
	case base.Scheme != "http" && base.Scheme != "https", base.Host == "":
		return nil, fmt.Errorf("the base address is not an http address: %s", want)
	case strings.Trim(base.Path, "/") == "":
		return nil, fmt.Errorf("the base address has no path: %s", want)
	case base.RawQuery != "", base.Fragment != "", base.User != nil:
		return nil, fmt.Errorf("the base address has more than scheme, host and path: %s", want)
	}
	base.Path = strings.TrimRight(base.Path, "/")
	base.RawPath = ""
	return base, nil
}

func (o *Options) setDefaults() {
	if o.RateLimit == 0 {
		o.RateLimit = 4
	}
	if o.MaxInFlight == 0 {
		o.MaxInFlight = 2
	}
	if o.RetryBudget == 0 {
		o.RetryBudget = 2 * time.Minute
	}
	if o.Silence == 0 {
		o.Silence = 20 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Proxy == nil {
		o.Proxy = http.ProxyFromEnvironment
	}
	if o.Transport == nil {
		o.Transport = NewTransport(o.MaxInFlight, o.Proxy)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
