package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/doctor"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// loadedShell is a shell in which a load has been done, and whose reader's password is known.
func loadedShell(t *testing.T) *shell {
	t.Helper()
	s := newShell(t, smallWorld(5), testkit.Database(t))
	s.must(0, "sync")
	return s.with("CLICKHOUSE_READER_PASSWORD", testkit.As(t, s.db, "datalens_reader").Password, "QTICKETS_BUYER_KEY",
		strings.Repeat("k", 32))
}

// TestDoctor: what the API honours today and what ClickHouse holds, in words, with what it means.
func TestDoctor(t *testing.T) {
	t.Parallel()
	s := loadedShell(t)
	findings := examine(s, 0)
	for _, f := range findings {
		if f.Status != doctor.OK && f.Step != 1 && f.Step != 11 { // the machine of the test is no installation
			t.Errorf("a healthy installation: %+v", f)
		}
	}
	out := s.must(0, "doctor").stdout
	wantLine(t, out, "✓ range on updated_at", "proven, dates in the offset form")
	wantLine(t, out, "✓ rights of etl_writer", "exactly")
	wantLine(t, out, "✓ datalens_reader", "reads the dashboard")
	wantLine(t, out, "✓ clock of QTickets", "agrees")
	wantLine(t, out, "! backup", "there was none yet")
	if russian := s.must(0, "doctor", "--lang", "ru").stdout; !strings.Contains(russian,
		"✓ права etl_writer: совпадают с") {
		t.Errorf("in Russian:\n%s", russian)
	}
	for fault, line := range map[simulator.FaultKind]string{
		simulator.BodyStripped:  "! how queries travel",
		simulator.FilterIgnored: "! filters",
		simulator.OrderIgnored:  "! order by id",
		simulator.PerPageCapped: "! rows per page",
		simulator.RangeRefused:  "! range on updated_at",
	} {
		s.server.SetFault(simulator.Fault{Kind: fault, N: 7})
		wantLine(t, s.must(0, "doctor").stdout, line, "")
		s.server.ClearFaults()
	}
	s.server.SetFault(simulator.Fault{Kind: simulator.TokenRotated})
	wantLine(t, s.must(1, "doctor").stdout, "✗ token and address", "QTICKETS_TOKEN")
}

// TestDoctorUntil: half-way through the checklist nothing is wrong yet.
func TestDoctorUntil(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(5), testkit.Database(t))
	for _, line := range strings.Split(s.must(0, "doctor", "--until", "5").stdout, "\n") {
		if step, title, found := strings.Cut(line, ". "); found && !strings.HasPrefix(line, " ") && step > "5" {
			t.Errorf("step %s was examined: %s", step, title)
		}
	}
	s.must(1, "doctor", "--until", "8")
	s.must(2, "doctor", "--until", "12")
}

// TestDoctorFindsWhatIsWrong, names the command that helps, and never prints a secret.
func TestDoctorFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := loadedShell(t)
	secret := "hush-" + strings.Repeat("x", 20)
	for name, c := range map[string]struct {
		shell *shell
		code  int
		line  string
	}{
		"nothing loaded": {newShell(t, smallWorld(5), testkit.Database(t)), 1,
			"✗ sales as of: nothing was published yet"},
		"no tables": {newShell(t, smallWorld(5), testkit.EmptyDatabase(t)), 1,
			"✗ connection: the schema is missing"},
		"wrong password":      {s.with("CLICKHOUSE_PASSWORD", secret), 1, "✗ connection"},
		"wrong reader":        {s.with("CLICKHOUSE_READER_PASSWORD", secret), 1, "✗ datalens_reader"},
		"reader not known":    {s.with("CLICKHOUSE_READER_PASSWORD", ""), 0, "! datalens_reader: not examined"},
		"no token":            {s.with("QTICKETS_TOKEN", ""), 1, "✗ QTICKETS_TOKEN: not set"},
		"wrong token":         {s.with("QTICKETS_TOKEN", secret), 1, "✗ token and address"},
		"no buyer key":        {s.with("QTICKETS_BUYER_KEY", ""), 0, "! QTICKETS_BUYER_KEY: not set"},
		"wrong configuration": {s.with("QTICKETS_RATE_LIMIT", "many"), 2, "✗ variables: configuration: QTICKETS_RATE_LIMIT"},
		"too many rights":     {s.as("admin_min"), 0, "! rights of admin_min: more than needed"},
		"reader as loader":    {s.as("datalens_reader"), 1, "✗ rights of datalens_reader: missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := *c.shell
			here.TB = t
			out := here.must(c.code, "doctor")
			wantLine(t, out.stdout, c.line, "")
			if strings.Contains(out.stdout+out.stderr, secret) {
				t.Errorf("a secret is printed:\n%s%s", out.stdout, out.stderr)
			}
		})
	}
}

func examine(s *shell, code int) []doctor.Finding {
	s.Helper()
	var findings []doctor.Finding
	out := s.must(code, "doctor", "--json").stdout
	if err := json.Unmarshal([]byte(out), &findings); err != nil {
		s.Fatal(fmt.Errorf("%w:\n%s", err, out))
	}
	return findings
}
