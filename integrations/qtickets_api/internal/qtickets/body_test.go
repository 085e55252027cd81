package qtickets

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// With one request in flight a second one is sent while the first response is being decoded: its place is
// free after the last byte.
func TestDecodingKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 200, listJSON(orderJSON(5000001))) },
		func(o *Options) { o.MaxInFlight = 1 })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sent, err := c.get(ctx, "orders", Query{}, func(dec *jsontext.Decoder) (int, error) {
		if len(c.inFlight) != 0 {
			cancel() // the request below would wait for ever
		}
		if page, err := c.Orders(ctx, Query{}); err != nil || len(page.Rows) != 1 {
			t.Errorf("the second request: %v, %d rows", err, len(page.Rows))
		}
		return 1, dec.SkipValue()
	})
	if err != nil || sent.IsZero() {
		t.Fatal(err)
	}
	if len(c.inFlight) != 0 {
		t.Errorf("%d places are still taken", len(c.inFlight))
	}
}

// A response that is larger than what is read ahead is decoded as well, and so is one of exactly that size.
func TestLargeResponses(t *testing.T) {
	t.Parallel()
	text := listJSON(orderJSON(5000001))
	for _, size := range []int{maxReadAhead - 1, maxReadAhead, maxReadAhead + 1, 3 * maxReadAhead} {
		c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, 200, text+strings.Repeat(" ", size-len(text)))
		})
		page, err := c.Orders(t.Context(), Query{})
		if err != nil || len(page.Rows) != 1 {
			t.Errorf("%d bytes: %v, %d rows", size, err, len(page.Rows))
		}
		if got := c.Stats().Bytes; got != int64(size) {
			t.Errorf("%d bytes: %d were counted", size, got)
		}
	}
}

// Valid JSON does not make a complete response: the checksum of gzip follows it.
func TestBrokenEndAfterValidJSON(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = io.WriteString(w, listJSON(orderJSON(5000001)))
	_ = w.Close()
	broken := zipped.Bytes()
	broken[len(broken)-6] ^= 0xff
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		writeJSON(w, 200, string(broken))
	})
	if page, err := c.Orders(t.Context(), Query{}); !errors.Is(err, ErrTruncated) || len(page.Rows) != 0 {
		t.Errorf("%v, %d rows", err, len(page.Rows))
	}
}
