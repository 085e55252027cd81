package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Whatever a text from outside holds, no output steers a terminal or forges a line: not the list of the quarantine, not
// its JSON, not an error, not a log line.
func TestFault3_5_OutputIsVisible(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(36), testkit.Database(t))
	s.sql("INSERT INTO state_quarantine (feed, id, reason, observed_at, run_id) SELECT 'orders', 7, " +
		"concat('bad', '\\x1b[31m', '\\x07', '\\n', 'forged line', '\\xc2\\x9b', '\u202e', '\u2028', '\U000e0041'), " +
		"now64(3), 'run'")
	list := s.must(0, "quarantine", "list")
	if !strings.Contains(list.stdout, `bad\u001b[31m\u0007\u000aforged line\u009b\u202e\u2028\udb40\udc41`) {
		t.Errorf("%q", list.stdout)
	}
	asJSON := s.must(0, "quarantine", "list", "--json")
	var rows []warehouse.Quarantined
	if err := json.Unmarshal([]byte(asJSON.stdout), &rows); err != nil || len(rows) != 1 ||
		rows[0].Reason != "bad\x1b[31m\a\nforged line\u009b\u202e\u2028\U000e0041" {
		t.Errorf("as JSON %q: %v", asJSON.stdout, err)
	}
	printed := list.text() + asJSON.text() + s.run("sync", "--no-\u202e\x1b[2J").text() +
		s.run("sync", "--envfile", "/nowhere/\x1b]0;title\a").text() + s.with("LOG_FORMAT", "text").run("check").text()
	if at := strings.IndexFunc(printed, steers); at >= 0 {
		t.Errorf("%q", printed[max(at-80, 0):min(at+80, len(printed))])
	}
}

// steers reports a character that no output may hold.
func steers(r rune) bool {
	return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
