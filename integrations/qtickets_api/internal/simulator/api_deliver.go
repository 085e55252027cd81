package simulator

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

var gzipPool = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return z
}}

// deliver sends an answer with the headers of section 2: chunked, never a Content-Length, gzip if accepted.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, a response, f *faultSet) {
	h := w.Header()
	h.Set("Server", "nginx")
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "no-cache, private")
	h.Set("Vary", "Accept-Encoding")
	if a.status == http.StatusOK {
		h.Set("X-Cache-Status", cacheStatus(a))
	}
	for k, v := range a.headers {
		h.Set(k, v)
	}
	body := a.body
	if a.status == http.StatusOK && a.kind == kindJSON && f.nth(CutJSON) {
		body = body[:len(body)/2]
	}
	cut := a.status == http.StatusOK && f.nth(CutBody)
	_, stalled := f.firstN(Stalled)
	sent := body
	if !s.options.NoGzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		sent = compressed(body)
	}
	if cut || stalled {
		sent = sent[:len(sent)/2]
	}
	s.count.finish(RequestKey{r.Method, countedPath(r.URL.Path), a.status}, a.rows, len(body), len(sent))
	w.WriteHeader(a.status)
	if r.Method == http.MethodHead {
		return
	}
	// A flush before the end is what makes the coding chunked whatever the size.
	if flusher, ok := w.(http.Flusher); ok {
		flusher.Flush()
	}
	if _, err := w.Write(sent); err != nil {
		return
	}
	if cut || stalled {
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		if stalled {
			<-r.Context().Done()
		}
		panic(http.ErrAbortHandler)
	}
}

func cacheStatus(a response) string {
	if a.cached {
		return "HIT"
	}
	return "MISS"
}

func compressed(body []byte) []byte {
	var out bytes.Buffer
	z := gzipPool.Get().(*gzip.Writer)
	defer gzipPool.Put(z)
	z.Reset(&out)
	// Writing to a buffer cannot fail.
	_, _ = z.Write(body)
	_ = z.Close()
	return out.Bytes()
}
