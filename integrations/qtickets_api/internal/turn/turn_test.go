package turn

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// asHolder makes a process of this test program one that takes the turn at a folder and never gives it back.
const asHolder = "TURN_TEST_AS_HOLDER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(asHolder); folder != "" {
		New(folder, time.Hour, slog.New(slog.NewTextHandler(os.Stdout, nil))).Take(context.Background())
		_, _ = io.Copy(io.Discard, os.Stdin)
	}
	os.Exit(m.Run())
}

// holder is another process that has the turn, until it is killed.
func holder(t *testing.T, folder string) (kill func()) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), asHolder+"="+folder)
	if _, err := cmd.StdinPipe(); err != nil { // open as long as this process lives
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() { _ = cmd.Process.Kill() }
	t.Cleanup(func() { kill(); _ = cmd.Wait() })
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || !strings.Contains(line, "Turn taken") {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	return kill
}

// of is a turn, and what it says.
func of(folder string, patience time.Duration) (*Turn, *bytes.Buffer) {
	log := &bytes.Buffer{}
	return New(folder, patience, slog.New(slog.NewTextHandler(log, nil))), log
}

// TestTurn: while a process has the turn nobody else gets one. Who has waited long enough goes on without, says so
// once, and takes it where it is free. A process that is killed has given it back.
func TestTurn(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	kill := holder(t, folder)
	hurried, said := of(folder, time.Nanosecond)
	hurried.Take(t.Context())
	hurried.Take(t.Context())
	if hurried.held() || strings.Count(said.String(), "Not waiting for the load of another organiser any longer") != 1 {
		t.Errorf("beside a load that does not end: held %v\n%s", hurried.held(), said)
	}
	patient, said := of(folder, time.Hour)
	taken := make(chan bool)
	go func() {
		patient.Take(t.Context())
		taken <- patient.held()
	}()
	kill()
	if !<-taken || !strings.Contains(said.String(), "Turn taken") {
		t.Errorf("the turn of a killed process was not taken:\n%s", said)
	}
	patient.Give()
	hurried.Take(t.Context())
	if !hurried.held() {
		t.Error("a free turn was not taken by who waits no longer")
	}
}

// TestGivenBack: who gives the turn back lets the next one have it, and may take it again. Held or not, both may be
// asked for again.
func TestGivenBack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	a, said := of(folder, time.Hour)
	b, _ := of(folder, time.Hour)
	for _, mine := range []*Turn{a, b, a} {
		mine.Take(t.Context())
		mine.Take(t.Context())
		if !mine.held() {
			t.Fatal("a free turn was not taken")
		}
		mine.Give()
		mine.Give()
	}
	if n := strings.Count(said.String(), "Turn given back"); n != 2 {
		t.Errorf("given back %d times, want 2:\n%s", n, said)
	}
}

// TestWaitEnds: a wait ends with its context, and its place in the queue keeps nobody from the turn.
func TestWaitEnds(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	a, _ := of(folder, time.Hour)
	a.Take(t.Context())
	b, said := of(folder, time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		b.Take(ctx)
		close(ended)
	}()
	cancel()
	<-ended
	if b.held() || said.Len() > 0 {
		t.Errorf("held %v after its context ended\n%s", b.held(), said)
	}
	a.Give()
	c, _ := of(folder, time.Hour)
	c.Take(t.Context())
	if !c.held() {
		t.Error("nobody gets the turn any more")
	}
}

// TestNoTurn: without a folder there is nothing to take, and one that cannot be used stops no load.
func TestNoTurn(t *testing.T) {
	t.Parallel()
	none := New("", time.Hour, nil)
	none.Take(t.Context())
	none.Give()
	missing, said := of(filepath.Join(t.TempDir(), "missing"), time.Hour)
	missing.Take(t.Context())
	missing.Take(t.Context())
	if missing.held() || strings.Count(said.String(), "no such file") != 1 {
		t.Errorf("of a folder that is not there: %s", said)
	}
}
