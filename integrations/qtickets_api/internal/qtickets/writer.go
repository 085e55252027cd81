package qtickets

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonWriter appends JSON whose shape its caller knows to be right.
type jsonWriter struct{ buf []byte }

// comma separates from the element before, if there is one.
func (w *jsonWriter) comma() {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case '{', '[', ':':
		default:
			w.buf = append(w.buf, ',')
		}
	}
}

func (w *jsonWriter) open(c byte) {
	w.comma()
	w.buf = append(w.buf, c)
}

func (w *jsonWriter) close(c byte) { w.buf = append(w.buf, c) }

func (w *jsonWriter) raw(text string) {
	w.comma()
	w.buf = append(w.buf, text...)
}

func (w *jsonWriter) number(n int64) {
	w.comma()
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

func (w *jsonWriter) text(s string) {
	w.comma()
	// The only possible error is invalid UTF-8, which AppendQuote has replaced by then.
	w.buf, _ = jsontext.AppendQuote(w.buf, s)
}

func (w *jsonWriter) name(s string) {
	w.text(s)
	w.buf = append(w.buf, ':')
}
