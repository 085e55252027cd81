package qtickets

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// handleResponse decodes a response that is the promised JSON and turns any other into a *RequestError.
func (c *Client) handleResponse(
	response *http.Response, body io.Reader, path string, decode decodeFunc,
) (rows int, err error) {
	failure := &RequestError{Path: path, Status: response.StatusCode}
	text := bufio.NewReaderSize(body, 512)
	refusal := c.refusalOf(response, text)
	switch status := response.StatusCode; {
	case refusal != nil:
		failure.Kind, failure.Cause = ErrProxy, refusal
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		failure.Kind = ErrUnauthorized
	case status >= 300 && status < 400:
		failure.Kind = ErrRedirect
	case status == http.StatusTooManyRequests:
		failure.Kind = ErrRateLimited
		failure.RetryAfter = retryAfter(response.Header.Get("Retry-After"), c.options.Now())
	case status >= 500:
		// Gateways report outages as web pages, so the form of the body proves nothing here.
		failure.Kind = ErrUnavailable
		failure.RetryAfter = retryAfter(response.Header.Get("Retry-After"), c.options.Now())
	case isWebPage(response, text):
		failure.Kind = ErrBaseURL
	case status == http.StatusNotFound:
		failure.Kind = ErrNotFound
		failure.Code = errorCode(text)
	case status >= 400:
		failure.Kind = ErrRefused
		failure.Code = errorCode(text)
	case status != http.StatusOK:
		failure.Kind = ErrUnexpected
	default:
		if rows, err = decodeBody(text, decode); err == nil {
			return rows, nil
		}
		failure.Kind = ErrTruncated
		for _, kind := range []error{ErrUnexpected, ErrTooLarge} {
			if errors.Is(err, kind) {
				failure.Kind = kind
			}
		}
		failure.Cause = detail(err, failure.Kind)
	}
	return 0, failure
}

func decodeBody(text io.Reader, decode decodeFunc) (rows int, err error) {
	buffer := bufferPool.Get().(*bytes.Buffer)
	w := &window{from: readAhead(text, buffer, maxReadAhead)}
	if w.from == io.Reader(buffer) { // all of it, which bounds itself
		w.decoder = newDecoder(buffer)
	} else {
		w.decoder = newDecoder(w)
	}
	rows, err = decode(w.decoder)
	buffer.Reset()
	bufferPool.Put(buffer)
	return rows, err
}

// detail is an error without the kind it wraps, which RequestError prints itself.
func detail(err, kind error) error {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), kind.Error()), ": ")
	if text == "" {
		return nil
	}
	return errors.New(text)
}

// isWebPage reports a response that is not JSON by its header or by its first character: neither can be
// trusted alone (API notes, section 5). An empty body is not a page but a truncated response.
func isWebPage(response *http.Response, text *bufio.Reader) bool {
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if kind != "" && kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return true
	}
	for n := 1; ; n++ {
		seen, err := text.Peek(n)
		if err != nil {
			return false
		}
		switch seen[n-1] {
		case ' ', '\t', '\r', '\n':
		default:
			return seen[n-1] == '<'
		}
	}
}

// errorCode reads the code of the API's JSON error. Anything that does not look like one is dropped, so
// that no foreign text gets into messages.
func errorCode(text io.Reader) string {
	r := reader{dec: newDecoder(io.LimitReader(text, 16<<10))}
	if r.kind() != '{' {
		return ""
	}
	var code string
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) == "code" {
			code = r.text().Value
		} else {
			r.skip()
		}
	}
	if len(code) > 40 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" {
		return ""
	}
	return code
}

// retryAfter reads the header as seconds or as an HTTP date; 0 means none or a past one.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second // too many are still as many as fit
	}
	if t, err := http.ParseTime(header); err == nil && t.After(now) {
		return t.Sub(now)
	}
	return 0
}
