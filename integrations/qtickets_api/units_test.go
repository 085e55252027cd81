package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// systemctl stands in for systemd: the last load ended with $LOAD, the comparison with $NIGHT, all else went well.
const systemctl = `#!/bin/sh
case "$*" in
*" qtickets_api.service"*) code=$LOAD ;;
*" qtickets_reconcile.service"*) code=$NIGHT ;;
*) code=0 ;;
esac
case "$*" in
*"-p Result "* | *"Result --value"*) [ "$code" = 1 ] && echo exit-code || echo success ;;
*"ExecMainStatus"*) echo "$code" ;;
*"ActiveState"*) echo inactive ;;
is-enabled*) echo enabled ;;
esac
`

// TestFault5_PartialIsNotGreen: a load that left something out is not "success" in the status of the units, and the
// line says how to see what is missing.
func TestFault5_PartialIsNotGreen(t *testing.T) {
	t.Parallel()
	script := scriptBeside(t)
	for _, c := range []struct {
		load, night string
		want, not   []string
	}{
		{"3", "0", []string{"partial/3", "! qtickets_api:", "logs qtickets_api"},
			[]string{"success/3", "! qtickets_reconcile"}},
		{"0", "3", []string{"success/0", "partial/3", "! qtickets_reconcile:"}, []string{"success/3", "! qtickets_api:"}},
		{"0", "0", []string{"success/0"}, []string{"partial", "!"}},
		{"1", "0", []string{"exit-code/1"}, []string{"partial"}},
	} {
		cmd := exec.CommandContext(t.Context(), "bash", script, "status")
		cmd.Env = []string{"PATH=" + filepath.Dir(script) + ":" + os.Getenv("PATH"), "LOAD=" + c.load, "NIGHT=" + c.night}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for _, text := range c.want {
			if !strings.Contains(string(out), text) {
				t.Errorf("exit codes %s and %s: no %q in\n%s", c.load, c.night, text, out)
			}
		}
		for _, text := range c.not {
			if strings.Contains(string(out), text) {
				t.Errorf("exit codes %s and %s: %q in\n%s", c.load, c.night, text, out)
			}
		}
	}
}

// scriptBeside is manage_timers.sh in a folder with a stand-in for systemctl and all units installed.
func scriptBeside(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(repository + "/ops/systemd/manage_timers.sh")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"systemctl": systemctl, "manage_timers.sh": strings.Replace(string(text),
		"target=/etc/systemd/system", "target="+dir, 1)}
	for _, unit := range []string{"qtickets_api", "qtickets_reconcile", "qtickets_alerts", "qtickets_digest"} {
		files[unit+".timer"] = ""
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "manage_timers.sh")
}
