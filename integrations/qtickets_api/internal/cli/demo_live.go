package cli

import (
	"context"
	"log/slog"
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
	guard, err := serving.guard(settings, log)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	// The clock is the real one, because the page compares today with other days to the same minute. The season knows who
	// buys when.
	go server.World().Live(ctx, 0)
	go simulator.NewWebhooks(server.World(), simulator.WebhookOptions{
		URL: "http://" + serving.Listen + serve.WebhookPath, Secret: settings.Live.WebhookSecret,
	}).Run(ctx)
	if c.Stale {
		go stopSeats(ctx, server)
	}
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

// stopSeats makes seats stop coming after a minute.
func stopSeats(ctx context.Context, server *simulator.Server) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Minute):
		server.SetFault(simulator.Fault{Kind: simulator.SeatsUnavailable})
	}
}
