package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// visible passes on what a command prints, so that names and reasons from outside cannot steer a terminal or forge a
// line of a log: control characters, those that turn the direction of writing, and whatever else cannot be seen are
// written as \u001b, which is right within JSON as well. All output passes through it, and only line ends and tabs,
// which the program sets itself, stay.
type visible struct {
	to   io.Writer
	mu   sync.Mutex
	rest []byte // the beginning of a letter whose other bytes have not come yet
}

func (v *visible) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	text := slices.Concat(v.rest, p)
	v.rest = nil
	var out strings.Builder
	for len(text) > 0 {
		if !utf8.FullRune(text) {
			v.rest = append(v.rest, text...)
			break
		}
		r, size := utf8.DecodeRune(text)
		if r == '\n' || r == '\t' {
			out.WriteByte(byte(r))
		} else {
			writeVisible(&out, r)
		}
		text = text[size:]
	}
	if _, err := io.WriteString(v.to, out.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

func writeVisible(out *strings.Builder, r rune) {
	switch {
	case !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
		out.WriteRune(r)
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		fmt.Fprintf(out, `\u%04x\u%04x`, high, low)
	default:
		fmt.Fprintf(out, `\u%04x`, r)
	}
}

// oneLine makes a name from outside visible within a line: line ends and tabs too.
func oneLine(text string) string {
	var out strings.Builder
	for _, r := range text {
		writeVisible(&out, r)
	}
	return out.String()
}

// behind is where the output goes in the end.
func behind(w io.Writer) io.Writer {
	if v, ok := w.(*visible); ok {
		return v.to
	}
	return w
}
