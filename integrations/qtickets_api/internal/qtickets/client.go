package qtickets

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/time/rate"
)

// Options configure a Client. BaseURL and Token are required, every zero value of the rest means
// its default.
type Options struct {
	BaseURL     string        // https://qtickets.ru/api/rest/v1, in settings QTICKETS_BASE_URL
	Token       string        // selects the organiser; never in an error or a log line
	RateLimit   float64       // requests per second, default 4
	MaxInFlight int           // requests at the same time, default 2
	Timeout     time.Duration // of one request with its body, default 60 s
	MaxAttempts int           // of one request, the first included; default 4
	Encoding    Encoding      // how queries travel, default the documented JSON body
	Logger      *slog.Logger  // default: discard

	Transport http.RoundTripper                                // default: Go's own, keeping MaxInFlight connections
	Now       func() time.Time                                 // default time.Now
	Sleep     func(ctx context.Context, d time.Duration) error // default: a timer; returns ctx.Err() when ctx ends first
	Rand      func() float64                                   // jitter in [0,1), default math/rand
}

// Client reads the QTickets REST API and can do nothing else: any method but GET and HEAD is refused
// before it leaves. It is safe for concurrent use; all its users share one limit.
type Client struct {
	options  Options
	base     *url.URL
	http     *http.Client
	limiter  *rate.Limiter
	inFlight chan struct{}
	stats    *counters
	log      *slog.Logger
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
		return nil, errors.New("QTICKETS_TOKEN is empty: put the organiser's token from Settings - General into it")
	case strings.ContainsFunc(o.Token, func(c rune) bool { return c <= ' ' || c > '~' }):
		return nil, errors.New("QTICKETS_TOKEN holds a blank or a character no token has: copy it again from Settings - General")
	case o.RateLimit < 0, o.MaxInFlight < 0, o.Timeout < 0, o.MaxAttempts < 0:
		return nil, errors.New("QTickets limits must not be negative: check QTICKETS_RATE_LIMIT and QTICKETS_MAX_IN_FLIGHT")
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
	}, nil
}

func parseBase(text string) (*url.URL, error) {
	const want = "QTICKETS_BASE_URL should look like https://qtickets.ru/api/rest/v1"
	base, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the base address cannot be read: %s", want)
	case base.Scheme != "http" && base.Scheme != "https", base.Host == "":
		return nil, fmt.Errorf("the base address is no http address: %s", want)
	case strings.Trim(base.Path, "/") == "":
		return nil, fmt.Errorf("the base address has no path: %s", want)
	case base.RawQuery != "", base.Fragment != "", base.User != nil:
		return nil, fmt.Errorf("the base address holds more than scheme, host and path: %s", want)
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
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if o.MaxAttempts == 0 {
		o.MaxAttempts = 4
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Transport == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		// Go keeps two connections at rest: with more under way the others would be made anew for every request.
		transport.MaxIdleConnsPerHost = o.MaxInFlight
		o.Transport = transport
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

// WithEncoding is the same client, limits and counters included, with queries travelling another way.
func (c *Client) WithEncoding(f Encoding) *Client {
	other := *c
	other.options.Encoding = f
	return &other
}

// Orders reads a page of orders, deleted ones included unless filtered out. With an *IgnoredError
// the page is returned too, so that a probe can look at it; the same holds for the other lists.
func (c *Client) Orders(ctx context.Context, q Query) (Page[Order], error) {
	return list[Order](ctx, c, "orders", q, false)
}

// Events reads a page of events with their shows. An event is big, 128 KB on average, so small
// pages or Select are advisable (API notes, section 4).
func (c *Client) Events(ctx context.Context, q Query) (Page[Event], error) {
	return list[Event](ctx, c, "events", q, false)
}

// Discounts reads a page of discounts (API notes, section 12).
func (c *Client) Discounts(ctx context.Context, q Query) (Page[Discount], error) {
	return list[Discount](ctx, c, "discounts", q, false)
}

// PromoCodes reads a page of promo codes; their default order is not by id (API notes, section 4).
func (c *Client) PromoCodes(ctx context.Context, q Query) (Page[PromoCode], error) {
	return list[PromoCode](ctx, c, "promo-codes", q, false)
}

// ColorThemes reads the colours; the answer may come without paging and is then complete.
func (c *Client) ColorThemes(ctx context.Context, q Query) (Page[ColorTheme], error) {
	return list[ColorTheme](ctx, c, "color-themes", q, true)
}

func list[T any, P listRow[T]](ctx context.Context, c *Client, path string, q Query, unpaged bool) (Page[T], error) {
	if len(q.Select) > 0 && !q.selects("id") {
		q.Select = append([]string{"id"}, q.Select...) // a row without its id is of no use
	}
	var page Page[T]
	sent, err := c.get(ctx, path, q, func(dec *jsontext.Decoder) (rows int, err error) {
		page, err = decodePage[T, P](dec, path, unpaged)
		return len(page.Rows) + len(page.Invalid), err
	})
	if err != nil {
		return Page[T]{}, err
	}
	page.ObservedAt = sent
	if err := checkPage[T, P](path, q, page); err != nil {
		return page, err
	}
	return page, nil
}

// Order reads one order by id. It matches ErrNotFound when there is none, and a *BadRowError when
// it could not be understood. observedAt is when the request was sent, in UTC.
func (c *Client) Order(ctx context.Context, id int64) (o Order, observedAt time.Time, err error) {
	path := "orders/" + strconv.FormatInt(id, 10)
	var bad *InvalidRow
	sent, err := c.get(ctx, path, Query{}, func(dec *jsontext.Decoder) (int, error) {
		var err error
		o, bad, err = decodeDetail(dec)
		return 1, err
	})
	switch {
	case err != nil:
		return Order{}, time.Time{}, err
	case bad != nil:
		return Order{}, sent, &BadRowError{*bad}
	case o.ID != id:
		return Order{}, sent, &IgnoredError{Path: path, What: "where", Column: "id", RowID: o.ID}
	}
	return o, sent, nil
}

// Seats reads the inventory of a show with its numbers. A show without seats is an empty answer.
func (c *Client) Seats(ctx context.Context, showID int64) (SeatsAnswer, error) {
	path := "shows/" + strconv.FormatInt(showID, 10) + "/seats"
	var answer SeatsAnswer
	sent, err := c.get(ctx, path, Query{Select: seatColumns}, func(dec *jsontext.Decoder) (rows int, err error) {
		answer, err = decodeSeats(dec, showID)
		return len(answer.Seats) + len(answer.Invalid), err
	})
	if err != nil {
		return SeatsAnswer{}, err
	}
	answer.ObservedAt = sent
	if answer.numbersAbsent() {
		return answer, &IgnoredError{Path: path, What: "select"}
	}
	return answer, nil
}
