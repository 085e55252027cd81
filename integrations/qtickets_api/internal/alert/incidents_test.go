package alert

import (
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2030, 5, 10, 12, 0, 0, 0, moscow)

func firing(rule string, level uint64) Finding {
	return Finding{Rule: rule, Verdict: Firing, Level: level, Facts: map[string]string{"rows": "figures"}}
}

func clearFinding(rule string) Finding { return Finding{Rule: rule, Verdict: Clear} }

// state is rule, subject and whether it goes on, of all incidents.
func state(s *Incidents) string {
	var lines []string
	for _, i := range s.List {
		line := i.Rule
		if i.Subject != "" {
			line += "/" + i.Subject
		}
		if i.EndedAt != nil {
			line += " ended"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, ", ")
}

func TestIncidentFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	var s Incidents
	step := func(want string, findings ...Finding) {
		t.Helper()
		s.Apply(findings, noon)
		if got := state(&s); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	step("", clearFinding("no_data"))
	step("no_data", firing("no_data", 0))
	step("no_data", firing("no_data", 0))
	step("no_data", Finding{Rule: "no_data", Verdict: Between})
	step("no_data", clearFinding("quarantine")) // no_data was not asked
	step("no_data ended", clearFinding("no_data"))
	step("no_data ended", Finding{Rule: "no_data", Verdict: Between})
	step("no_data ended, no_data", firing("no_data", 0))
	if a, b := s.List[0].ID, s.List[1].ID; a == "" || strings.HasPrefix(a, b+"-") {
		t.Errorf("ids %q and %q", a, b)
	}
}

// TestSubjects: a rule may be broken in several ways, each with a beginning and an end of its own.
func TestSubjects(t *testing.T) {
	t.Parallel()
	var s Incidents
	about := func(subject string) Finding {
		return Finding{Rule: "probe_change", Subject: subject, Verdict: Firing}
	}
	s.Apply([]Finding{about("a"), about("b")}, noon)
	s.Apply([]Finding{about("b")}, noon)
	if got := state(&s); got != "probe_change/a ended, probe_change/b" || s.List[0].ID == s.List[1].ID {
		t.Errorf("%s with ids %s and %s", got, s.List[0].ID, s.List[1].ID)
	}
	s.Apply([]Finding{clearFinding("probe_change")}, noon)
	if got := state(&s); got != "probe_change/a ended, probe_change/b ended" {
		t.Error(got)
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	before, after := noon.Add(-time.Hour), noon.Add(time.Hour)
	for _, c := range []struct{ since, want *time.Time }{{nil, &noon}, {&before, &before}, {&after, &noon}} {
		var s Incidents
		s.Apply([]Finding{{Rule: "no_data", Verdict: Firing, Since: c.since}}, noon)
		if !s.List[0].Since.Equal(*c.want) {
			t.Errorf("since %v, want %v", s.List[0].Since, c.want)
		}
	}
}

// TestForget: an ended incident is kept until the history has it and every channel was told, but not for ever.
func TestForget(t *testing.T) {
	t.Parallel()
	channels := []Channel{{Key: "a"}, {Key: "b"}}
	end := noon
	for _, c := range []struct {
		name     string
		notified map[string]Notified
		saved    bool
		later    time.Duration
		kept     bool
	}{
		{"all is done", map[string]Notified{"a": {Ended: true}, "b": {Ended: true}}, true, 0, false},
		{"not in the history", map[string]Notified{"a": {Ended: true}, "b": {Ended: true}}, false, 0, true},
		{"one channel knows the beginning only", map[string]Notified{"a": {Ended: true}, "b": {}}, true, 0, true},
		{"one channel knows nothing", map[string]Notified{"a": {Ended: true}}, true, 6 * 24 * time.Hour, true},
		{"for a week", map[string]Notified{"a": {Ended: true}}, true, forgetAfter, false},
	} {
		i := &Incident{Rule: "no_data", EndedAt: &end, Notified: c.notified}
		if c.saved {
			i.Stored = i.Version()
		}
		s := Incidents{List: []*Incident{i, {Rule: "open"}}}
		s.Forget(channels, noon.Add(c.later))
		if kept := len(s.List) == 2; kept != c.kept {
			t.Errorf("%s: kept %v", c.name, kept)
		}
	}
}
