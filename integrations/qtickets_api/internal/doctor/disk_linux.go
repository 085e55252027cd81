package doctor

import (
	"fmt"
	"syscall"
)

// freeBytes is what an ordinary user may still write there.
func freeBytes(path string) (uint64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(path, &stat); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", path, err)
	}
	return stat.Bavail * uint64(stat.Bsize), nil
}
