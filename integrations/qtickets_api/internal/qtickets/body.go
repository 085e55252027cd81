package qtickets

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
)

// maxReadAhead is how much of a body is read before it is decoded: several times a page of orders.
const maxReadAhead = 1 << 20

var bufferPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readAhead reads the body into buffer before anything is decoded, so that decoding holds neither the
// connection nor a place among the requests in flight. A larger body (events with their hall schemes) is
// read on piece by piece, so that memory stays small. An error that ended the body follows its text:
// valid JSON with a broken end must not pass for a complete response.
func readAhead(body io.Reader, buffer *bytes.Buffer) io.Reader {
	_, err := io.CopyN(buffer, body, maxReadAhead)
	switch {
	case err == nil:
		return io.MultiReader(buffer, body)
	case errors.Is(err, io.EOF):
		return buffer
	default:
		return io.MultiReader(buffer, failingReader{err})
	}
}

// failingReader gives nothing but its error.
type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// countingReader counts what is read through it, reports the end, and keeps the network fault that ended
// it, if any.
type countingReader struct {
	from  io.Reader
	ended func() // called at the end and after it
	n     int64
	fault net.Error
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.n += int64(n)
	if err != nil {
		errors.As(err, &r.fault)
		r.ended()
	}
	return n, err
}
