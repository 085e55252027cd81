package alert

import (
	"strings"
	"testing"
	"unicode"
)

// TestFault3_9_MessagesOfRunsAreInert: what a run says comes from outside (an answer of the API, a name of an event).
// It stays one line of text in every channel: no line or header of a mail, no link, mention or format, no hidden sign.
func TestFault3_9_MessagesOfRunsAreInert(t *testing.T) {
	t.Parallel()
	hostile := "HTTP 500\r\nBcc: all@example.test\x1b[31m <a href=\"x\">b</a> <!channel> @everyone " +
		"[text](http://x.test) " +
		"`code` *bold*\u202e\u200b\u2028QTickets: over\x00\u0085end"
	i := newIncident(Finding{Rule: "failed_runs", Subject: "x", Facts: map[string]string{"last": hostile, "failed": "1"}},
		noon)
	for _, lang := range []string{"ru", "en"} {
		for _, n := range []notice{opened, grown} {
			m := i.message(n, lang, "Театр\r\nBcc: all@example.test")
			if strings.ContainsAny(m.Title, "\r\n\x00") {
				t.Errorf("a title of several lines: %q", m.Title)
			}
			if lines := strings.Count(m.Body, "\n"); lines != 3 {
				t.Errorf("%d line feeds, want 3: %q", lines, m.Body)
			}
			for _, sign := range []string{"<", ">", "[", "](", "@", "`", "*"} {
				if strings.Contains(m.Title+m.Body, sign) {
					t.Errorf("%q is left in %q", sign, m.Title+m.Body)
				}
			}
			for _, r := range m.Title + strings.ReplaceAll(m.Body, "\n", "") {
				if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' {
					t.Errorf("%U is left in %q", r, m.Body)
				}
			}
			if !strings.Contains(m.Body, "HTTP 500") || !strings.Contains(m.Body, "end") {
				t.Errorf("the words are lost: %q", m.Body)
			}
		}
	}
	if m := TestMessage("en", "a\nb"); strings.Contains(m.Title, "\n") {
		t.Errorf("%q", m.Title)
	}
}
