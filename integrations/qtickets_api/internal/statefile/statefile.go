// Package statefile keeps what a command must remember between its runs in a file that one process at a time holds.
package statefile

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

// lockWait is how long a process waits for another one, which is done in seconds.
const lockWait = 30 * time.Second

// File is a value of JSON in a file. Close it.
type File[T any] struct {
	Value T
	path  string
	lock  *flock.Flock
}

// Open reads NAME.json of a folder, which is made where it is missing; without such a file Value is the zero value.
func Open[T any](ctx context.Context, dir, name string) (*File[T], error) {
	f := &File[T]{path: filepath.Join(dir, name+".json"), lock: flock.New(filepath.Join(dir, name+".lock"))}
	if err := f.read(ctx, dir); err != nil {
		f.Close()
		return nil, fmt.Errorf("open folder of what is remembered: %w: "+
			"ALERT_STATE_DIR must name a folder that this user may write and that is kept between runs", err)
	}
	return f, nil
}

func (f *File[T]) read(ctx context.Context, dir string) error {
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
	if err := json.Unmarshal(text, &f.Value); err != nil {
		return fmt.Errorf("%s is damaged (%w), remove it: what is open will be told once more", f.path, err)
	}
	return nil
}

func (f *File[T]) takeLock(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	_, err := f.lock.TryLockContext(waiting, 20*time.Millisecond)
	if err != nil && ctx.Err() == nil && waiting.Err() != nil {
		return errors.New("another process holds it")
	}
	return err
}

// Save replaces the file as a whole: after a crash there is the old one or the new one.
func (f *File[T]) Save() error {
	text, err := json.MarshalIndent(f.Value, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", f.path, err)
	}
	if err := renameio.WriteFile(f.path, text, 0o600, renameio.WithTempDir(filepath.Dir(f.path))); err != nil {
		return fmt.Errorf("write what is remembered: %w: free space there, or name another folder in ALERT_STATE_DIR", err)
	}
	return nil
}

// Close lets the next process in.
func (f *File[T]) Close() { _ = f.lock.Close() }
