package doctor

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// installation is a file system as the deployment checklist leaves it.
func installation(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for path, mode := range map[string]fs.FileMode{
		projectDir + "/integrations/qtickets_api/Dockerfile":      0o644,
		projectDir + "/ops/systemd/qtickets_api.service":          0o644,
		projectDir + "/ops/systemd/qtickets_api.timer":            0o644,
		unitDir + "/qtickets_api.service":                         0o644,
		unitDir + "/qtickets_api.timer":                           0o644,
		unitDir + "/timers.target.wants/qtickets_api.timer":       0o644,
		unitDir + "/timers.target.wants/qtickets_reconcile.timer": 0o644,
		unitDir + "/timers.target.wants/qtickets_alerts.timer":    0o644,
		timerStamps + "/stamp-qtickets_reconcile.timer":           0o644,
		timerStamps + "/stamp-qtickets_api.timer":                 0o644,
		secretsFile:   0o600,
		clickhouseEnv: 0o600,
	} {
		file := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(filepath.Base(path)), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(root, secretsDir), 0o700); err != nil {
		t.Fatal(err)
	}
	return root
}

func examineHost(root, organiser string) []Finding {
	c := &report{}
	h := host{report: c, root: root, organiser: organiser, rootID: os.Getuid()}
	h.repository()
	h.owners()
	h.secrets()
	h.units()
	h.schedule(time.Now())
	return c.findings
}

func TestHealthyHost(t *testing.T) {
	findings := examineHost(installation(t), "")
	for _, f := range findings {
		if f.Status != OK {
			t.Errorf("%+v", f)
		}
	}
	if len(findings) != 8 {
		t.Errorf("%d findings, want 8: %+v", len(findings), findings)
	}
}

func TestSickHost(t *testing.T) {
	for name, c := range map[string]struct {
		spoil  func(root string) error
		status Status
		found  string // the check and what was found
		fix    string
	}{
		"no repository": {remove(projectDir + "/integrations"), Fail, projectDir + " no such file", "git clone"},
		"open folder":   {chmod(secretsDir, 0o755), Fail, secretsDir + " mode 755", "chmod 700"},
		"open secrets":  {chmod(secretsFile, 0o640), Fail, secretsFile + " mode 640", "chmod 600"},
		"no secrets":    {remove(secretsFile), Fail, secretsFile + " no such file", "touch"},
		"no unit":       {remove(unitDir + "/qtickets_api.service"), Fail, "qtickets_api.service no such file", "sudo cp"},
		"changed unit":  {write(unitDir + "/qtickets_api.timer"), Warn, "qtickets_api.timer differs", "daemon-reload"},
		"not enabled": {remove(unitDir + "/timers.target.wants"), Fail, "qtickets_api.timer is not enabled",
			"enable --now"},
		"no nights": {remove(unitDir + "/timers.target.wants/qtickets_reconcile.timer"), Warn,
			"qtickets_reconcile.timer is not enabled", "enable --now"},
		"no alerts": {remove(unitDir + "/timers.target.wants/qtickets_alerts.timer"), Warn,
			"qtickets_alerts.timer is not enabled", "enable --now"},
		"never fired": {remove(timerStamps), Warn, "qtickets_api.timer enabled, has not fired yet", "list-timers"},
		"stopped firing": {func(root string) error {
			at := time.Now().Add(-time.Hour)
			return os.Chtimes(filepath.Join(root, timerStamps, "stamp-qtickets_api.timer"), at, at)
		}, Fail, "qtickets_api.timer last fired 1h0m0s ago", "enable --now"},
	} {
		t.Run(name, func(t *testing.T) {
			root := installation(t)
			if err := c.spoil(root); err != nil {
				t.Fatal(err)
			}
			findings := examineHost(root, "")
			for _, f := range findings {
				if f.Status == c.status && strings.HasPrefix(f.Check+" "+f.Found, c.found) && strings.Contains(f.Fix, c.fix) {
					return
				}
			}
			t.Errorf("no finding %s %q with %q: %+v", c.status, c.found, c.fix, findings)
		})
	}
}

// TestFault3_10_WhatRootRunsIsRootsOwn: a repository that the loader's user owns or may write, and a password of the
// administrator that it can read, are told with the command that helps.
func TestFault3_10_WhatRootRunsIsRootsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		mode  fs.FileMode
		owner int // added to the number of root
		path  string
		fix   string
	}{
		"written by others":       {0o777, 0, projectDir + "/ops/systemd", "chmod -R go-w"},
		"the folder around it":    {0o775, 0, filepath.Dir(projectDir), "chown root:root"},
		"the password":            {0o640, 0, clickhouseEnv, "chmod 600"},
		"the loader's repository": {0o755, 1, projectDir, "chown -R root:root"},
		"the loader's .env":       {0o600, 1, clickhouseEnv, "chown root:root"},
	} {
		t.Run(name, func(t *testing.T) {
			root := installation(t)
			if err := os.Chmod(filepath.Join(root, c.path), c.mode); err != nil {
				t.Fatal(err)
			}
			r := &report{}
			host{report: r, root: root, rootID: os.Getuid() + c.owner}.owners()
			for _, f := range r.findings {
				if f.Status == Warn && strings.Contains(f.Fix, c.fix) {
					return
				}
			}
			t.Errorf("%+v", r.findings)
		})
	}
}

// TestUnseenHost: what cannot be seen is said, not taken to be well.
func TestUnseenHost(t *testing.T) {
	for _, root := range []string{"", t.TempDir()} {
		if findings := examineHost(root, ""); len(findings) != 1 || findings[0].Status != Warn || findings[0].Fix == "" {
			t.Errorf("host %q: %+v", root, findings)
		}
	}
}

func TestOlderVersions(t *testing.T) {
	for version, want := range map[string]bool{"24.8.4.13": false, "24.7.1": true, "23.12": true, "26.7.2.1": false,
		"25.1": false, "unknown": false} {
		if older(version, oldest) != want {
			t.Errorf("%s older than %s: %v", version, oldest, !want)
		}
	}
}

func TestClock(t *testing.T) {
	for ahead, want := range map[time.Duration]Status{time.Second: OK, -6 * time.Second: Warn, time.Hour: Fail,
		-time.Hour: Fail} {
		c := &report{}
		if clock(c, 3, "clock", ahead); c.findings[0].Status != want {
			t.Errorf("%s ahead: %+v", ahead, c.findings)
		}
	}
}

func remove(path string) func(string) error {
	return func(root string) error { return os.RemoveAll(filepath.Join(root, path)) }
}

func chmod(path string, mode fs.FileMode) func(string) error {
	return func(root string) error { return os.Chmod(filepath.Join(root, path), mode) }
}

func write(path string) func(string) error {
	return func(root string) error { return os.WriteFile(filepath.Join(root, path), []byte("changed"), 0o644) }
}

// TestHostOfAnOrganiser: of one of several organisers its own files and units are examined, and what helps names them.
func TestHostOfAnOrganiser(t *testing.T) {
	root := installation(t)
	if err := os.Rename(filepath.Join(root, secretsFile), filepath.Join(root, secretsDir, "alpha.env")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{projectDir + "/ops/systemd/qtickets_api@.service", unitDir + "/qtickets_api@.service",
		projectDir + "/ops/systemd/qtickets_api@.timer", unitDir + "/qtickets_api@.timer",
		unitDir + "/timers.target.wants/qtickets_api@alpha.timer", timerStamps + "/stamp-qtickets_api@alpha.timer",
		unitDir + "/timers.target.wants/qtickets_reconcile@alpha.timer",
		timerStamps + "/stamp-qtickets_reconcile@alpha.timer",
		unitDir + "/timers.target.wants/qtickets_alerts@alpha.timer"} {
		if err := os.WriteFile(filepath.Join(root, path), []byte(filepath.Base(path)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range examineHost(root, "alpha") {
		if f.Status != OK {
			t.Errorf("%+v", f)
		}
	}
	bad := map[string]bool{secretsDir + "/beta.env": true, "qtickets_api@beta.timer": true,
		"qtickets_reconcile@beta.timer": true, "qtickets_alerts@beta.timer": true}
	for _, f := range examineHost(root, "beta") {
		if (f.Status != OK) != bad[f.Check] || (f.Status != OK && !strings.Contains(f.Fix, "beta")) {
			t.Errorf("%+v", f)
		}
		delete(bad, f.Check)
	}
	if len(bad) > 0 {
		t.Errorf("not examined: %v", bad)
	}
}
