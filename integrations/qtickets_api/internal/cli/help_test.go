package cli_test

import (
	"bytes"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
)

// bare runs a command line with no variables set at all.
func bare(t *testing.T, arguments ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), arguments, cli.Process{Stdout: &stdout, Stderr: &stderr})
	return outcome{code, stdout.String(), stderr.String()}
}

// subcommands are those that the general help lists.
func subcommands(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+) .*\[flags\]$`).FindAllStringSubmatch(bare(t, "--help").stdout,
		-1) {
		found = append(found, m[1])
	}
	return found
}

func TestHelp(t *testing.T) {
	t.Parallel()
	out := bare(t, "--help")
	text := strings.Join(strings.Fields(out.stdout), " ") // the help is wrapped
	for _, part := range []string{"Usage: qtickets_api",
		"Exit status: 0 ok, 1 a run or check failed, 2 wrong usage or configuration, 3", "docs/variables.md", "--envfile",
		"--lang"} {
		if !strings.Contains(text, part) {
			t.Errorf("the help does not say %q:\n%s", part, out.stdout)
		}
	}
	names := subcommands(t)
	for _, name := range []string{"sync", "migrate", "check", "alerts", "explain", "forecast", "plan", "quarantine",
		"demo", "sim", "clickhouse", "version"} {
		if !strings.Contains(strings.Join(names, " "), name) {
			t.Errorf("the help does not list %s:\n%s", name, out.stdout)
		}
	}
	for _, name := range names {
		out := bare(t, name, "--help")
		if out.code != 0 || out.stderr != "" || !strings.Contains(out.stdout, "Usage: qtickets_api "+name) ||
			!strings.Contains(out.stdout, "--envfile") {
			t.Errorf("%s --help: exit code %d\n%s", name, out.code, out.text())
		}
	}
	for flag, name := range map[string]string{"--dry-run": "sync", "--since-hours": "sync", "--full": "sync",
		"--json": "check", "--all": "explain", "--curves": "forecast", "--test": "alerts", "--print": "migrate",
		"--fault": "sim", "--once": "demo", "--http-port": "clickhouse"} {
		if out := bare(t, name, "--help"); !strings.Contains(out.stdout, flag) {
			t.Errorf("%s --help does not name %s:\n%s", name, flag, out.stdout)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	out := bare(t, "version")
	line := regexp.MustCompile(`^qtickets_api \S.* \(` + regexp.QuoteMeta(runtime.Version()) + `, ` + runtime.GOOS + `/` +
		runtime.GOARCH + `\)\n$`)
	if out.code != 0 || !line.MatchString(out.stdout) || out.stderr != "" {
		t.Errorf("version: exit code %d, %q", out.code, out.text())
	}
}
