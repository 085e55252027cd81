package qtickets

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// What can go wrong with a request. Every error of the client matches exactly one of these with
// errors.Is, unless the caller's own context ended. The texts end with the next step; neither they nor what
// wraps them contains the token, a body or the value of a filter.
var (
	// ErrUnauthorized is returned when the API refuses the token: 403, or 401 (API notes, section 5). It
	// is never retried.
	ErrUnauthorized = errors.New("QTickets refused the token: " +
		"set QTICKETS_TOKEN to the organiser's token from Settings - General")

	// ErrBaseURL is returned when a web page came instead of JSON, whatever the status, which is what
	// a wrong base address gives.
	ErrBaseURL = errors.New("answered with a web page, not JSON: QTICKETS_BASE_URL should end with /api/rest/v1")

	// ErrRedirect is returned when the address redirects. Redirects are not followed: they would
	// drop the request's body and with it every filter.
	ErrRedirect = errors.New("answered with a redirect: set QTICKETS_BASE_URL to " +
		"the final address, https://qtickets.ru/api/rest/v1")

	// ErrMethod is returned instead of sending anything but GET or HEAD: POST on these paths
	// creates orders and marks scans (API notes, section 1, rule 2).
	ErrMethod = errors.New("only GET and HEAD may be sent to QTickets: this is a bug in the program, please report it")

	// ErrNotFound is returned when the API says in JSON that the requested row does not exist.
	ErrNotFound = errors.New("QTickets has no such row: check the id and that the token belongs to its organiser")

	// ErrRefused is returned when the server cannot answer this very request while it answers
	// others: it throws on a malformed query (API notes, section 18, row 15).
	ErrRefused = errors.New("QTickets cannot process this query although it answers others: " +
		"change the filter or the order of the request")

	// ErrRateLimited is returned when the API still answers 429 after the retries, or asks for a
	// pause that does not fit into the run.
	ErrRateLimited = errors.New("QTickets asks to slow down: lower QTICKETS_RATE_LIMIT or run later")

	// ErrUnavailable is returned when the server fails even on a trivial request.
	ErrUnavailable = errors.New("QTickets is unavailable: nothing to fix on this side, the next run retries")

	// ErrTruncated is returned when a response, after the retries, still ends early or is not JSON.
	ErrTruncated = errors.New("the response is truncated or not valid JSON: check the proxies on the way and run again")

	// ErrUnexpected is returned when JSON came in another form than documented, for example
	// without data or paging.
	ErrUnexpected = errors.New("the response has an unknown form: check QTICKETS_BASE_URL; if it is right, " +
		"the API has changed and the program needs an update")

	// ErrNetwork is returned when no response came: name lookup, connection, TLS or time-out.
	ErrNetwork = errors.New("QTickets cannot be reached: check the server's network, DNS and QTICKETS_BASE_URL")

	// ErrStalled is returned when the server, after the retries, still sends nothing for Options.Silence: no header, or
	// no more of a body.
	ErrStalled = errors.New("QTickets fell silent in the middle of an answer: check the network and the proxies " +
		"on the way; if they are right, the next run retries")

	// ErrProxy is returned when the proxy that HTTPS_PROXY or HTTP_PROXY names fails, so that QTickets was not reached.
	ErrProxy = errors.New("the proxy on the way to QTickets failed: check HTTPS_PROXY and HTTP_PROXY and the proxy's " +
		"log, or name the host of QTickets in NO_PROXY")

	// ErrTooLarge is returned when a response is far larger than any real one. It is never retried.
	ErrTooLarge = errors.New("the response is larger than any answer of QTickets: check QTICKETS_BASE_URL and " +
		"the proxies on the way; if they are right, tell QTickets support")

	// ErrInvalidRow is matched by *InvalidRowError.
	ErrInvalidRow = errors.New("invalid row")

	// ErrIgnored is matched by *IgnoredError.
	ErrIgnored = errors.New("the API ignored the request's parameters")

	// ErrIncomplete is matched by *IncompleteError.
	ErrIncomplete = errors.New("not every row was read")
)

var classes = []struct {
	err  error
	name string
}{
	{ErrUnauthorized, "token"}, {ErrBaseURL, "base_url"}, {ErrRedirect, "redirect"}, {ErrMethod, "method"},
	{ErrNotFound, "not_found"}, {ErrRefused, "refused"}, {ErrRateLimited, "rate_limited"},
	{ErrUnavailable, "outage"}, {ErrTruncated, "cut_body"}, {ErrUnexpected, "unexpected"},
	{ErrNetwork, "network"}, {ErrStalled, "stall"}, {ErrProxy, "proxy"}, {ErrTooLarge, "too_large"},
	{ErrInvalidRow, "bad_row"}, {ErrIgnored, "ignored"}, {ErrIncomplete, "incomplete"},
	{context.Canceled, "canceled"}, {context.DeadlineExceeded, "canceled"},
}

// Class names the kind of an error for the run ledger: token, base_url, redirect, method, not_found,
// refused, rate_limited, outage, cut_body, unexpected, network, stall, proxy, too_large, bad_row, ignored, incomplete
// or canceled (the caller's context ended). It is "" for nil and "other" for foreign errors.
func Class(err error) string {
	if err == nil {
		return ""
	}
	for _, class := range classes {
		if errors.Is(err, class.err) {
			return class.name
		}
	}
	return "other"
}

// RequestError says which request failed and how. It wraps one of the errors above.
type RequestError struct {
	Path       string // below the base address, without parameters
	Status     int    // HTTP status, 0 when no response came
	Code       string // the code in the API's JSON error, such as RESOURCE_NOT_FOUND; "" when there is none
	Attempts   int
	RetryAfter time.Duration // pause asked for by the server, 0 when it asked for none
	Kind       error         // one of the Err values of this package
	Cause      error         // what the network or the parser said, may be nil
}

func (e *RequestError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "GET %s: %v", e.Path, e.Kind)
	var facts []string
	if e.Status != 0 {
		facts = append(facts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.Code != "" {
		facts = append(facts, "code "+e.Code)
	}
	if e.Attempts > 1 {
		facts = append(facts, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if e.RetryAfter > 0 {
		facts = append(facts, fmt.Sprintf("retry after %s", e.RetryAfter))
	}
	if e.Cause != nil {
		facts = append(facts, e.Cause.Error())
	}
	if len(facts) > 0 {
		b.WriteString(" (" + strings.Join(facts, ", ") + ")")
	}
	return b.String()
}

// Unwrap gives only the kind: the cause of a time-out is a context error of the client, which must not look
// like the caller's own.
func (e *RequestError) Unwrap() error { return e.Kind }

// IgnoredError is returned when a response contradicts the request. The API answers HTTP 200 when it ignores
// a parameter (API notes, section 1, rule 3), so this is the only sign.
type IgnoredError struct {
	Path   string // "" when a walk found it between pages
	What   string // "where", "orderBy", "page" or "select"
	Column string // the column of where or orderBy, the paging member of page; else ""
	RowID  int64  // the first row that contradicts, 0 when there is none
}

func (e *IgnoredError) Error() string {
	text := "the API ignored " + e.What
	if e.Path != "" {
		text = "GET " + e.Path + ": " + text
	}
	if e.Column != "" {
		text += " " + e.Column
	}
	if e.RowID != 0 {
		text += fmt.Sprintf(" (row %d contradicts it)", e.RowID)
	}
	return text + ": its rows cannot be trusted; look for a proxy or cache that drops request bodies"
}

// Unwrap makes the error match ErrIgnored.
func (e *IgnoredError) Unwrap() error { return ErrIgnored }

// IncompleteError is returned by Pages when the rows it saw are fewer than the API announced.
type IncompleteError struct {
	Distinct int64 // different rows read
	Expected int64 // rows announced by paging.total
	Why      string
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("read %d of %d rows, %s: the next run reads the list again; if it repeats, "+
		"the API is losing rows; tell QTickets support", e.Distinct, e.Expected, e.Why)
}

// Unwrap makes the error match ErrIncomplete.
func (e *IncompleteError) Unwrap() error { return ErrIncomplete }

// InvalidRowError is returned when a row read on its own, by id, is invalid.
type InvalidRowError struct{ Row InvalidRow }

func (e *InvalidRowError) Error() string {
	return e.Row.Reason + ": the row belongs in quarantine; if it repeats, " +
		"the API has changed and the program needs an update"
}

// Unwrap makes the error match ErrInvalidRow.
func (e *InvalidRowError) Unwrap() error { return ErrInvalidRow }
