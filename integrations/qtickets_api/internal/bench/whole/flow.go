package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// flow has a sale announced every second for some time. It tells what share of a core that takes of ClickHouse and how
// long a webhook waits until its order is published, and fails when the numbers are not those of the box office in the
// end.
func (l *lab) flow(ctx context.Context, orders int, lasts time.Duration) error {
	o, err := l.organiser(ctx, orders)
	if err != nil {
		return err
	}
	before, began := cpuOf(o.engine.Pid()), time.Now()
	sales, err := o.sellEverySecond(ctx, lasts)
	if err != nil {
		return errors.Join(err, o.close())
	}
	used, took := cpuOf(o.engine.Pid())-before, time.Since(began)
	delays, err := o.delays(ctx)
	if err == nil {
		fmt.Printf("Flow: %d sales in %.0f s, beside %d orders: ClickHouse took %.0f %% of a core, %d webhooks were "+
			"published after %.1f s (median), %.1f s (worst)\n", sales, took.Seconds(), orders,
			100*used.Seconds()/took.Seconds(), len(delays), delays[len(delays)/2].Seconds(), delays[len(delays)-1].Seconds())
		err = o.check(ctx)
	}
	return errors.Join(err, o.close())
}

// sellEverySecond goes on until the last sale is published.
func (o *organiser) sellEverySecond(ctx context.Context, lasts time.Duration) (sales int, err error) {
	s, err := serve(ctx, append([]string{"QTICKETS_WEBHOOK_SECRET=" + webhookSecret}, o.env...), o.loader)
	if err != nil {
		return 0, err
	}
	go func() { _ = s.until("what it never says") }() // else its log would fill the pipe
	hooks := o.hooks(s)
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for began := time.Now(); time.Since(began) < lasts; sales++ {
		select {
		case <-ctx.Done():
			return sales, errors.Join(ctx.Err(), s.stop())
		case <-every.C:
		}
		if err := o.sell(); err != nil {
			return sales, errors.Join(err, s.stop())
		}
		o.world.Advance(2 * time.Second) // deliveries fall due
		hooks.Deliver(ctx)
	}
	for waiting := true; waiting; time.Sleep(time.Second) {
		health, err := o.db.Health(ctx)
		if err != nil {
			return sales, errors.Join(err, s.stop())
		}
		waiting = health.WebhooksPending > 0
	}
	return sales, s.stop()
}

// delays are how long webhooks waited until they were published, ascending.
func (o *organiser) delays(ctx context.Context) ([]time.Duration, error) {
	var delays []time.Duration
	err := o.db.Read(ctx, "SELECT assumeNotNull(delay_ms) FROM meta_webhooks", nil, func(scan func(...any) error) error {
		var ms int64
		err := scan(&ms)
		delays = append(delays, time.Duration(ms)*time.Millisecond)
		return err
	})
	slices.Sort(delays)
	if err == nil && len(delays) == 0 {
		err = errors.New("no webhook came")
	}
	return delays, err
}

// check compares what is published with what the box office sold.
func (o *organiser) check(ctx context.Context) error {
	published, err := o.db.Published(ctx)
	if err != nil {
		return err
	}
	var tickets int64
	revenue := map[string]int64{}
	for key, total := range published {
		tickets += total.TicketsSold
		revenue[key.Currency] += int64(total.Revenue)
	}
	sold := o.world.Oracle().Totals
	if tickets != int64(sold.Sold) {
		return fmt.Errorf("%d tickets are published, %d were sold", tickets, sold.Sold)
	}
	for currency, kopecks := range sold.Revenue {
		if revenue[currency] != kopecks {
			return fmt.Errorf("%d kopecks of %s are published, %d were taken", revenue[currency], currency, kopecks)
		}
	}
	return nil
}
