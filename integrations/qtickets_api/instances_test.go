package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// instanceUnits are the services of one of several organisers: those of a single one with other names in them.
var instanceUnits = []string{"qtickets_api", "qtickets_reconcile", "qtickets_alerts", "qtickets_digest",
	"qtickets_serve"}

// serverUnits are those of the server itself, with Docker and without.
var serverUnits = []string{"qtickets_backup", "qtickets_restore_drill"}

// inService is what differs in every service; inComment, where %i would be no command to type.
var (
	inService = strings.NewReplacer(
		"secrets/.env.qtickets_api", "secrets/%i.env",
		"qtickets_reconcile.service", "qtickets_reconcile@%i.service",
		"qtickets_api_run", "qtickets_api_run_%i",
		"qtickets_api_reconcile", "qtickets_api_reconcile_%i",
		"qtickets_api_alerts", "qtickets_api_alerts_%i",
		"qtickets_api_digest", "qtickets_api_digest_%i",
		"--name qtickets_serve", "--name qtickets_serve_%i",
		"rm -f qtickets_serve", "rm -f qtickets_serve_%i",
		"lib/qtickets_alerts", "lib/qtickets_alerts_%i",
		"Directory=qtickets_alerts", "Directory=qtickets_alerts_%i",
		"%S/qtickets_alerts", "%S/qtickets_alerts_%i",
		"/backup.sh\n", "/backup.sh %i\n",
		"/restore_drill.sh\n", "/restore_drill.sh %i\n",
		" --listen 127.0.0.1:8080", "", // QTICKETS_LISTEN of the env file
	)
	inComment = strings.NewReplacer(".service", "@NAME.service", ".timer", "@NAME.timer")
)

// turn makes a load wait for those of other organisers, but not for long: what a dead QTickets holds up is nobody
// else's load. The lock is on the folder of secrets: it is there, nobody else may open it, and it need not be written.
func turn(seconds, command string) string {
	return "# One load at a time on this server. After so many seconds it goes on all the same: what holds the other\n" +
		"# one up may be a QTickets that does not answer (docs/decisions/0021-many-organisers.md).\n" +
		"ExecStart=/bin/sh -c 'exec 9</opt/zakaz_dashboard/secrets; flock -w " + seconds +
		" 9 || echo \"Not waiting for the load of another organiser any longer\"; exec \"$$@\"' turn \\\n    " + command
}

func instanceOf(unit, text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		command, starts := strings.CutPrefix(inService.Replace(line), "ExecStart=")
		switch {
		case strings.HasPrefix(line, "#"):
			line = inComment.Replace(line)
		case strings.HasPrefix(line, "Description="):
			line = strings.TrimSuffix(line, "\n") + " (%i)\n"
		case starts && unit == "qtickets_api":
			line = turn("180", command)
		case starts && unit == "qtickets_reconcile":
			line = turn("600", command)
		default:
			line = inService.Replace(line)
		}
		lines = append(lines, line)
	}
	return "# For one of several organisers: docs/organisers.md. Made from " + unit +
		".service by instances_test.go.\n\n" + strings.Join(lines, "")
}

// TestInstanceUnitsAreTheSingleOnes: the units of organisers are made from those of a single one, so that nothing is
// mended in one of them only. After a change run the tests with QTICKETS_UPDATE_DOCS=1.
func TestInstanceUnitsAreTheSingleOnes(t *testing.T) {
	for dir, units := range map[string][]string{"": slices.Concat(instanceUnits, serverUnits), "native": instanceUnits} {
		for _, unit := range units {
			dir := filepath.Join(repository, "ops/systemd", dir)
			single, err := os.ReadFile(filepath.Join(dir, unit+".service"))
			if err != nil {
				t.Fatal(err)
			}
			path, want := filepath.Join(dir, unit+"@.service"), instanceOf(unit, string(single))
			if os.Getenv("QTICKETS_UPDATE_DOCS") != "" {
				if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := os.ReadFile(path)
			if err != nil || string(got) != want {
				t.Errorf("%s is not up to date (%v): run this test with QTICKETS_UPDATE_DOCS=1", path, err)
			}
		}
	}
}

// told is a stand-in for systemctl that writes down what it is told to do.
const told = `#!/bin/sh
case "$*" in
enable* | disable*) echo "$*" >>"$(dirname "$0")/told" ;;
*qtickets_api@alpha.service*ExecMainStatus* | *ExecMainStatus*qtickets_api@alpha.service*) echo 3 ;;
*ExecMainStatus*) echo 0 ;;
*Result*) echo success ;;
*ActiveState*) echo inactive ;;
is-enabled*) echo enabled ;;
esac
`

// timers runs manage_timers.sh beside stand-ins for systemctl and for root, with the folder of units and of secrets
// being one of the test's.
type timers struct {
	*testing.T
	dir string
}

func newTimers(t *testing.T) timers {
	t.Helper()
	script := scriptBeside(t)
	dir := filepath.Dir(script)
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"systemctl": told, "id": "#!/bin/sh\necho 0\n", "qtickets_api@.service": "", "qtickets_backup.service": "",
		"alpha.env":        "TZ=Europe/Moscow\n",
		"empty.env":        "",
		"manage_timers.sh": strings.Replace(string(text), "secrets=/opt/zakaz_dashboard/secrets", "secrets="+dir, 1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return timers{t, dir}
}

// run returns what the script prints, its exit code and what systemctl was told.
func (s timers) run(arguments ...string) (out string, code int, told string) {
	s.Helper()
	_ = os.Remove(filepath.Join(s.dir, "told"))
	cmd := exec.CommandContext(s.Context(), "bash", append([]string{filepath.Join(s.dir, "manage_timers.sh")},
		arguments...)...)
	cmd.Env = []string{"PATH=" + s.dir + ":" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		s.Fatal(err)
	}
	said, _ := os.ReadFile(filepath.Join(s.dir, "told")) // not there: nothing
	return string(text), cmd.ProcessState.ExitCode(), string(said)
}

// TestOrganisersOfTheTimers: add switches on the three timers of one organiser and nothing else, remove switches them
// and the page off; status names that organiser's units and what was left out.
func TestOrganisersOfTheTimers(t *testing.T) {
	t.Parallel()
	s := newTimers(t)
	for _, c := range []struct {
		command, told string
		code          int
	}{
		{"add alpha", "enable --now qtickets_api@alpha.timer\nenable --now qtickets_reconcile@alpha.timer\n" +
			"enable --now qtickets_alerts@alpha.timer\n", 0},
		{"backups alpha", "enable --now qtickets_backup@alpha.timer\n" +
			"enable --now qtickets_restore_drill@alpha.timer\n", 0},
		{"backups", "enable --now qtickets_backup.timer\nenable --now qtickets_restore_drill.timer\n", 0},
		{"add beta", "", 2},  // no env file
		{"add empty", "", 2}, // nothing in it
		{"remove alpha", "disable --now qtickets_api@alpha.timer\ndisable --now qtickets_reconcile@alpha.timer\n" +
			"disable --now qtickets_alerts@alpha.timer\ndisable --now qtickets_digest@alpha.timer\n" +
			"disable --now qtickets_backup@alpha.timer\ndisable --now qtickets_restore_drill@alpha.timer\n" +
			"disable --now qtickets_serve@alpha.service\n", 0},
	} {
		out, code, told := s.run(strings.Fields(c.command)...)
		if code != c.code || told != c.told {
			t.Errorf("%s: exit %d, want %d; systemctl was told %q, want %q\n%s", c.command, code, c.code, told, c.told, out)
		}
	}
	out, code, _ := s.run("status", "alpha")
	for _, want := range []string{"qtickets_api@alpha", "qtickets_reconcile@alpha", "qtickets_alerts@alpha",
		"qtickets_serve@alpha", "partial/3", "logs qtickets_api@alpha"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("status alpha: exit %d, no %q in\n%s", code, want, out)
		}
	}
	wants := filepath.Join(s.dir, "timers.target.wants")
	if err := os.Mkdir(wants, 0o700); err != nil {
		t.Fatal(err)
	}
	before, _, _ := s.run("status")
	if err := os.Symlink("/nowhere", filepath.Join(wants, "qtickets_api@alpha.timer")); err != nil {
		t.Fatal(err)
	}
	after, _, _ := s.run("status")
	if strings.Contains(before, "@") || !strings.Contains(after, "qtickets_api@alpha") {
		t.Errorf("status without organisers:\n%swith one:\n%s", before, after)
	}
}

// badNames are no names of organisers.
var badNames = []string{"", "Alpha", "a-b", "a b", "альфа", "é", "../x", "a.env", "a;b", "a@b", strings.Repeat("a", 33)}

// TestNamesOfOrganisers: what cannot be part of a unit, a user and a database is refused with words before anything is
// done, by every script that takes one.
func TestNamesOfOrganisers(t *testing.T) {
	t.Parallel()
	s := newTimers(t)
	for _, name := range badNames {
		for _, command := range []string{"add", "remove", "status", "backups"} {
			if out, code, told := s.run(command, name); code != 2 || told != "" || !strings.Contains(out, "a-z, 0-9") {
				t.Errorf("%s %q: exit %d, systemctl was told %q\n%s", command, name, code, told, out)
			}
		}
		for script, arguments := range map[string][]string{"ops/install.sh": {"--dry-run", "--organiser", name},
			"infra/clickhouse/passwords.sh": {name}} {
			out, err := exec.CommandContext(t.Context(), "bash", append([]string{filepath.Join(repository, script)},
				arguments...)...).CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), "a-z, 0-9") {
				t.Errorf("%s %q: %v\n%s", script, name, err, out)
			}
		}
	}
	for _, command := range []string{"add", "remove"} {
		if out, code, told := s.run(command); code != 2 || told != "" {
			t.Errorf("%s without a name: exit %d\n%s", command, code, out)
		}
	}
}

// turnOf is the shell line of a unit with which a load takes its turn, with another folder for the lock.
func turnOf(t *testing.T, unit, lock string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "ops/systemd", unit))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "ExecStart=/bin/sh -c '")
	script, _, found := strings.Cut(rest, "' turn \\")
	if !found || !strings.Contains(script, "/opt/zakaz_dashboard/secrets;") {
		t.Fatalf("%s takes no turn:\n%s", unit, text)
	}
	return strings.NewReplacer("/opt/zakaz_dashboard/secrets;", lock+";", "$$", "$").Replace(script)
}

// TestTurn: while a load has its turn nobody else gets one; who has waited long enough goes on without, says so, and
// ends as its command does.
func TestTurn(t *testing.T) {
	t.Parallel()
	lock := t.TempDir()
	for _, unit := range []string{"qtickets_api@.service", "qtickets_reconcile@.service", "native/qtickets_api@.service",
		"native/qtickets_reconcile@.service"} {
		script := turnOf(t, unit, lock)
		run := func(script string, command ...string) (string, int) {
			cmd := exec.CommandContext(t.Context(), "sh", append([]string{"-c", script, "turn"}, command...)...)
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState == nil {
				t.Fatal(err)
			}
			return string(out), cmd.ProcessState.ExitCode()
		}
		if out, code := run(script, "flock", "-n", lock, "true"); code != 1 || out != "" {
			t.Errorf("%s: its load does not have the turn alone: exit %d, %q", unit, code, out)
		}
		if out, code := run(script, "sh", "-c", "exit 3"); code != 3 || out != "" {
			t.Errorf("%s: ends with %d, want 3, %q", unit, code, out)
		}
		// A load that goes on for ever, because its QTickets does not answer. The wait is cut to nothing.
		holder, err := os.Open(lock)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Flock(int(holder.Fd()), syscall.LOCK_EX); err != nil {
			t.Fatal(err)
		}
		impatient := regexp.MustCompile(`flock -w \d+ `).ReplaceAllString(script, "flock -w 0.1 ")
		if out, code := run(impatient, "sh", "-c", "echo loaded; exit 3"); code != 3 || impatient == script ||
			!strings.Contains(out, "Not waiting") || !strings.Contains(out, "loaded") {
			t.Errorf("%s: beside a load that does not end: exit %d, %q", unit, code, out)
		}
		if err := holder.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
