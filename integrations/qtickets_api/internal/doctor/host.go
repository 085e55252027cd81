package doctor

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Places of the deployment checklist.
const (
	projectDir  = "/opt/zakaz_dashboard/dashboard-mvp"
	secretsDir  = "/opt/zakaz_dashboard/secrets"
	secretsFile = secretsDir + "/.env.qtickets_api"
	unitDir     = "/etc/systemd/system"
	timerStamps = "/var/lib/systemd/timers"
)

// fromOutside examines the server from inside the image.
const fromOutside = "docker run --rm --user 0 --network host -v /:/host:ro --env-file " + secretsFile +
	" qtickets_api:latest doctor --host /host"

// host is the part of the examination that reads files of the server.
type host struct {
	*report
	root      string
	organiser string // see Options
	rootID    int    // the number of the user root; another one in tests
}

func (h host) at(path string) string { return filepath.Join(h.root, path) }

// installed tells whether there is something under /opt to examine; a folder that may not be looked into is.
func (h host) installed() bool {
	if h.root == "" {
		return false
	}
	_, err := os.Stat(h.at(filepath.Dir(projectDir)))
	return err == nil || !os.IsNotExist(err)
}

func (h host) repository() {
	name := h.say("files of the server", "файлы сервера")
	switch {
	case h.root == "":
		h.warn(1, name, h.say("not visible from inside a container: steps 1, 4, 6 and 7 are not examined",
			"не видны из контейнера: шаги 1, 4, 6 и 7 не проверены"), fromOutside)
		return
	case !h.installed():
		h.warn(1, name, filepath.Dir(projectDir)+h.say(" is not there: steps 1, 4, 6 and 7 are not examined",
			" не найдена: шаги 1, 4, 6 и 7 не проверены"), "sudo ops/install.sh")
		return
	}
	if _, err := os.Stat(h.at(projectDir + "/integrations/qtickets_api/Dockerfile")); err != nil {
		h.fail(1, projectDir, fault(err), "sudo -u etl git clone <repository_url> "+projectDir)
		return
	}
	h.ok(1, projectDir, h.say("is there", "на месте"))
}

// secrets must be the loader's own and nobody else's to read.
func (h host) secrets() {
	if !h.installed() {
		return
	}
	h.mode(secretsDir, 0o700, "sudo chmod 700 "+secretsDir)
	file := own(h.organiser, secretsFile)
	h.mode(file, 0o600, "sudo chmod 600 "+file)
}

func (h host) mode(path string, most fs.FileMode, fix string) {
	info, err := os.Stat(h.at(path))
	if err != nil {
		if os.IsPermission(err) {
			h.warn(2, path, h.say("not visible to this user", "нет доступа у этого пользователя"), "sudo stat "+path)
			return
		}
		make := "sudo -u etl mkdir -p " + path
		if most == 0o600 {
			make = "sudo -u etl touch " + path
		}
		h.fail(2, path, fault(err), make)
		return
	}
	if got := info.Mode().Perm(); got&^most != 0 {
		h.fail(2, path, fmt.Sprintf(h.say("mode %o: others can read it", "права %o: читать могут и другие"), got), fix)
		return
	}
	h.ok(2, path, fmt.Sprintf(h.say("mode %o", "права %o"), info.Mode().Perm()))
}

// units must be the repository's, and switched on.
func (h host) units() {
	if !h.installed() {
		return
	}
	for _, unit := range []string{template(h.organiser, "qtickets_api.service"),
		template(h.organiser, "qtickets_api.timer")} {
		installed, err := os.ReadFile(h.at(unitDir + "/" + unit))
		if err != nil {
			h.fail(6, unit, fault(err), "sudo cp "+projectDir+"/ops/systemd/"+unit+" "+unitDir+
				"/ && sudo systemctl daemon-reload")
			continue
		}
		if !h.ours(unit, installed) {
			h.warn(6, unit, h.say("differs from the repository's", "отличается от файла в репозитории"), "sudo cp "+projectDir+
				"/ops/systemd/"+unit+" "+unitDir+"/ && sudo systemctl daemon-reload")
			continue
		}
		h.ok(6, unit, h.say("is the repository's", "как в репозитории"))
	}
}

// ours compares a unit with the repository's, of Docker or without; a repository that cannot be read says nothing.
func (h host) ours(unit string, installed []byte) bool {
	readable := false
	for _, dir := range []string{"/ops/systemd/", "/ops/systemd/native/"} {
		text, err := os.ReadFile(h.at(projectDir + dir + unit))
		if err == nil && bytes.Equal(text, installed) {
			return true
		}
		readable = readable || err == nil
	}
	return !readable
}

// twoLoads is the age at which two loads in a row are missing: the timer fires every 15 minutes.
const twoLoads = 35 * time.Minute

// schedule reads the moments that systemd notes for persistent timers.
func (h host) schedule(now time.Time) {
	if !h.installed() {
		return
	}
	h.timer("qtickets_api.timer", twoLoads, now, h.fail)
	// loads are right without, silent changes of old events are not
	h.timer("qtickets_reconcile.timer", 26*time.Hour, now, h.warn)
	h.timer("qtickets_alerts.timer", 0, now, h.warn)
}

// timer must be enabled and, if it notes its moments, have fired not longer ago than late.
func (h host) timer(name string, late time.Duration, now time.Time, wrong func(step int, check, found, fix string)) {
	name = own(h.organiser, name)
	enable := "sudo systemctl enable --now " + name
	if _, err := os.Lstat(h.at(unitDir + "/timers.target.wants/" + name)); err != nil {
		wrong(7, name, h.say("is not enabled", "не включён"), enable)
		return
	}
	stamp, err := os.Stat(h.at(timerStamps + "/stamp-" + name))
	switch {
	case late == 0:
		h.ok(7, name, h.say("is enabled", "включён"))
	case err != nil:
		h.warn(7, name, h.say("enabled, has not fired yet", "включён, ещё не срабатывал"),
			"systemctl list-timers 'qtickets_*'")
	case now.Sub(stamp.ModTime()) > late:
		wrong(7, name, fmt.Sprintf(h.say("last fired %s ago", "последний раз срабатывал %s назад"),
			h.lasted(now.Sub(stamp.ModTime()).Round(time.Minute))), enable)
	default:
		h.ok(7, name, fmt.Sprintf(h.say("fired %s ago", "сработал %s назад"),
			h.lasted(now.Sub(stamp.ModTime()).Round(time.Second))))
	}
}

// fault is an error without the path, which the finding names already.
func fault(err error) string {
	_, text, found := strings.Cut(err.Error(), ": ")
	if !found {
		return err.Error()
	}
	return text
}

func sortBySteps(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int { return a.Step - b.Step })
}
