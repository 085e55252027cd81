package qtickets

import (
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// unzip is the body of a response as it was before the server compressed it. net/http would do the same with the
// standard library, which takes half as much CPU again and a new window of memory for every response.
type unzip struct {
	from   io.Reader
	gzip   bool
	zipped *gzip.Reader // nil before the first read
}

var unzippers = sync.Pool{New: func() any { return new(gzip.Reader) }}

// newUnzip is the body of a response, from is what came of it; release gives back what reading it took.
func newUnzip(r *http.Response, from io.Reader) *unzip {
	return &unzip{from: from, gzip: strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip")}
}

func (u *unzip) Read(p []byte) (int, error) {
	if !u.gzip {
		return u.from.Read(p)
	}
	if u.zipped == nil {
		u.zipped = unzippers.Get().(*gzip.Reader)
		if err := u.zipped.Reset(u.from); err != nil {
			return 0, err
		}
	}
	return u.zipped.Read(p)
}

func (u *unzip) release() {
	if u.zipped != nil {
		unzippers.Put(u.zipped)
		u.zipped = nil
	}
}
