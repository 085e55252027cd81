package qtickets

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// fetchAhead is how much of an answer is fetched before it is decoded: a page of orders several times over.
const fetchAhead = 1 << 20

var fetchedPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// fetch reads the answer into buffer before anything is decoded, so that decoding keeps neither the
// connection nor the turn of the next request. A larger answer (events with their hall schemes) comes
// through it piece by piece, so that memory stays small. What ended the answer is passed on behind its text:
// a whole text with a broken end must not pass for a whole answer.
func fetch(answer io.Reader, buffer *bytes.Buffer) io.Reader {
	_, err := io.CopyN(buffer, answer, fetchAhead)
	switch {
	case err == nil:
		return io.MultiReader(buffer, answer)
	case errors.Is(err, io.EOF):
		return buffer
	default:
		return io.MultiReader(buffer, broken{err})
	}
}

// broken is the end of an answer that broke.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
