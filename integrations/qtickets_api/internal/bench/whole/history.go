package main

import (
	"context"
	"encoding/json"
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// memory compares the loader's peak for a long history with that for a short one.
func (l *lab) memory(ctx context.Context) error {
	peaks := map[int]int64{}
	for _, orders := range []int{10_000, 100_000} {
		var err error
		if peaks[orders], err = l.peak(ctx, orders); err != nil {
			return err
		}
	}
	fmt.Printf("Peak memory of the loader: %.1f MiB at 100 000 orders, %.1f MiB at 10 000, ratio %.2f  (target <= 1.15)\n",
		mebibytes(peaks[100_000]), mebibytes(peaks[10_000]), float64(peaks[100_000])/float64(peaks[10_000]))
	return nil
}

// peakRounds: when the garbage collector comes is chance, so one run tells little.
const peakRounds = 3

// peak is the median peak of a backfill.
func (l *lab) peak(ctx context.Context, orders int) (int64, error) {
	server, err := pages(orders, false)
	if err != nil {
		return 0, err
	}
	defer server.Close()
	var costs []cost
	for range peakRounds {
		c, err := l.backfill(ctx, server, l.loader, orders)
		if err != nil {
			return 0, err
		}
		costs = append(costs, c)
	}
	return median(costs, func(c cost) int64 { return c.peak }), nil
}

// noChange loads 100 000 orders from a simulated QTickets and then once more, when nothing has changed.
func (l *lab) noChange(ctx context.Context) error {
	const orders = 100_000
	server := simulator.NewServer(simulator.NewWorld(simulator.WorldOptions{Seed: 12, Orders: orders}),
		simulator.ServerOptions{NoGzip: true})
	if err := server.Start(""); err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	database, err := l.empty(ctx)
	if err != nil {
		return err
	}
	env := l.env(server.URL(), server.Token(), database)
	if _, _, err := run(ctx, env, l.loader); err != nil {
		return err
	}
	c, report, err := l.sync(ctx, env)
	if err != nil {
		return err
	}
	fmt.Printf("Sync of %d orders without a change: %d requests (target <= 40), %d rows inserted (target 0), %.2f s, "+
		"%.2f s CPU\n",
		orders, report.Requests, report.Inserted, c.wall.Seconds(), c.cpu.Seconds())
	return nil
}

// report is what the loader says about a run.
type report struct {
	Requests int `json:"api_requests"`
	Inserted int `json:"rows_inserted"`
}

// sync is one load.
func (l *lab) sync(ctx context.Context, env []string) (cost, report, error) {
	var r report
	c, text, err := run(ctx, env, l.loader, "sync", "--json")
	if err != nil {
		return c, r, err
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return c, r, fmt.Errorf("report of the loader: %w", err)
	}
	return c, r, nil
}
