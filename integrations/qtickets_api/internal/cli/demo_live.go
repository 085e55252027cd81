package cli

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/serve"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// live is "serve" over the simulated QTickets: the page, webhooks of what is sold, and a load at times.
func (c demoCommand) live(a *app, settings config.Config, engine *embedded.Engine, api *qtickets.Client,
	server *simulator.Server) error {
	log := slog.New(slog.DiscardHandler)
	connections, err := connect(a.ctx, []warehouse.Config{engine.As(embedded.Loader)},
		[]warehouse.Config{engine.As(embedded.Reader)}, log)
	if err != nil {
		return err
	}
	defer connections.close()
	settings.Live.WebhookSecret = server.Token()
	serving := serveCommand{Listen: freeAddress(c.Listen), Every: c.Every}
	guard, err := serving.guard(settings)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	go server.World().Live(ctx, 2)
	go simulator.NewWebhooks(server.World(), simulator.WebhookOptions{
		URL: "http://" + serving.Listen + serve.WebhookPath, Secret: settings.Live.WebhookSecret,
	}).Run(ctx)
	go c.stageEvents(ctx, server)
	return serving.serve(a, serveParts{
		settings: settings, guard: guard, api: api, connections: connections, log: log,
	})
}

// freeAddress is the wanted one, or another port where something else listens there.
func freeAddress(wanted string) string {
	for _, address := range []string{wanted, "127.0.0.1:0"} {
		if listener, err := net.Listen("tcp", address); err == nil {
			defer listener.Close()
			return listener.Addr().String()
		}
	}
	return wanted // and the server says what is wrong with it
}

// stageEvents makes happen what a page should be seen with: a hall sold out, the first minutes of a sale, and, if
// asked for, seats that stop coming.
func (c demoCommand) stageEvents(ctx context.Context, server *simulator.Server) {
	world := server.World()
	sellOut(world)
	rng := rand.New(rand.NewPCG(uint64(c.Seed), 0x64656d6f)) //nolint:gosec // a demo needs no secret
	burst := time.After(30 * time.Second)
	stale := time.After(time.Minute)
	premiere := int64(0)
	tick := time.NewTicker(700 * time.Millisecond)
	defer tick.Stop()
	for sold := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-burst:
			premiere, _ = world.NewEvent(simulator.EventSpec{Name: "Премьера: Ночной поезд", Shows: []simulator.ShowSpec{
				{Start: world.Now().Add(18 * 24 * time.Hour)}, {Start: world.Now().Add(19 * 24 * time.Hour)},
			}})
		case <-stale:
			if c.Stale {
				server.SetFault(simulator.Fault{Kind: simulator.SeatsUnavailable})
			}
		case <-tick.C:
			if premiere != 0 && sold < 150 {
				sellOne(world, simulator.NewOrder{EventID: premiere, Tickets: 1 + rng.IntN(4)})
				sold++
			}
		}
	}
}

// sellOut sells a small hall to its last place.
func sellOut(world *simulator.World) {
	event, err := world.NewEvent(simulator.EventSpec{Name: "Камерный вечер", Shows: []simulator.ShowSpec{{Hall: "small"}}})
	if err != nil {
		return
	}
	for sellOne(world, simulator.NewOrder{EventID: event, Tickets: 2}) {
	}
}

func sellOne(world *simulator.World, o simulator.NewOrder) bool {
	id, err := world.CreateOrder(o)
	return err == nil && world.Pay(id) == nil
}
