package cli_test

import (
	"path/filepath"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestWrongUsage: what the command line alone shows to be wrong ends with 2 and names it.
func TestWrongUsage(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(1), testkit.EmptyDatabase(t))
	for _, c := range []struct {
		shell     *shell
		arguments []string
		says      string
	}{
		{s, []string{"sim", "--fault", "nonsense"}, "sim --faults"},
		{s, []string{"clickhouse", "--http-port", "70000", "--data", t.TempDir()}, "port 70000"},
		{s.with("CLICKHOUSE_HOST", "", "CHDB_LIB", filepath.Join(t.TempDir(), "none.so")), []string{"check"}, "CHDB_LIB"},
	} {
		if out := c.shell.run(c.arguments...); out.code != 2 || !strings.Contains(lastMessage(out.stderr), c.says) {
			t.Errorf("%q: exit code %d, want 2 and a message that says %q\n%s", c.arguments, out.code, c.says, out.text())
		}
	}
	if out := s.must(0, "sim", "--faults"); !strings.Contains(out.stdout, "cut-body:N") {
		t.Errorf("sim --faults:\n%s", out.stdout)
	}
}

// TestPrintedSchemaIsForTheConfiguredDatabase: piping it must fill what migrate would fill.
func TestPrintedSchemaIsForTheConfiguredDatabase(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(1), testkit.EmptyDatabase(t))
	out := s.with("CLICKHOUSE_DATABASE", "tickets").must(0, "migrate", "--print")
	if strings.Contains(out.stdout, warehouse.DefaultDatabase) ||
		!strings.Contains(out.stdout, "CREATE DATABASE IF NOT EXISTS tickets;") {
		t.Error("the schema is printed for another database")
	}
}

// TestDryRunOfAPartComparesNothing: before the first load a window of changes is no difference to show.
func TestDryRunOfAPartComparesNothing(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(1), testkit.Database(t))
	out := s.must(0, "--since-hours", "24", "--dry-run")
	if !strings.HasPrefix(out.stdout, "[qtickets_api] Dry-run complete:") ||
		!strings.Contains(out.stderr, "nothing is loaded yet") {
		t.Errorf("a part of the history is compared with nothing:\n%s", out.text())
	}
}
