package simulator_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestSameSeedSameWorld: equal options and steps give equal bytes; another seed does not.
func TestSameSeedSameWorld(t *testing.T) {
	t.Parallel()
	describe := func(seed int64) string {
		w := simulator.NewWorld(simulator.WorldOptions{Seed: seed, Orders: 300, Now: origin})
		rng := rand.New(rand.NewPCG(uint64(seed), 2))
		var log strings.Builder
		for range 200 {
			log.WriteString(w.Step(rng) + "\n")
			w.Advance(time.Minute)
		}
		s := start(t, w, simulator.ServerOptions{})
		for _, path := range []string{"/orders", "/events", "/clients", "/promo-codes", "/discounts", "/baskets"} {
			log.WriteString(get(t, s, path, `{"perPage":100}`).text)
		}
		return log.String()
	}
	one, again, other := describe(1), describe(1), describe(2)
	if one != again {
		t.Error("the same seed made two worlds")
	}
	if one == other {
		t.Error("two seeds made one world")
	}
}

func TestWorldHasItsKinds(t *testing.T) {
	t.Parallel()
	w := newWorld(600)
	s := start(t, w, simulator.ServerOptions{})
	now := w.Now()
	zones, kinds := map[any]bool{}, map[string]bool{}
	for _, e := range everything(t, s, "/events") {
		zones[e["city"].(map[string]any)["timezone"]] = true
		shows := e["shows"].([]any)
		kinds[fmt.Sprint("active ", e["is_active"])] = true
		kinds[fmt.Sprint("deleted ", e["deleted_at"] != nil)] = true
		kinds[fmt.Sprint("many shows ", len(shows) > 1)] = true
		for _, x := range shows {
			startsAt, _ := time.Parse(time.RFC3339, x.(map[string]any)["start_date"].(string))
			finishesAt, _ := time.Parse(time.RFC3339, x.(map[string]any)["finish_date"].(string))
			switch {
			case finishesAt.Before(now):
				kinds["finished"] = true
			case startsAt.After(now):
				kinds["to come"] = true
			default:
				kinds["running"] = true
			}
		}
	}
	for _, zone := range []string{"Europe/Moscow", "Asia/Novosibirsk", "Asia/Vladivostok", "Europe/Kaliningrad"} {
		if !zones[zone] {
			t.Errorf("no event in %s", zone)
		}
	}
	for _, kind := range []string{"active 0", "active 1", "deleted true", "deleted false", "many shows true",
		"many shows false", "finished", "to come", "running"} {
		if !kinds[kind] {
			t.Errorf("no event is %q", kind)
		}
	}
	mixed, kopecks, linked := false, false, false
	for _, o := range everything(t, s, "/orders") {
		price := o["price"].(float64)
		kopecks = kopecks || price != float64(int64(price))
		first := o["baskets"].([]any)[0].(map[string]any)
		linked = linked || len(first["related_baskets"].([]any)) > 0
		for _, b := range o["baskets"].([]any) {
			mixed = mixed || b.(map[string]any)["show_id"] != first["show_id"] && len(first["related_baskets"].([]any)) == 0
		}
	}
	if !mixed || !kopecks || !linked {
		t.Errorf("orders of two shows %v, kopecks %v, season tickets %v", mixed, kopecks, linked)
	}
	// The exhibition opens at local midnight, which is the evening before in Moscow.
	if text := get(t, s, "/events", `{"select":["shows.start_date"],"perPage":1}`).text; !strings.Contains(text,
		"T20:00:00+03:00") {
		t.Errorf("the exhibition opens at %s", text)
	}
}

func TestIdsAreLikeProduction(t *testing.T) {
	t.Parallel()
	o := newWorld(500).Oracle()
	if o.OrderIDs[0] < 5000000 || o.OrderIDs[499]-o.OrderIDs[0] < 2000 || o.TicketIDs[0] < 60000000 {
		t.Errorf("orders %d to %d, tickets from %d", o.OrderIDs[0], o.OrderIDs[499], o.TicketIDs[0])
	}
	for i := 1; i < len(o.OrderIDs); i++ {
		if o.OrderIDs[i] <= o.OrderIDs[i-1] {
			t.Fatal("ids do not ascend")
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	w := simulator.NewWorld(simulator.WorldOptions{Seed: 3, Orders: 400, Now: origin, SingleCurrency: true,
		MailInCampaign: true})
	o := w.Oracle()
	if len(o.Totals.Revenue) != 1 {
		t.Errorf("currencies %v", o.Totals.Revenue)
	}
	mails := 0
	for k := range o.SalesUTMDaily {
		if k.Campaign == "[email]" {
			mails++
		}
	}
	if mails == 0 {
		t.Error("no campaign was an address")
	}
	before := time.Now().Truncate(time.Second)
	if now := simulator.NewWorld(simulator.WorldOptions{}).Now(); now.Before(before) || now.After(time.Now()) {
		t.Errorf("a world without Now starts at %v", now)
	}
	for _, spec := range []simulator.EventSpec{{Zone: "Mars/Olympus"}, {Shows: []simulator.ShowSpec{{Hall: "stadium"}}}} {
		if _, err := w.NewEvent(spec); err == nil {
			t.Errorf("%+v was accepted", spec)
		}
	}
}

// TestLive: readers and buyers at once; totals grow while somebody pages.
func TestLive(t *testing.T) {
	t.Parallel()
	w := newWorld(300)
	s := start(t, w, simulator.ServerOptions{})
	hooks := simulator.NewWebhooks(w, simulator.WebhookOptions{URL: "http://127.0.0.1:1/"})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var group sync.WaitGroup
	group.Go(func() { w.Live(ctx, 200) })
	group.Go(func() { hooks.Run(ctx) })
	for range 2 {
		group.Go(func() {
			for ctx.Err() == nil {
				get(t, s, "/orders", `{"orderBy":{"updated_at":"desc"}}`)
				get(t, s, "/events", `{"select":["id"]}`)
				w.Oracle()
				s.SetFault(simulator.Fault{Kind: simulator.IntsAsStrings})
				s.ClearFaults()
				s.Counters()
			}
		})
	}
	for w.Oracle().Totals.Orders < 320 {
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	group.Wait()
	o := w.Oracle()
	if o.Totals.Orders < 320 || !w.Now().After(origin.Add(-time.Second)) {
		t.Errorf("%d orders at %v", o.Totals.Orders, w.Now())
	}
	compare(t, direct(t, w), o)
}
