//go:build !(linux && amd64)

package chserver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// engineCommand reports that this platform has no engine.
func engineCommand(context.Context, string, string, []string) (*exec.Cmd, *os.File, error) {
	return nil, nil, unsupported()
}

func confine(*exec.Cmd, Options, *os.File, string) (bool, error) { return false, unsupported() }

func tryLock(*os.File) (bool, error) { return false, unsupported() }

func unsupported() error {
	return fmt.Errorf("embedded ClickHouse runs on linux/amd64 only, this is %s/%s: name a ClickHouse server instead",
		runtime.GOOS, runtime.GOARCH)
}
