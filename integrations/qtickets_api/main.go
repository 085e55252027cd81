// Command qtickets_api loads QTickets sales into the organiser's own ClickHouse.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := cli.Run(ctx, os.Args[1:], cli.Process{Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ()})
	stop()
	os.Exit(code)
}
