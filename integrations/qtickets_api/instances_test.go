package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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

// loads are the units of which one at a time works on a server, by the folder in which the program takes its turn.
var loads = []string{"qtickets_api", "qtickets_reconcile"}

const (
	turnOfPrograms = `# One load at a time works on this server (docs/decisions/0021-many-organisers.md).
RuntimeDirectory=qtickets_turn
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
Environment=QTICKETS_TURN=%t/qtickets_turn
`
	// Nobody on the server may enter the outer folder; in the container another user must open the inner one.
	turnOfContainers = `# One load at a time works on this server (docs/decisions/0021-many-organisers.md).
RuntimeDirectory=qtickets_turn
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
ExecStartPre=/bin/mkdir -p -m 755 %t/qtickets_turn/containers
`
	mountedTurn = `    --mount type=bind,source=%t/qtickets_turn/containers,target=/turn,readonly -e QTICKETS_TURN=/turn \
`
)

// withTurn makes a load take its turn.
func withTurn(service string) string {
	turn := turnOfPrograms
	if strings.Contains(service, "/usr/bin/docker") {
		turn = turnOfContainers
	}
	const image = "    qtickets_api:latest "
	return strings.NewReplacer("Type=oneshot\n", "Type=oneshot\n"+turn, image, mountedTurn+image).Replace(service)
}

func instanceOf(unit, text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "#"):
			line = inComment.Replace(line)
		case strings.HasPrefix(line, "Description="):
			line = strings.TrimSuffix(line, "\n") + " (%i)\n"
		default:
			line = inService.Replace(line)
		}
		lines = append(lines, line)
	}
	service := strings.Join(lines, "")
	if slices.Contains(loads, unit) {
		service = withTurn(service)
	}
	return "# For one of several organisers: docs/organisers.md. Made from " + unit +
		".service by instances_test.go.\n\n" + service
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
