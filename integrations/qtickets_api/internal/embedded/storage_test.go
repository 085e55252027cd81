package embedded

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	storageKey    = "KeyOfTheTest"
	storageSecret = "Secret/Of+The=Test"
	storageRegion = "ru-central1"
	storageBucket = "/bucket"
)

// storage is an S3-compatible storage of one bucket that lists two objects a page and checks the signature of every
// request.
type storage struct {
	*httptest.Server
	mu      sync.Mutex
	objects map[string][]byte
	cutOff  bool // keeps half of what it is sent, and does not say so
}

func newStorage(t *testing.T) *storage {
	s := &storage{objects: map[string][]byte{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *storage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.HasSuffix(r.Header.Get("Authorization"), "Signature="+signature(r)) {
		http.Error(w, "SignatureDoesNotMatch", http.StatusForbidden)
		return
	}
	key := strings.TrimPrefix(r.URL.Path, storageBucket+"/")
	switch {
	case r.URL.Path == storageBucket:
		s.list(w, r.FormValue("prefix"), r.FormValue("start-after"))
	case r.Method == http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil || r.ContentLength != int64(len(body)) {
			http.Error(w, "MissingContentLength", http.StatusLengthRequired)
			return
		}
		if s.cutOff {
			body = body[:len(body)/2]
		}
		s.objects[key] = body
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case s.objects[key] == nil:
		http.Error(w, "NoSuchKey", http.StatusNotFound)
	default:
		_, _ = w.Write(s.objects[key])
	}
}

func (s *storage) list(w io.Writer, prefix, after string) {
	var keys []string
	for _, key := range s.keys() {
		if strings.HasPrefix(key, prefix) && key > after {
			keys = append(keys, key)
		}
	}
	page := keys[:min(2, len(keys))]
	_, _ = fmt.Fprintf(w, "<ListBucketResult><IsTruncated>%t</IsTruncated>", len(page) < len(keys))
	for _, key := range page {
		_, _ = fmt.Fprintf(w, "<Contents><Key>%s</Key><Size>1</Size></Contents>", key)
	}
	_, _ = fmt.Fprint(w, "</ListBucketResult>")
}

// keys are the names of all objects, sorted.
func (s *storage) keys() []string { return slices.Sorted(maps.Keys(s.objects)) }

// signature is that of AWS Signature Version 4, for the headers that the request says are signed.
func signature(r *http.Request) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
	signed, _, _ := strings.Cut(rest, ",")
	var headers strings.Builder
	for name := range strings.SplitSeq(signed, ";") {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		headers.WriteString(name + ":" + value + "\n")
	}
	query := strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")
	request := strings.Join([]string{r.Method, r.URL.EscapedPath(), query, headers.String(), signed,
		r.Header.Get("X-Amz-Content-Sha256")}, "\n")
	at := r.Header.Get("X-Amz-Date")
	if len(at) < len("20060102") {
		return "none"
	}
	scope := at[:8] + "/" + storageRegion + "/s3/aws4_request"
	key := []byte("AWS4" + storageSecret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	return fmt.Sprintf("%x", mac(key, "AWS4-HMAC-SHA256\n"+at+"\n"+scope+"\n"+sum(request)))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
