package cli_test

import (
	"io"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
)

// Only a load limits its memory: the simulator and the demo hold as much as the world they were asked for.
func TestOnlyLoadsLimitTheirMemory(t *testing.T) {
	t.Parallel()
	for command, limited := range map[string]bool{"sync": true, "backfill": true, "reconcile": true, "check": false,
		"version": false} {
		var limit int64
		cli.Run(t.Context(), []string{command}, cli.Process{
			Stdout: io.Discard, Stderr: io.Discard,
			Environ:     []string{"CLICKHOUSE_HOST=127.0.0.1", "CLICKHOUSE_PORT=1"}, // without a token no load comes further
			LimitMemory: func(bytes int64) { limit = bytes },
		})
		if (limit != 0) != limited || limit > 128<<20 {
			t.Errorf("%s: limit %d", command, limit)
		}
	}
}
