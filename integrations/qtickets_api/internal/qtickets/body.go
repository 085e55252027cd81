package qtickets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// maxReadAhead is how much of a body is read before it is decoded: several times a page of orders.
const maxReadAhead = 1 << 20

// What one response may hold, far beyond real ones (API notes, section 4), so that neither a wrong address nor a
// malicious one can fill the memory: a page of 100 orders has half a megabyte, 100 events with their hall schemes have
// up to fifty, the longest text, a description, some ten kilobytes.
const (
	maxBytes        = 64 << 20  // after decompression
	maxBytesOfHalls = 256 << 20 // of events with their schemes, and of seats
	maxToken        = 4 << 20   // of one text or number, needed or not, and of one member of an order that is not
)

func maxBytesOf(path string) int64 {
	if path == "events" || strings.HasPrefix(path, "shows/") {
		return maxBytesOfHalls
	}
	return maxBytes
}

// limitError says which limit a response broke.
type limitError struct{ what string }

func (e *limitError) Error() string { return ErrTooLarge.Error() + ": " + e.what }

func (e *limitError) Unwrap() error { return ErrTooLarge }

var bufferPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readAhead reads the body into buffer before anything is decoded, so that decoding holds neither the
// connection nor a place among the requests in flight. A larger body (events with their hall schemes) is
// read on piece by piece, so that memory stays small. An error that ended the body follows its text:
// valid JSON with a broken end must not pass for a complete response.
func readAhead(body io.Reader, buffer *bytes.Buffer) io.Reader {
	_, err := io.CopyN(buffer, body, maxReadAhead)
	switch {
	case err == nil:
		return &window{from: io.MultiReader(buffer, body)}
	case errors.Is(err, io.EOF):
		return buffer
	default:
		return io.MultiReader(buffer, failingReader{err})
	}
}

// window bounds how far a decoder reads ahead of what it has understood, and thereby one text or number.
type window struct {
	from    io.Reader
	decoder *jsontext.Decoder
	given   int64
}

func (w *window) Read(p []byte) (int, error) {
	if w.given-w.decoder.InputOffset() > maxToken {
		return 0, &limitError{fmt.Sprintf("one value of more than %d bytes", maxToken)}
	}
	n, err := w.from.Read(p)
	w.given += int64(n)
	return n, err
}

// failingReader gives nothing but its error.
type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// bodyReader reads the body of a response: it counts, ends at a limit, looks out for silence, reports the end, and
// keeps the network fault that caused it, if any.
type bodyReader struct {
	from    io.Reader
	ended   func() // called at the end and after it
	silence *silence
	limit   int64
	n       int64
	fault   net.Error
}

func (r *bodyReader) Read(p []byte) (int, error) {
	if r.n >= r.limit {
		r.ended()
		return 0, &limitError{fmt.Sprintf("more than %d bytes", r.limit)}
	}
	r.silence.begin()
	n, err := r.from.Read(p[:min(int64(len(p)), r.limit-r.n)])
	r.silence.end()
	r.n += int64(n)
	if err != nil {
		errors.As(err, &r.fault)
		r.ended()
	}
	return n, err
}

// silence cuts a request whose server sends nothing for too long while something is waited for.
type silence struct {
	limit time.Duration
	timer *time.Timer
	cut   atomic.Bool // it did
}

// listen starts waiting for the first byte.
func listen(limit time.Duration, cancel context.CancelFunc) *silence {
	s := &silence{limit: limit}
	s.timer = time.AfterFunc(limit, func() {
		s.cut.Store(true)
		cancel()
	})
	return s
}

func (s *silence) begin() { s.timer.Reset(s.limit) }
func (s *silence) end()   { s.timer.Stop() }
