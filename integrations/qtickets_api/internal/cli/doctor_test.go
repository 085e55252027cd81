package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestDoctor: what the API honours today, in words, with what it means.
func TestDoctor(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(5), testkit.EmptyDatabase(t))
	out := s.must(0, "doctor")
	if strings.Contains(out.stdout, "!") || strings.Count(out.stdout, "✓") != 6 {
		t.Errorf("a healthy API:\n%s", out.stdout)
	}
	wantLine(t, out.stdout, "✓ range on updated_at", "proven, dates in the offset form")
	for fault, line := range map[simulator.FaultKind]string{
		simulator.BodyStripped:  "! how queries travel",
		simulator.FilterIgnored: "! filters",
		simulator.OrderIgnored:  "! order by id",
		simulator.PerPageCapped: "! rows per page",
		simulator.RangeRefused:  "! range on updated_at",
	} {
		s.server.SetFault(simulator.Fault{Kind: fault, N: 7})
		wantLine(t, s.must(0, "doctor").stdout, line, "(")
		s.server.ClearFaults()
	}
	var verdicts []warehouse.Verdict
	if err := json.Unmarshal([]byte(s.must(0, "doctor", "--json").stdout), &verdicts); err != nil || len(verdicts) != 6 {
		t.Errorf("as JSON: %d findings, %v", len(verdicts), err)
	}
	s.server.SetFault(simulator.Fault{Kind: simulator.TokenRotated})
	if out := s.must(1, "doctor"); !strings.Contains(lastMessage(out.stderr), "QTICKETS_TOKEN") {
		t.Errorf("a wrong token:\n%s", out.stderr)
	}
}
