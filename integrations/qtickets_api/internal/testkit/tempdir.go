package testkit

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// inMemory is a folder kept in memory. The engine of tests writes thousands of small files, and none needs to
// outlive it.
const inMemory = "/dev/shm"

// enoughMemory is more than the data of all test programs at the same time takes.
const enoughMemory = 4 << 30

// TempDir is a temporary folder for an engine, in memory where there is room. It goes with the test.
func TempDir(t testing.TB) string {
	t.Helper()
	dir, err := makeTempDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func makeTempDir() (string, error) {
	parent := ""
	var fs unix.Statfs_t
	if err := unix.Statfs(inMemory, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) > enoughMemory && unix.Access(inMemory,
		unix.W_OK) == nil {
		parent = inMemory
	}
	return os.MkdirTemp(parent, "qtickets_test_")
}
