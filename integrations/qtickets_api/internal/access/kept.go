package access

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"
)

// longestFile is how many bytes a file of ours may have.
const longestFile = 1 << 20

// changeWait is how long a change waits for another process, which is done in milliseconds.
const changeWait = 10 * time.Second

// kept is a value in a file that other processes change: it is read again when the file is another one. Safe for
// concurrent use.
type kept[T any] struct {
	path  string
	parse func(text []byte) T

	mu    sync.Mutex
	seen  os.FileInfo // nil: there is none, or it was not looked at yet
	known bool
	value T
}

// now is the value as the file has it at this moment. A file that is missing, cannot be read or is too long is an empty
// one.
func (k *kept[T]) now() T {
	k.mu.Lock()
	defer k.mu.Unlock()
	found, err := os.Stat(k.path)
	if err != nil {
		found = nil
	}
	if k.known && unchanged(k.seen, found) {
		return k.value
	}
	text, err := readBounded(k.path)
	if err != nil {
		text = nil
	}
	k.seen, k.known, k.value = found, true, k.parse(text)
	return k.value
}

func unchanged(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, longestFile+1))
	if err == nil && len(text) > longestFile {
		err = fmt.Errorf("%s is longer than %d bytes", path, longestFile)
	}
	return text, err
}

// changeFile replaces a file as a whole by what edit makes of its text; nil as text: there is no file yet. One process
// at a time changes it, and a reader sees the old file or the new one. Owner and rights stay; a new file has those of
// its folder's owner.
func changeFile(path string, edit func(text []byte) ([]byte, error)) error {
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	defer func() { _ = lock.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), changeWait)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return fmt.Errorf("lock %s: %w: is its folder there, and may this user write it?", path, err)
	}
	text, err := readBounded(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %w", err)
	}
	if text, err = edit(text); err != nil {
		return err
	}
	if len(text) > longestFile {
		return fmt.Errorf("%s would be longer than %d bytes: remove somebody first", path, longestFile)
	}
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)),
		renameio.WithPermissions(0o600), renameio.WithExistingPermissions())
	if err != nil {
		return fmt.Errorf("write %s: %w: its folder must be writable for this user", path, err)
	}
	defer func() { _ = file.Cleanup() }()
	if uid, gid, known := ownerOf(path); known { // whoever may not give files away owns them already
		_ = file.Chown(uid, gid)
		_ = os.Lchown(path+".lock", uid, gid) // never what a link there leads to
	}
	if _, err := file.Write(text); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("replace %s: %w", path, err)
	}
	return nil
}

// ownerOf a file, or of the folder where it is to be: root may add people for a service that runs as somebody else.
func ownerOf(path string) (uid, gid int, known bool) {
	found, err := os.Stat(path)
	if err != nil {
		found, err = os.Stat(filepath.Dir(path))
	}
	if err != nil {
		return 0, 0, false
	}
	owner, known := found.Sys().(*syscall.Stat_t)
	if !known {
		return 0, 0, false
	}
	return int(owner.Uid), int(owner.Gid), true
}
