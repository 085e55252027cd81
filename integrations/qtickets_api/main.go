// Command qtickets_api loads QTickets sales into the organiser's own ClickHouse.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := cli.Run(ctx, os.Args[1:], cli.Process{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Environ: os.Environ(), Program: os.Args[0], LimitMemory: limitMemory})
	stop()
	os.Exit(code)
}

// limitMemory is soft: more is given when more is needed, at the cost of time. GOMEMLIMIT beats it.
func limitMemory(bytes int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(bytes)
	}
}
