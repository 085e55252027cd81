package simulator

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// Step makes one random plausible thing happen now and says what, for a test's log: an order, a
// payment, a refund, a scan. What is not possible at the moment does nothing and says so.
// The choice is rng's; details (seats, names) come from the world's own source.
func (w *World) Step(rng *rand.Rand) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	total := 0
	for _, s := range steps {
		total += s.weight
	}
	pick := rng.IntN(total)
	for _, s := range steps {
		if pick -= s.weight; pick < 0 {
			return s.run(w, rng)
		}
	}
	return "nothing"
}

var steps = []struct {
	weight int
	run    func(*World, *rand.Rand) string
}{
	{40, (*World).stepSell},
	{10, stepOrder("pay", (*World).pay)},
	{6, stepOrder("cancel", func(w *World, o *order) error {
		if o.deletedAt != 0 || o.tellsPrimary {
			return impossible("cancel order %d", o.id)
		}
		w.cancel(o)
		return nil
	})},
	{4, stepOrder("extend", (*World).extend)},
	{1, stepOrder("reserve", (*World).reserveForever)},
	{5, stepOrder("restore", (*World).restore)},
	{3, stepOrder("replace", func(w *World, o *order) error { _, err := w.replace(o); return err })},
	{12, (*World).stepRefund},
	{1, stepTicket("move ticket", func(w *World, t *ticket) error { _, err := w.moveTicket(t); return err })},
	{5, stepTicket("delete ticket", func(w *World, t *ticket) error { return w.deleteTicket(t.order, t) })},
	{10, stepTicket("scan", (*World).scan)},
	{3, stepTicket("edit guest", (*World).editGuest)},
	{2, func(w *World, _ *rand.Rand) string { return fmt.Sprint("silent update ", w.silentUpdate()) }},
}

func (w *World) stepSell(*rand.Rand) string {
	if o := w.sellSomething(); o != nil {
		return fmt.Sprint("create ", o.id)
	}
	return "nothing on sale"
}

// sellMore makes n orders now, if anything is on sale.
func (w *World) sellMore(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range n {
		w.sellSomething()
	}
}

// attempts is how many random orders a step tries before it gives up.
const attempts = 12

func (w *World) anyOrder(rng *rand.Rand) *order {
	// Half of the time a recent one: that is where most things happen.
	if n := len(w.orders); n > 50 && rng.IntN(2) == 0 {
		return w.orders[n-1-rng.IntN(50)]
	}
	return w.orders[rng.IntN(len(w.orders))]
}

func stepOrder(name string, run func(*World, *order) error) func(*World, *rand.Rand) string {
	return func(w *World, rng *rand.Rand) string {
		for range attempts {
			if len(w.orders) == 0 {
				break
			}
			o := w.anyOrder(rng)
			if run(w, o) == nil {
				return fmt.Sprint(name, " ", o.id)
			}
		}
		return "nothing to " + name
	}
}

func stepTicket(name string, run func(*World, *ticket) error) func(*World, *rand.Rand) string {
	return func(w *World, rng *rand.Rand) string {
		for range attempts {
			if len(w.orders) == 0 {
				break
			}
			o := w.anyOrder(rng)
			t := o.tickets[rng.IntN(len(o.tickets))]
			if run(w, t) == nil {
				return fmt.Sprint(name, " ", t.id, " of ", o.id)
			}
		}
		return "nothing to " + name
	}
}

func (w *World) stepRefund(rng *rand.Rand) string {
	for range attempts {
		if len(w.orders) == 0 {
			break
		}
		o := w.anyOrder(rng)
		sold := soldTickets(o)
		if len(sold) == 0 {
			continue
		}
		chosen := sold[:1+rng.IntN(len(sold))]
		var total int64
		for _, t := range chosen {
			total += t.price
		}
		amount := FullAmount
		if rng.IntN(2) == 0 {
			amount = rng.Int64N(total + 1)
		}
		if w.refund(o, chosen, amount) == nil {
			return fmt.Sprint("refund ", len(chosen), " of ", o.id)
		}
	}
	return "nothing to refund"
}

// Live lets the world's clock follow the real one and makes perSecond random things happen each
// second, until the context ends. A rate of zero or less only moves the clock.
func (w *World) Live(ctx context.Context, perSecond float64) {
	tick := 100 * time.Millisecond
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	rng := rand.New(rand.NewPCG(uint64(w.options.Seed), 0x6c697665))
	worldStart, realStart := w.Now(), time.Now()
	due := 0.0
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		elapsed := time.Since(realStart)
		w.Advance(worldStart.Add(elapsed).Sub(w.Now()))
		for due += perSecond * tick.Seconds(); due >= 1; due-- {
			w.Step(rng)
		}
	}
}
