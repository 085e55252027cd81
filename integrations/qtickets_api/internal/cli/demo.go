package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type demoCommand struct {
	Once   bool          `help:"End after the first report."`
	Orders int           `help:"Orders in the box office at the start, in eleven months." default:"4000"`
	Seed   int64         `help:"Seed of the simulated season." default:"1"`
	Every  time.Duration `help:"Time between loads." default:"10s"`
	Listen string        `help:"Address of the page; another port if it is taken." default:"127.0.0.1:8080"`
	Stale  bool          `help:"Stop seat data after a minute, to see how the page reports it."`
}

// Run shows the main job without an account, a server or a network: an invented season in a simulated
// QTickets, loaded into an embedded ClickHouse in a temporary folder.
func (c demoCommand) Run(a *app) error {
	if c.Every < time.Second {
		return fmt.Errorf("%w: --every %s: give at least 1s", config.ErrInvalid, c.Every)
	}
	settings, err := config.Load(demoEnvironment(a.Environ), "")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "qtickets_demo_")
	if err != nil {
		return fmt.Errorf("folder of the demo: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	engine, err := embedded.StartMigrated(a.ctx, a.embeddedOptions(settings, dir))
	if err != nil {
		return a.ended(err)
	}
	defer func() { _ = engine.Close() }()
	db, err := warehouse.Open(a.ctx, engine.As(embedded.Loader))
	if err != nil {
		return a.ended(err)
	}
	defer func() { _ = db.Close() }()
	return a.ended(c.play(a, settings, dir, engine, db))
}

// demoEnvironment keeps the demo apart from a real account and a real server.
func demoEnvironment(environ []string) []string {
	kept := []string{"ORG_NAME=demo"}
	for _, line := range environ {
		for _, name := range []string{"CHDB_LIB=", "LOG_LEVEL=", "LOG_FORMAT="} {
			if len(line) > len(name) && line[:len(name)] == name {
				kept = append(kept, line)
			}
		}
	}
	return kept
}

// ended takes an interruption for what it is in a demo: its end.
func (a *app) ended(err error) error {
	if err != nil && a.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (c demoCommand) play(a *app, settings config.Config, dir string, engine *embedded.Engine, db *warehouse.DB) error {
	world := simulator.NewSeason(simulator.WorldOptions{Seed: c.Seed, Orders: c.Orders,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	server := simulator.NewServer(world, simulator.ServerOptions{})
	if err := server.Start(""); err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	api, err := qtickets.New(qtickets.Options{BaseURL: server.URL(), Token: server.Token(), RateLimit: 500,
		MaxInFlight: 4})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, texts[a.lang].intro+"\n", c.Orders, c.Seed)
	if err := c.load(a, settings, api, db, world); err != nil {
		return err
	}
	if err := a.report(db); err != nil {
		return err
	}
	if c.Once {
		return nil
	}
	a.printQuery(engine, dir)
	fmt.Fprintf(a.Stdout, "\n"+texts[a.lang].live+"\n", c.Every)
	err = c.live(a, settings, engine, api, server)
	if err == nil {
		fmt.Fprintln(a.Stdout, texts[a.lang].stop)
	}
	return err
}

func (c demoCommand) load(a *app, settings config.Config, api *qtickets.Client, db *warehouse.DB,
	world *simulator.World) error {
	draw, finish := a.progress()
	report, err := pipeline.Run(a.ctx, api, db, runInfo(settings), pipeline.Options{
		InFlight: 4, Logger: slog.New(slog.DiscardHandler), Progress: draw,
	})
	finish()
	if err != nil {
		return err
	}
	if err := db.WritePlanTargets(a.ctx, plansOf(world), warehouse.PlanChange{At: time.Now()}); err != nil {
		return err
	}
	keepForecastsOf(a.ctx, db, report, slog.New(slog.DiscardHandler))
	fmt.Fprintf(a.Stdout, texts[a.lang].loadEnded, a.say(string(report.Mode)), a.say(report.Message),
		report.Duration.Round(time.Millisecond), report.APIRequests)
	return nil
}

// plansOf are the plans of the invented season.
func plansOf(world *simulator.World) []warehouse.PlanTarget {
	plans := world.Plans()
	targets := make([]warehouse.PlanTarget, len(plans))
	for i, p := range plans {
		targets[i] = warehouse.PlanTarget{PlanKey: warehouse.PlanKey{Event: uint64(p.EventID), Show: uint64(p.ShowID),
			Month: uint32(p.Month), Currency: "RUB"}, Revenue: new(qtickets.Money(p.Revenue))}
		if p.Tickets > 0 {
			targets[i].Tickets = &p.Tickets
		}
	}
	return targets
}

// printQuery is a command that works while the demo runs.
func (a *app) printQuery(engine *embedded.Engine, dir string) {
	fmt.Fprintf(a.Stdout, "\n%s:\n  curl -u %s:\"$(cat %s)\" http://127.0.0.1:%d/ --data-binary '%s'\n",
		texts[a.lang].query, embedded.Reader, embedded.PasswordFile(dir, embedded.Reader), engine.HTTPPort(),
		"SELECT sales_date, sum(tickets_sold), sum(revenue) FROM zakaz.fact_qtickets_sales_daily GROUP BY 1 ORDER BY 1 "+
			"DESC LIMIT 5")
}
