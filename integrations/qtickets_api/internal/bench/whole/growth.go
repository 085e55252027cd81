package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// growthRounds of each operation at each size; the medians count.
const growthRounds = 3

// ordersADay: a longer history reaches further back, its days are no busier.
const ordersADay = 1000

// kinds are the costs that are told of every operation.
var kinds = []struct {
	name string
	of   func(cost) time.Duration
}{
	{"wall", func(c cost) time.Duration { return c.wall }},
	{"ClickHouse CPU", func(c cost) time.Duration { return c.engine }},
	{"loader CPU", func(c cost) time.Duration { return c.cpu }},
	{"simulator CPU", func(c cost) time.Duration { return c.api }},
}

// operations are what a loader does all day, in the order in which they are measured.
var operations = []struct {
	name string
	do   func(*organiser, context.Context) (cost, error)
}{
	{"a run without a change", (*organiser).unchanged},
	{"the webhook of a sale, until it is published", (*organiser).sale},
	{"the webhook of a refund of one of the oldest orders", (*organiser).refund},
	{"a publication of everything, computed anew", (*organiser).publication},
}

// growth tells how the costs of the operations grow with the history.
func (l *lab) growth(ctx context.Context, sizes []int) error {
	medians := map[string][]time.Duration{} // of an operation and a kind, by size
	for _, orders := range sizes {
		o, err := l.organiser(ctx, orders)
		if err != nil {
			return fmt.Errorf("%d orders: %w", orders, err)
		}
		for _, operation := range operations {
			var costs []cost
			for range growthRounds {
				c, err := operation.do(o, ctx)
				if err != nil {
					return errors.Join(fmt.Errorf("%d orders, %s: %w", orders, operation.name, err), o.close())
				}
				costs = append(costs, c)
			}
			for _, kind := range kinds {
				key := operation.name + kind.name
				medians[key] = append(medians[key], median(costs, kind.of))
			}
		}
		if err := o.close(); err != nil {
			return err
		}
	}
	fmt.Printf("Growth, medians of %d rounds, in brackets beside %d orders, and the law by least squares "+
		"(a webhook waits 0.5 s in case more follow)\n", growthRounds, sizes[0])
	for _, operation := range operations {
		fmt.Println("  " + operation.name)
		for _, kind := range kinds {
			fmt.Printf("    %-15s", kind.name)
			costs := medians[operation.name+kind.name]
			for i, c := range costs {
				fmt.Printf("%8d: %6.0f ms (%5.2f)", sizes[i], milliseconds(c), float64(c)/float64(max(costs[0], tick)))
			}
			a, b := law(sizes, costs)
			fmt.Printf("   %6.0f ms %+7.3f µs × orders\n", milliseconds(a), float64(b)/float64(time.Microsecond))
		}
	}
	return nil
}

func milliseconds[N time.Duration | float64](d N) float64 {
	return float64(d) / float64(time.Millisecond)
}

// law is the line a + b × orders nearest to the costs, a and b in nanoseconds.
func law(orders []int, costs []time.Duration) (a, b float64) {
	var x, y, xx, xy float64
	n := float64(len(orders))
	for i := range orders {
		x += float64(orders[i]) / n
		y += float64(costs[i]) / n
	}
	for i := range orders {
		xx += (float64(orders[i]) - x) * (float64(orders[i]) - x)
		xy += (float64(orders[i]) - x) * (float64(costs[i]) - y)
	}
	if xx > 0 { // more than one size
		b = xy / xx
	}
	return y - b*x, b
}

// organiser is a box office of the simulator, loaded into a database of its own.
type organiser struct {
	*lab
	world  *simulator.World
	server *simulator.Server
	env    []string
	db     *warehouse.DB
	oldest []int64 // not refunded yet
}

// organiser loads a history as long as asked for, and then what a first run after it finds.
func (l *lab) organiser(ctx context.Context, orders int) (*organiser, error) {
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 12, Orders: orders, HistoryDays: max(orders/ordersADay, 1)})
	o := &organiser{lab: l, world: world, server: simulator.NewServer(world, simulator.ServerOptions{NoGzip: true}),
		oldest: world.Oracle().OrderIDs[:orders/10]}
	if err := o.server.Start(""); err != nil {
		return nil, err
	}
	return o, o.load(ctx, orders)
}

func (o *organiser) load(ctx context.Context, orders int) error {
	database, err := o.empty(ctx)
	if err != nil {
		return err
	}
	o.env = o.lab.env(o.server.URL(), o.server.Token(), database)
	for range 2 {
		if _, _, err := o.sync(ctx, o.env); err != nil {
			return err
		}
	}
	stored, err := o.stored(ctx, database)
	if err == nil && stored != orders {
		err = fmt.Errorf("%d orders are stored", stored)
	}
	if err != nil {
		return err
	}
	o.db, err = o.open(ctx, database)
	return err
}

func (o *organiser) close() error { return errors.Join(o.db.Close(), o.server.Close()) }

// measured adds what ClickHouse did because of something, its merges included.
func (o *organiser) measured(ctx context.Context, do func() (cost, error)) (cost, error) {
	o.settle(ctx)
	before, own := cpuOf(o.engine.Pid()), cpuOf(os.Getpid())
	c, err := do()
	c.api = cpuOf(os.Getpid()) - own
	o.settle(ctx)
	c.engine = cpuOf(o.engine.Pid()) - before
	return c, err
}

// settle waits until ClickHouse has no more to do.
func (o *organiser) settle(ctx context.Context) {
	for busy := true; busy && ctx.Err() == nil; {
		before := cpuOf(o.engine.Pid())
		time.Sleep(300 * time.Millisecond)
		busy = cpuOf(o.engine.Pid())-before > 2*tick // it is never quite still
	}
}

func (o *organiser) unchanged(ctx context.Context) (cost, error) {
	return o.measured(ctx, func() (cost, error) {
		c, report, err := o.sync(ctx, o.env)
		if err == nil && report.Inserted > 0 {
			err = fmt.Errorf("%d rows inserted by a run without a change", report.Inserted)
		}
		return c, err
	})
}

func (o *organiser) sale(ctx context.Context) (cost, error) {
	return o.announced(ctx, o.sell)
}

func (o *organiser) sell() error {
	id, err := o.world.CreateOrder(simulator.NewOrder{Tickets: 2})
	if err != nil {
		return err
	}
	return o.world.Pay(id)
}

func (o *organiser) refund(ctx context.Context) (cost, error) {
	return o.announced(ctx, func() error {
		err := simulator.ErrNotPossible // of an order that was not paid
		for errors.Is(err, simulator.ErrNotPossible) && len(o.oldest) > 0 {
			err = o.world.Refund(o.oldest[0], nil, simulator.FullAmount)
			o.oldest = o.oldest[1:]
		}
		return err
	})
}

const webhookSecret = "of the benchmark only"

// hooks announce what happens from now on.
func (o *organiser) hooks(s *serving) *simulator.Webhooks {
	return simulator.NewWebhooks(o.world,
		simulator.WebhookOptions{URL: s.url + "webhooks/qtickets", Secret: webhookSecret})
}

// announced has a change announced to a "serve" and waits for the publication.
func (o *organiser) announced(ctx context.Context, change func() error) (cost, error) {
	s, err := serve(ctx, append([]string{"QTICKETS_WEBHOOK_SECRET=" + webhookSecret}, o.env...), o.loader)
	if err != nil {
		return cost{}, err
	}
	hooks := o.hooks(s)
	if err := change(); err != nil {
		return cost{}, errors.Join(err, s.stop())
	}
	o.world.Advance(2 * time.Second) // deliveries fall due
	c, err := o.measured(ctx, func() (cost, error) {
		before, began := s.cpu(), time.Now()
		hooks.Deliver(ctx)
		err := s.until(`"Published"`)
		c := cost{wall: time.Since(began)}
		if err == nil {
			err = s.until(`"Finished"`)
		}
		c.cpu = s.cpu() - before
		return c, err
	})
	return c, errors.Join(err, s.stop())
}

func (o *organiser) publication(ctx context.Context) (cost, error) {
	last, err := o.db.LastPublication(ctx)
	if err != nil {
		return cost{}, err
	}
	return o.measured(ctx, func() (cost, error) {
		before, began := ownCPU(), time.Now()
		_, err := o.db.Publish(ctx, warehouse.PublishOptions{Run: "growth", AsOf: last.AsOf, Anew: true})
		if err == nil {
			err = o.db.DropOldBatches(ctx)
		}
		return cost{wall: time.Since(began), cpu: ownCPU() - before}, err
	})
}
