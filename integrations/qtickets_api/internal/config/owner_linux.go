package config

import (
	"os"
	"syscall"
)

// giveTo makes the owner of another file that of this one.
func giveTo(file *os.File, like os.FileInfo) error {
	stat, known := like.Sys().(*syscall.Stat_t)
	if !known {
		return nil
	}
	return file.Chown(int(stat.Uid), int(stat.Gid))
}
