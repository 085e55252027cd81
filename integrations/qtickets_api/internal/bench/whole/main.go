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
	"time"
)

func main() {
	orders := flag.Int("orders", 30_000, "orders of one backfill; 0: growth only")
	rounds := flag.Int("rounds", 5, "rounds, each of both programs; the medians count")
	largest := flag.Int("growth-largest", 400_000, "orders of the longest history of growth, e.g. 1000000")
	flow := flag.Duration("flow", 0, "then one sale a second for so long beside that longest history, e.g. 10m")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measure(ctx, *orders, *rounds, growthSizes(*largest), *flow)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// growthSizes are the histories of growth up to the longest.
func growthSizes(largest int) []int {
	var sizes []int
	for _, orders := range []int{10_000, 100_000, 400_000} {
		if orders < largest {
			sizes = append(sizes, orders)
		}
	}
	return append(sizes, largest)
}

func measure(ctx context.Context, orders, rounds int, sizes []int, flow time.Duration) (err error) {
	l, err := newLab(ctx, 4*rounds+2*peakRounds+2+len(sizes))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	steps := []func() error{
		func() error { return l.backfills(ctx, orders, rounds, false) },
		func() error { return l.backfills(ctx, orders, rounds, true) },
		func() error { return l.memory(ctx) },
		func() error { return l.noChange(ctx) },
		func() error { return l.growth(ctx, sizes) },
		func() error {
			if flow == 0 {
				return nil
			}
			return l.flow(ctx, sizes[len(sizes)-1], flow)
		},
	}
	if orders == 0 {
		steps = steps[4:]
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
