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

// How much of a body is read before it is unzipped, and then before it is decoded: several times a page of orders.
const (
	maxZippedAhead = 64 << 10
	maxReadAhead   = 1 << 20
)

// What one response may hold, far beyond real ones (API notes, section 4), so that neither a wrong address nor a
// malicious one can fill the memory: a page of 100 orders has half a megabyte, 100 events with their hall schemes have
// up to fifty, the longest text, a description, some ten kilobytes.
const (
	maxBytes        = 64 << 20  // before and after decompression
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

// readAhead reads so much into buffer before what is read goes on. A larger body (events with their hall schemes) is
// read on piece by piece, so that memory stays small. An error that ended the body follows its text: valid JSON with a
// broken end must not pass for a complete response.
func readAhead(body io.Reader, buffer *bytes.Buffer, most int64) io.Reader {
	_, err := io.CopyN(buffer, body, most)
	switch {
	case err == nil:
		return io.MultiReader(buffer, body)
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

// wire is what comes of a response, as the server compressed it: it looks out for silence, reports the end, and keeps
// the network fault that caused it, if any.
type wire struct {
	from    io.Reader
	ended   func() // called at the end and after it
	silence *silence
	fault   net.Error
}

func (w *wire) Read(p []byte) (int, error) {
	w.silence.begin()
	n, err := w.from.Read(p)
	w.silence.end()
	if err != nil {
		errors.As(err, &w.fault)
		w.ended()
	}
	return n, err
}

// limited counts what is read and ends at a limit.
type limited struct {
	from  io.Reader
	limit int64
	n     int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.n >= l.limit {
		return 0, &limitError{fmt.Sprintf("more than %d bytes", l.limit)}
	}
	n, err := l.from.Read(p[:min(int64(len(p)), l.limit-l.n)])
	l.n += int64(n)
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
