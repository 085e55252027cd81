package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/contract"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestContractCommand: before the first load nothing is seen; after it the filter is, and what reading cannot tell
// stays as it is, with the reason.
func TestContractCommand(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(36), testkit.Database(t))
	seen := func() map[string]string {
		var lines []struct {
			Code, State, Unseen string
			Confirming          uint64
		}
		if err := json.Unmarshal([]byte(s.must(0, "contract", "--json").stdout), &lines); err != nil {
			t.Fatal(err)
		}
		states := map[string]string{}
		for _, l := range lines {
			if (l.State == string(contract.Confirmed)) != (l.Confirming > 0 && l.State != string(contract.NotSeen)) &&
				l.State != string(contract.Refuted) {
				t.Errorf("%+v", l)
			}
			states[l.Code] = l.State
		}
		return states
	}
	for code, state := range seen() {
		if state != string(contract.NotSeen) {
			t.Errorf("%s is %s before the first load", code, state)
		}
	}
	s.must(0, "sync")
	states := seen()
	if len(states) != len(contract.Questions()) || states["where"] != "confirmed" || states["no_personal_data"] != "not_seen" {
		t.Errorf("%v", states)
	}
	for lang, says := range map[string][]string{
		"ru": {"Предположений об API QTickets: 35.", "● 1. Фильтр действует", "подтверждено, с ", "чтением не увидеть: защищено"},
		"en": {"Assumptions about the QTickets API: 35.", "● 1. A filter is honoured", "cannot be seen by reading: defended"},
	} {
		out := s.must(0, "--lang", lang, "contract")
		for _, part := range says {
			if !strings.Contains(out.stdout, part) {
				t.Errorf("%s lacks %q:\n%s", lang, part, out.stdout)
			}
		}
	}
}
