package dashboard

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestSizes: what goes over the wire.
func TestSizes(t *testing.T) {
	t.Parallel()
	_, address := site(t, newInvented())
	for _, lang := range []string{"ru", "en"} {
		r := getReply(t, address+"/?lang="+lang, http.Header{"Accept-Encoding": {"gzip"}})
		if r.Header.Get("Content-Encoding") != "gzip" {
			t.Fatal(r.Header)
		}
		t.Logf("today in %s with 25 shows: %d bytes", lang, len(r.Body))
		if len(r.Body) > 20<<10 {
			t.Errorf("today in %s: %d bytes", lang, len(r.Body))
		}
	}
	own := func(file string) int {
		data, err := assetFiles.ReadFile("assets/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return len(packed(data))
	}
	if n := own("page.css") + own("uplot.css"); n > 8<<10 {
		t.Errorf("the look: %d bytes", n)
	}
	if n := own("page.js"); n > 6<<10 {
		t.Errorf("the script: %d bytes", n)
	}
	t.Logf("look %d bytes, script %d bytes, uPlot %d bytes", own("page.css")+own("uplot.css"), own("page.js"),
		own("uplot.js"))
	// The bytes are the same as without packing.
	plain := getReply(t, address+script().name, http.Header{"Accept-Encoding": {"identity"}})
	r := getReply(t, address+script().name, http.Header{"Accept-Encoding": {"gzip"}})
	unpacked, err := gzip.NewReader(strings.NewReader(r.Body))
	if err != nil {
		t.Fatal(err)
	}
	same, _ := io.ReadAll(unpacked)
	if string(same) != plain.Body || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Error("packed and plain differ")
	}
}

// TestUPlotIsThePublishedOne: the files are those of the npm package that deps/page pins, with their licence.
// After another version: make assets, then these hashes.
func TestUPlotIsThePublishedOne(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"uplot.js":      "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
		"uplot.css":     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
		"uplot.LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
	} {
		data, err := assetFiles.ReadFile("assets/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s is %x", file, sum)
		}
	}
	lock, err := os.ReadFile("../../deps/page/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), "resolved") || !strings.Contains(string(lock), `"version": "1.6.32"`) {
		t.Error("deps/page/package-lock.json names a download address, or another version")
	}
}

func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	r := newRecent[int](keptPages)
	for i := range 10 * keptPages {
		r.put(fmt.Sprint(i), i)
	}
	if len(r.byKey) != keptPages || r.order.Len() != keptPages {
		t.Errorf("%d are kept", len(r.byKey))
	}
	if _, found := r.get(fmt.Sprint(10*keptPages - 1)); !found {
		t.Error("the newest is gone")
	}
}

// BenchmarkPage is a page of a publication that was seen before.
func BenchmarkPage(b *testing.B) {
	_, address := site(b, newInvented(), func(o *Options) { o.Now = time.Now })
	get(b, address+"/", nil)
	b.ResetTimer()
	for b.Loop() {
		r, err := http.Get(address + "/")
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
}
