package dashboard

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// The look and the script of the page. uplot.js and uplot.css are the published files, copied by `make assets`
// with their licence; a test compares their hashes.
//
//go:embed assets
var assetFiles embed.FS

// asset is a file under a name that changes with its content, so that a browser may keep it for ever.
type asset struct {
	name        string // "/assets/page.0123456789ab.js"
	contentType string
	plain       []byte
	packed      []byte
}

var (
	stylesheet = sync.OnceValue(func() asset {
		return newAsset("page", "css", "text/css; charset=utf-8", "uplot.css",
			"page.css")
	})
	script = sync.OnceValue(func() asset {
		return newAsset("page", "js", "text/javascript; charset=utf-8", "uplot.js",
			"page.js")
	})
	icon   = sync.OnceValue(func() asset { return newAsset("icon", "svg", "image/svg+xml", "icon.svg") })
	worker = sync.OnceValue(func() asset {
		return newAsset("worker", "js", "text/javascript; charset=utf-8", "worker.js")
	})
	// The icon as phones want it: with its own corners, and filled to the edge where the phone cuts the corners.
	icon192      = sync.OnceValue(func() asset { return newAsset("icon-192", "png", "image/png", "icon-192.png") })
	icon512      = sync.OnceValue(func() asset { return newAsset("icon-512", "png", "image/png", "icon-512.png") })
	iconMaskable = sync.OnceValue(func() asset {
		return newAsset("icon-maskable", "png", "image/png", "icon-maskable.png")
	})
	iconApple = sync.OnceValue(func() asset { return newAsset("icon-180", "png", "image/png", "icon-180.png") })
)

// assets are all files of the page, those first that a share link has too.
func assets() []asset {
	return append(pageAssets(), icon192(), icon512(), iconMaskable(), iconApple())
}

func pageAssets() []asset { return []asset{stylesheet(), script(), icon()} }

// newAsset joins files: one request each for the look and the script.
func newAsset(name, extension, contentType string, files ...string) asset {
	var all bytes.Buffer
	for _, file := range files {
		data, err := assetFiles.ReadFile("assets/" + file)
		if err != nil { // embedded above
			panic(err)
		}
		all.Write(data)
		if extension != "png" {
			all.WriteByte('\n')
		}
	}
	sum := sha256.Sum256(all.Bytes())
	return asset{
		name:        "/assets/" + name + "." + hex.EncodeToString(sum[:6]) + "." + extension,
		contentType: contentType, plain: all.Bytes(), packed: packed(all.Bytes()),
	}
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a right one
	_, _ = w.Write(data)                                  // into memory
	_ = w.Close()
	return b.Bytes()
}

func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", a.contentType)
	writeBody(w, r, http.StatusOK, a.plain, a.packed)
}

// writeBody answers packed where the client takes it.
func writeBody(w http.ResponseWriter, r *http.Request, status int, plain, packed []byte) {
	w.Header().Add("Vary", "Accept-Encoding")
	body := plain
	if packed != nil && takesGzip(r) {
		w.Header().Set("Content-Encoding", "gzip")
		body = packed
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who left needs nothing
	}
}

func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == "gzip" && strings.ReplaceAll(q, " ", "") != "q=0" {
			return true
		}
	}
	return false
}
