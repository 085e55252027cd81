package cli_test

import (
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestMigrateOptions: what does not go together is refused before anything is asked.
func TestMigrateOptions(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(71), testkit.Database(t)).as("admin_min")
	for arguments, says := range map[string]string{
		"--cluster c":                             "--print --replicated",
		"--print --cluster c":                     "--print --replicated",
		"--print --replicated --cluster c;DROP":   "not the name of a cluster",
		"--print --replicated --cluster {cluster": "not the name of a cluster",
	} {
		out := s.must(2, append([]string{"migrate"}, strings.Fields(arguments)...)...)
		if !strings.Contains(out.stderr, says) {
			t.Errorf("%s: %s", arguments, out.stderr)
		}
	}
	several := s.with("CLICKHOUSE_HOST", "127.0.0.1:1,127.0.0.1:2")
	if out := several.must(2, "migrate"); !strings.Contains(out.stderr, "add --replicated") {
		t.Error(out.stderr)
	}
	if out := several.must(1, "migrate", "--replicated"); !strings.Contains(out.stderr, "nothing was changed") {
		t.Error(out.stderr)
	}
	if out := s.with("CLICKHOUSE_HOST", "").must(2, "migrate", "--replicated"); !strings.Contains(out.stderr,
		"no replicas") {
		t.Error(out.stderr)
	}
	if out := s.must(0, "migrate", "--no-database"); !strings.Contains(out.stdout, "up to date") {
		t.Error(out.stdout)
	}
	if out := s.must(0, "migrate", "--print", "--replicated", "--cluster", "{cluster}"); !strings.Contains(out.stdout,
		"ON CLUSTER '{cluster}'") {
		t.Error(out.stdout[:300])
	}
}
