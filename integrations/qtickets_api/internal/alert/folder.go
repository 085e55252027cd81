package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// lockWait is how long an evaluation waits for another one, which is over in seconds.
const lockWait = 30 * time.Second

// Folder is where the incidents are kept. One process at a time holds it.
type Folder struct {
	Incidents
	path string
	lock *os.File
}

// Open reads the incidents of a folder, which is made where it is missing. Close it.
func Open(ctx context.Context, dir string) (*Folder, error) {
	f := &Folder{path: filepath.Join(dir, "alerts.json")}
	if err := f.open(ctx, dir); err != nil {
		return nil, fmt.Errorf("open folder of incidents: %w: ALERT_STATE_DIR must name a folder that this user may write and that is kept between runs", err)
	}
	return f, nil
}

func (f *Folder) open(ctx context.Context, dir string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if f.lock, err = os.OpenFile(filepath.Join(dir, "alerts.lock"), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	if err := waitForLock(ctx, f.lock); err != nil {
		return err
	}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return f.Save() // a folder that cannot be written is found out before anything is sent
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &f.Incidents); err != nil {
		return fmt.Errorf("%s is damaged (%w), remove it: open incidents will be told once more", f.path, err)
	}
	return nil
}

func waitForLock(ctx context.Context, lock *os.File) error {
	deadline := time.Now().Add(lockWait)
	for {
		err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil || !errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		if time.Now().After(deadline) {
			return errors.New("another evaluation holds it")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Save replaces the file as a whole: after a crash there is the old one or the new one.
func (f *Folder) Save() error {
	text, err := json.MarshalIndent(f.Incidents, "", "  ")
	if err != nil {
		return fmt.Errorf("write incidents: %w", err)
	}
	if err := replace(f.path, text); err != nil {
		return fmt.Errorf("write incidents: %w: free space there, or name another folder in ALERT_STATE_DIR", err)
	}
	return nil
}

func replace(path string, text []byte) error {
	aside, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = aside.Write(text)
	if err = errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Close lets the next process in.
func (f *Folder) Close() { _ = f.lock.Close() }
