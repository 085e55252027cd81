package qtickets

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonWriter appends JSON whose shape its caller knows to be right.
type jsonWriter struct{ buf []byte }

// separated is what was written, with a comma if an element stands before.
func (w *jsonWriter) separated() []byte {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case '{', '[', ':':
		default:
			return append(w.buf, ',')
		}
	}
	return w.buf
}

func (w *jsonWriter) open(c byte) { w.buf = append(w.separated(), c) }

func (w *jsonWriter) close(c byte) { w.buf = append(w.buf, c) }

func (w *jsonWriter) raw(text string) { w.buf = append(w.separated(), text...) }

func (w *jsonWriter) number(n int64) { w.buf = strconv.AppendInt(w.separated(), n, 10) }

func (w *jsonWriter) text(s string) {
	// The only possible error is invalid UTF-8, which AppendQuote has replaced by then.
	w.buf, _ = jsontext.AppendQuote(w.separated(), s)
}

// name writes a name of ours, in which nothing is to be escaped.
func (w *jsonWriter) name(s string) {
	w.buf = append(append(append(w.separated(), '"'), s...), '"', ':')
}

// foreignName writes a name that may be any text.
func (w *jsonWriter) foreignName(s string) {
	w.text(s)
	w.buf = append(w.buf, ':')
}

func (w *jsonWriter) utm(name string, params UTM) {
	w.name(name)
	w.open('{')
	for _, key := range utmKeys {
		if value, ok := params[key]; ok {
			w.name(key)
			w.text(value)
		}
	}
	w.close('}')
}

func (w *jsonWriter) optInt(name string, o Opt[int64]) {
	if w.present(name, o.Valid) {
		w.number(o.Value)
	}
}

func (w *jsonWriter) optBool(name string, o Opt[bool]) {
	if w.present(name, o.Valid) {
		w.raw(strconv.FormatBool(o.Value))
	}
}

func (w *jsonWriter) optText(name string, o Opt[string]) {
	if w.present(name, o.Valid) {
		w.text(o.Value)
	}
}

func (w *jsonWriter) optMoney(name string, o Opt[Money]) {
	if w.present(name, o.Valid) {
		w.buf = append(o.Value.append(append(w.buf, '"')), '"')
	}
}

func (w *jsonWriter) optFine(name string, o Opt[Fine]) {
	if w.present(name, o.Valid) {
		w.buf = append(o.Value.append(append(w.buf, '"')), '"')
	}
}

func (w *jsonWriter) optTime(name string, o Opt[time.Time]) {
	if w.present(name, o.Valid) {
		w.buf = append(o.Value.UTC().AppendFormat(append(w.buf, '"'), time.RFC3339Nano), '"')
	}
}

func (w *jsonWriter) texts(name string, list []string) {
	w.name(name)
	w.open('[')
	for _, text := range list {
		w.text(text)
	}
	w.close(']')
}

// present writes the name, and null when nothing will follow.
func (w *jsonWriter) present(name string, valid bool) bool {
	w.name(name)
	if !valid {
		w.buf = append(w.buf, "null"...)
	}
	return valid
}
