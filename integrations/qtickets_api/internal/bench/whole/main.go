// Command whole measures the loader as its users run it: the real binary as a process, beside the reference
// program (internal/bench/reference), both fed by the same pages and writing to the same ClickHouse in turn.
// It prints ratios, because absolute times say more about the machine. "make bench" runs it after the
// benchmarks of the packages.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	orders := flag.Int("orders", 30_000, "orders of one backfill")
	rounds := flag.Int("rounds", 5, "rounds, each of both programs; the medians count")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measure(ctx, *orders, *rounds)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, orders, rounds int) (err error) {
	l, err := newLab(ctx, 4*rounds+2*peakRounds+1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	for _, step := range []func() error{
		func() error { return l.backfills(ctx, orders, rounds, false) },
		func() error { return l.backfills(ctx, orders, rounds, true) },
		func() error { return l.memory(ctx) },
		func() error { return l.noChange(ctx) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
