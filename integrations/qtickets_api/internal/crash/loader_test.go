package crash_test

import (
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// loader is the program as a process of its own.
type loader struct {
	t      testing.TB
	cmd    *exec.Cmd
	output bytes.Buffer
	ended  chan struct{}
}

// startLoader starts the program against a QTickets and a ClickHouse.
func startLoader(t testing.TB, api, token string, db warehouse.Config, arguments ...string) *loader {
	t.Helper()
	return startProgram(t, []string{
		"QTICKETS_BASE_URL=" + api, "QTICKETS_TOKEN=" + token,
		"QTICKETS_RATE_LIMIT=10000", "QTICKETS_MAX_IN_FLIGHT=2",
		"CLICKHOUSE_HOST=" + db.Host, "CLICKHOUSE_PORT=" + strconv.Itoa(db.Port), "CLICKHOUSE_DATABASE=" + db.Database,
		"CLICKHOUSE_USER=" + db.User, "CLICKHOUSE_PASSWORD=" + db.Password,
		"TZ=Europe/Moscow", "ORG_NAME=crash",
	}, arguments...)
}

// startProgram starts the program with no variables but those.
func startProgram(t testing.TB, environ []string, arguments ...string) *loader {
	t.Helper()
	l := &loader{t: t, cmd: exec.Command(programPath(t), arguments...), ended: make(chan struct{})}
	l.cmd.Env = environ
	l.cmd.Stdout, l.cmd.Stderr = &l.output, &l.output
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = l.cmd.Wait()
		close(l.ended)
	}()
	t.Cleanup(l.kill) // one that a failed test left behind
	return l
}

// kill ends the process as a power cut would, and waits until it is gone.
func (l *loader) kill() {
	_ = l.cmd.Process.Signal(syscall.SIGKILL)
	<-l.ended
}

// wait returns the exit code, -1 of a killed one.
func (l *loader) wait() int {
	<-l.ended
	return l.cmd.ProcessState.ExitCode()
}

// Exit codes of the program.
const (
	ok      = 0
	failed  = 1
	partial = 3
)

// must waits for an end with one exit code.
func (l *loader) must(code int) {
	l.t.Helper()
	if got := l.wait(); got != code {
		l.t.Fatalf("the loader ended with %d, want %d\n%s", got, code, l.text())
	}
}

// text is what the program printed; only after its end. Secrets in it fail the test.
func (l *loader) text() string {
	l.t.Helper()
	for _, v := range l.cmd.Env {
		name, secret, _ := strings.Cut(v, "=")
		isSecret := strings.HasSuffix(name, "_TOKEN") || strings.HasSuffix(name, "_PASSWORD")
		if isSecret && strings.Contains(l.output.String(), secret) {
			l.t.Errorf("the loader printed %s", name)
		}
	}
	return l.output.String()
}
