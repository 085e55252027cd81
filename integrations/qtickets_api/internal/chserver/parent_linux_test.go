package chserver_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
)

// parentDir, when set, turns the test program into a parent that starts a
// server in that folder, says its process id and waits to be killed.
const parentDir = "CHSERVER_TEST_PARENT_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(parentDir); dir != "" {
		beParent(dir)
	}
	os.Exit(m.Run())
}

func beParent(dir string) {
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err == nil {
		var s *chserver.Server
		s, err = chserver.Start(context.Background(), chserver.Options{Library: library, DataDir: dir,
			Users: []chserver.User{admin}})
		if err == nil {
			fmt.Println("pid", s.Pid())
			<-s.Done()
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

func TestServerDiesWithItsParent(t *testing.T) {
	t.Parallel()
	o := options(t, t.TempDir())
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentDir+"="+o.DataDir, "CHDB_LIB="+o.Library)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	line, _ := bufio.NewReader(out).ReadString('\n')
	_, scanErr := fmt.Sscanf(strings.TrimSpace(line), "pid %d", &pid)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _ = parent.Wait(); scanErr != nil {
		t.Fatalf("parent said %q", line)
	}
	// The folder's lock is the engine's until its end, and Start waits for it.
	s := start(t, o)
	for deadline := time.Now().Add(time.Minute); !ended(t, pid); {
		if time.Now().After(deadline) {
			t.Fatalf("engine %d lives after its parent was killed", pid)
		}
		time.Sleep(time.Millisecond)
	}
	must(t, s, admin, "SELECT 1")
}

// ended reports whether the process is gone, or dead and not yet collected by
// whoever inherited it.
func ended(t *testing.T, pid int) bool {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, os.ErrNotExist) {
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // pid (name) state …
	return strings.HasPrefix(rest, "Z") || strings.HasPrefix(rest, "X")
}

// Ctrl-C is sent to the group in the foreground. The engine is in its own.
func TestServerHasItsOwnProcessGroup(t *testing.T) {
	t.Parallel()
	s := start(t, options(t, t.TempDir()))
	group, err := syscall.Getpgid(s.Pid())
	if err != nil || group != s.Pid() {
		t.Errorf("process %d is in group %d, %v", s.Pid(), group, err)
	}
}
