package chserver

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

// Local runs `clickhouse local ARGS` once and returns what it printed. A
// script on stdin is read by the real multi-statement parser; nil means empty.
// The session has every right. A failed statement stops the script and is an error that
// holds the engine's own words; statements before it stay done.
//
// The output is collected in memory, and a failed script returns none.
// The time zone is Europe/Moscow. With --path it needs the folder to itself: no Server may run on it.
func Local(ctx context.Context, library string, args []string, stdin io.Reader) ([]byte, error) {
	cmd, launcher, err := engineCommand(ctx, library, defaultTimezone, args)
	if err != nil {
		return nil, err
	}
	defer launcher.Close()
	var stdout bytes.Buffer
	var stderr tail
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("run clickhouse local: %w%s", err, stderr.quote())
	}
	return stdout.Bytes(), nil
}
