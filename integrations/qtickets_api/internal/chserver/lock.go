package chserver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// lockWait is how long a start waits for the previous engine of the same
// folder. After its parent was killed an engine still finishes a running
// INSERT, which takes seconds at most.
const lockWait = 5 * time.Second

// lockDir makes sure that one engine at a time works in the folder. The
// engine inherits the returned file, so the lock is held until the engine
// itself has ended, whatever became of its parent.
func lockDir(ctx context.Context, dir string) (*os.File, error) {
	path := filepath.Join(dir, lockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if err := waitLock(ctx, f, dir); err != nil {
		_ = f.Close()
		return nil, err
	}
	// Only a hint for the error message of somebody who comes second.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return f, nil
}

func waitLock(ctx context.Context, f *os.File, dir string) error {
	deadline := time.Now().Add(lockWait)
	for {
		ok, err := tryLock(f)
		if err != nil {
			return fmt.Errorf("lock data folder %s: %w", dir, err)
		}
		if ok {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("data folder %s is in use by another ClickHouse%s: stop it, or name another folder", dir,
				ownerHint(f))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("lock data folder %s: %w", dir, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ownerHint names the process that took the lock, as far as the file tells.
func ownerHint(f *os.File) string {
	b := make([]byte, 32)
	n, _ := f.ReadAt(b, 0)
	pid, err := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(" (started by process %d)", pid)
}
