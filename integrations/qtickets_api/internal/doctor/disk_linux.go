package doctor

import (
	"fmt"
	"os"
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

// ownerOf is the number of the user that owns a file.
func ownerOf(info os.FileInfo) (uid int, known bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return int(stat.Uid), true
}
