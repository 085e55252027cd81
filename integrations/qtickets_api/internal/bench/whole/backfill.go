package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/bench"
)

// backfills compares the loader with the reference program.
func (l *lab) backfills(ctx context.Context, orders, rounds int, plain bool) error {
	server, err := pages(orders, plain)
	if err != nil {
		return err
	}
	defer server.Close()
	var ours, theirs []cost
	for range rounds {
		for _, side := range []struct {
			program string
			costs   *[]cost
		}{{l.loader, &ours}, {l.reference, &theirs}} {
			c, err := l.backfill(ctx, server, side.program, orders)
			if err != nil {
				return err
			}
			*side.costs = append(*side.costs, c)
		}
	}
	how := "gzipped pages"
	if plain {
		how = "plain pages"
	}
	fmt.Printf("Backfill of %d orders, %s, medians of %d rounds: loader, reference, ratio\n", orders, how, rounds)
	perOrder := func(of func(cost) time.Duration, target string) func() {
		a, b := median(ours, of), median(theirs, of)
		return func() {
			fmt.Printf("%6.1f µs  %6.1f µs  %5.2f  %s\n", micros(a, orders), micros(b, orders), float64(a)/float64(b), target)
		}
	}
	fmt.Print("  CPU per order   ")
	perOrder(func(c cost) time.Duration { return c.cpu }, "(target <= 0.70)")()
	fmt.Print("  time per order  ")
	perOrder(func(c cost) time.Duration { return c.wall }, "")()
	peak := func(c cost) int64 { return c.peak }
	a, b := median(ours, peak), median(theirs, peak)
	fmt.Printf("  peak memory     %6.1f MiB %6.1f MiB %5.2f\n", mebibytes(a), mebibytes(b), float64(a)/float64(b))
	return nil
}

func pages(orders int, plain bool) (*bench.Server, error) {
	history, err := bench.NewHistory(orders)
	if err != nil {
		return nil, err
	}
	server, err := bench.Serve(history, bench.Options{Plain: plain})
	if err != nil {
		return nil, err
	}
	server.Warm()
	return server, nil
}

// backfill runs one program into an empty database and makes sure that it did the work.
func (l *lab) backfill(ctx context.Context, server *bench.Server, program string, orders int) (cost, error) {
	database, err := l.empty(ctx)
	if err != nil {
		return cost{}, err
	}
	c, _, err := run(ctx, l.env(server.URL(), server.Token(), database), program)
	if err != nil {
		return cost{}, err
	}
	stored, err := l.stored(ctx, database)
	if err == nil && stored != orders {
		err = fmt.Errorf("%s stored %d orders of %d", program, stored, orders)
	}
	return c, err
}

func median[N int64 | time.Duration](costs []cost, of func(cost) N) N {
	values := make([]N, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func micros(d time.Duration, orders int) float64 {
	return float64(d) / float64(time.Microsecond) / float64(orders)
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }
