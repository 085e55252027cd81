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

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"
)

// lockWait is how long an evaluation waits for another one, which is over in seconds.
const lockWait = 30 * time.Second

// StateFile is where the incidents are kept. One process at a time holds it.
type StateFile struct {
	Incidents
	path string
	lock *flock.Flock
}

// Open reads the incidents of a folder, which is made where it is missing. Close it.
func Open(ctx context.Context, dir string) (*StateFile, error) {
	f := &StateFile{path: filepath.Join(dir, "alerts.json"), lock: flock.New(filepath.Join(dir, "alerts.lock"))}
	if err := f.read(ctx, dir); err != nil {
		f.Close()
		return nil, fmt.Errorf("open folder of incidents: %w: "+
			"ALERT_STATE_DIR must name a folder that this user may write and that is kept between runs", err)
	}
	return f, nil
}

func (f *StateFile) read(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := f.takeLock(ctx); err != nil {
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

func (f *StateFile) takeLock(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	_, err := f.lock.TryLockContext(waiting, 20*time.Millisecond)
	if err != nil && ctx.Err() == nil && waiting.Err() != nil {
		return errors.New("another evaluation holds it")
	}
	return err
}

// Save replaces the file as a whole: after a crash there is the old one or the new one.
func (f *StateFile) Save() error {
	text, err := json.MarshalIndent(f.Incidents, "", "  ")
	if err != nil {
		return fmt.Errorf("write incidents: %w", err)
	}
	if err := renameio.WriteFile(f.path, text, 0o600, renameio.WithTempDir(filepath.Dir(f.path))); err != nil {
		return fmt.Errorf("write incidents: %w: free space there, or name another folder in ALERT_STATE_DIR", err)
	}
	return nil
}

// Close lets the next process in.
func (f *StateFile) Close() { _ = f.lock.Close() }
