package chserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// engineCommand prepares `clickhouse local ARGS` in the given time zone. The launcher lives in an
// anonymous memory file, so no folder needs to be writable or executable and
// nothing is left behind. Close the launcher after the process was started.
func engineCommand(ctx context.Context, library, zone string, args []string) (cmd *exec.Cmd, launcher *os.File,
	err error) {
	if _, err := os.Stat(interpreter); err != nil {
		return nil, nil, fmt.Errorf("embedded ClickHouse needs glibc, and %s is missing (a musl system or an empty image?): "+
			"use a Debian or Ubuntu system, or name a ClickHouse server instead", interpreter)
	}
	library, err = filepath.Abs(library)
	if err != nil {
		return nil, nil, fmt.Errorf("find ClickHouse library: %w", err)
	}
	launcher, err = memoryFile(buildLauncher(library))
	if err != nil {
		return nil, nil, fmt.Errorf("create ClickHouse launcher: %w", err)
	}
	cmd = exec.CommandContext(ctx, fmt.Sprintf("/proc/self/fd/%d", launcher.Fd()))
	cmd.Args = append([]string{"clickhouse-local"}, args...)
	cmd.Env = engineEnv(zone)
	// Ctrl-C goes to the whole foreground group. The engine must outlive it:
	// the parent closes it when its own work is done.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd, launcher, nil
}

// engineEnv is what the engine may see of our environment: nothing that could
// hold a secret, and no HOME, where it would look for settings of a client.
// TZ is the only way to set the time zone of `clickhouse local`: it ignores
// <timezone> in its configuration.
func engineEnv(zone string) []string {
	env := []string{"LC_ALL=C.UTF-8", "TZ=" + zone}
	for _, key := range []string{"LD_LIBRARY_PATH", "TMPDIR"} {
		if v, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+v)
		}
	}
	return env
}

// memoryFile returns an executable file that exists in memory only.
func memoryFile(content []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate("clickhouse-local", unix.MFD_CLOEXEC|unix.MFD_EXEC)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3 every memory file is executable
		fd, err = unix.MemfdCreate("clickhouse-local", unix.MFD_CLOEXEC)
	}
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "clickhouse-local")
	if _, err := f.Write(content); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// tryLock takes the folder's lock, or reports false when another process has
// it. The lock belongs to the open file: a child that inherits the file holds
// it too, until both have ended.
func tryLock(f *os.File) (bool, error) {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
