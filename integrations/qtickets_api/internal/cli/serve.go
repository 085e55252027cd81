package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/digest"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/serve"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

type serveCommand struct {
	Listen string        `help:"Address of the page, webhooks, health and metrics (default: QTICKETS_LISTEN, else 127.0.0.1:8080). Beyond this machine only with access set up." placeholder:"ADDRESS:PORT"`
	NoAuth bool          `name:"no-auth" help:"Open the page to every program of this machine, without link and password. Only with --listen on this machine."`
	Every  time.Duration `help:"Also load this often in this process, instead of a timer (0: no loads)." default:"0" placeholder:"15m"`
	Digest bool          `help:"Also send the morning message from this process, instead of a timer."`
	NoPage bool          `name:"no-page" help:"No page: webhooks, health and metrics only."`
	Check  bool          `help:"Check whether the running serve responds, then exit: 0 it does, 1 it does not."`
}

// Help is the second half of "serve --help".
func (serveCommand) Help() string {
	return `GET / is the page, POST /webhooks/qtickets receives QTickets webhooks (QTICKETS_WEBHOOK_SECRET), GET /healthz,
/readyz and /metrics are for machines (QTICKETS_METRICS_LISTEN, QTICKETS_METRICS_TOKEN). An announced order is read
again and published within seconds; loads by the timer or --every remain the source of truth. Setup: docs/live.md.

--digest looks every minute whether the morning message is due (docs/digest.md). It remembers in ALERT_STATE_DIR, as the
command "digest" does: where both run, with the same folder, nobody gets a message twice.

The page opens by the link that is printed at the start, new each time, unless QTICKETS_PAGE_USERS_FILE or
QTICKETS_PAGE_PROXY_HEADER says who may see it.

Exit status: 0 stopped by a signal, 1 ClickHouse or the port is unavailable, 2 wrong usage or configuration.`
}

// stopRuns is how long a run may go on after the signal to stop; then it is interrupted and says so in the ledger.
const stopRuns = 20 * time.Second

// serveMemory is soft, see memoryLimit.
const serveMemory = 128 << 20

// Run serves until interrupted.
func (c serveCommand) Run(a *app) error {
	if c.Check {
		return c.check(a)
	}
	settings, err := a.config()
	if err != nil {
		return err
	}
	if c.Listen == "" {
		c.Listen = settings.Live.Listen
	}
	log := a.logger(settings)
	guard, err := c.guard(settings, log)
	if err != nil {
		return fmt.Errorf("%w: %w", config.ErrInvalid, err)
	}
	if a.LimitMemory != nil {
		a.LimitMemory(serveMemory)
	}
	var api *qtickets.Client // nil: a page alone
	if c.Every > 0 || settings.Live.WebhookSecret != "" {
		if api, err = newClient(settings, log); err != nil {
			return err
		}
	}
	var morning *digest.Digest // nil: the timer sends it
	if c.Digest {
		if morning, err = newDigest(a, settings); err != nil {
			return err
		}
		if len(morning.Channels) == 0 {
			return fmt.Errorf("%w: --digest: DIGEST_URLS is not set (docs/digest.md)", config.ErrInvalid)
		}
	}
	connections, stop, err := a.openConnections(a.ctx, settings, c.NoPage)
	if err != nil {
		return a.ended(err)
	}
	defer stop()
	return c.serve(a, serveParts{settings: settings, guard: guard, api: api, morning: morning, connections: connections,
		log: log})
}

func (c serveCommand) guard(settings config.Config, log *slog.Logger) (*access.Guard, error) {
	if c.Every != 0 && c.Every < time.Second {
		return nil, fmt.Errorf("--every %s: give at least 1s, e.g. 15m", c.Every)
	}
	live := settings.Live
	return access.New(access.Options{Listen: c.Listen, UsersFile: live.UsersFile, ProxyHeader: live.ProxyHeader,
		TrustedProxies: live.TrustedProxies, NoAuth: c.NoAuth, MetricsListen: live.MetricsListen,
		MetricsToken: live.MetricsToken, Org: settings.Org, Logger: log})
}

// serveParts are what a server is made of.
type serveParts struct {
	settings    config.Config
	guard       *access.Guard
	api         *qtickets.Client // nil: neither loads nor webhooks
	morning     *digest.Digest   // nil: no morning message
	connections *connections
	log         *slog.Logger
}

func (c serveCommand) serve(a *app, p serveParts) error {
	page, err := newPage(p.settings, p.connections, p.guard, p.log)
	if err != nil {
		return err
	}
	defer page.close()
	l := &live{settings: p.settings, api: p.api, connections: p.connections, log: p.log, page: page, morning: p.morning}
	l.metrics = serve.NewMetrics(metricsOptions(l.health, page, l.api))
	l.worker = webhook.NewWorker(l.webhooks, l.log)
	badSignatures := access.NewLimit[netip.Prefix](1, 20)
	receiver := webhook.New(webhook.Options{
		Secret: p.settings.Live.WebhookSecret, Save: l.save, Saved: l.worker.Wake,
		Count:  l.metrics.Webhook,
		Allow:  func(r *http.Request) bool { return badSignatures.Allow(p.guard.Network(r), time.Now()) },
		Logger: l.log,
	})
	defer receiver.Close()
	server, err := serve.New(serve.Options{
		Listen: c.Listen, MetricsListen: p.settings.Live.MetricsListen, Guard: p.guard, Page: page.handler,
		Webhook: receiver, Ready: l.ready, Metrics: l.metrics, Logger: l.log,
	})
	if err != nil {
		return err
	}
	c.announce(a, server, p)
	return l.work(a.ctx, server, c.Every)
}

func metricsOptions(health func(context.Context) (warehouse.Health, error), page page,
	api *qtickets.Client) serve.MetricsOptions {
	o := serve.MetricsOptions{Build: build(), Health: health, Viewers: page.viewers}
	if api != nil {
		o.API = func() serve.ClientUse {
			s := api.Stats()
			return serve.ClientUse{Requests: s.Requests, Retries: s.Retries, Bytes: s.Bytes}
		}
	}
	return o
}

// announce says where everything is, and what is not set up.
func (c serveCommand) announce(a *app, server *serve.Server, p serveParts) {
	t := texts[a.lang]
	fmt.Fprintf(a.Stdout, t.serving, server.URL(), t.access[p.guard.Mode()], serve.WebhookPath)
	if p.guard.Mode() == access.Link && p.connections.reader != nil {
		fmt.Fprintf(a.Stdout, t.link+"\n", p.guard.URL(server.URL()))
	}
	if url := server.MetricsURL(); url != "" {
		fmt.Fprintf(a.Stdout, t.metrics, url)
	}
	if p.settings.Live.WebhookSecret == "" {
		p.log.Warn("Webhooks are refused", "why", "there is no secret to check them with",
			"fix", "set QTICKETS_WEBHOOK_SECRET to the secret of the webhooks in QTickets (docs/live.md)")
	}
	if c.Every == 0 {
		p.log.Info("No loads in this process", "why", "--every is not given: qtickets_api.timer loads")
	}
}

// work runs the server and what goes on beside it, and ends all of it when one ends.
func (l *live) work(ctx context.Context, server *serve.Server, every time.Duration) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	runs, interrupt := context.WithCancel(context.WithoutCancel(ctx))
	defer interrupt()
	context.AfterFunc(ctx, func() { time.AfterFunc(stopRuns, interrupt) })
	var others sync.WaitGroup
	others.Go(func() { l.connections.watch(ctx) })
	if l.api != nil {
		others.Go(func() { l.worker.Work(ctx, runs) })
	}
	if l.page.ready != nil { // the log says at once when the page cannot read
		others.Go(func() { _ = l.page.ready(ctx) })
	}
	if every > 0 {
		others.Go(func() { serve.Every(ctx, runs, every, l.load) })
	}
	if l.morning != nil {
		l.morning.Open = l.figures
		others.Go(func() { serve.Every(ctx, runs, time.Minute, l.sendMorning) })
	}
	err := server.Serve(ctx)
	end()
	others.Wait()
	return err
}

// ready is what /readyz tells.
func (l *live) ready(ctx context.Context) []serve.Check {
	health, err := l.health(ctx)
	clickhouse := serve.Check{Name: "clickhouse", OK: err == nil || errors.Is(err, warehouse.ErrSchema)}
	schema := serve.Check{Name: "schema"}
	if !clickhouse.OK {
		clickhouse.Text = "does not respond as it should, see the log"
	} else if err = l.connections.loader.Do(ctx, func(db *warehouse.DB) error { return db.CheckSchema(ctx) }); err == nil {
		schema.OK = true
	} else {
		schema.Text = "a table or view is missing: run \"qtickets_api migrate\""
	}
	fresh := serve.Check{Name: "freshness", Text: "nothing is published"}
	if health.AsOf != nil {
		age, limit := time.Since(*health.AsOf), l.settings.Alerts.NoData
		fresh.OK, fresh.Text = age <= limit, fmt.Sprintf("the data is %s old, limit %s", age.Round(time.Second), limit)
	}
	if err != nil {
		l.log.Warn("Not ready", "error", err)
	}
	checks := []serve.Check{clickhouse, schema, fresh}
	if l.page.ready != nil {
		checks = append(checks, pageCheck(l.page.ready(ctx)))
	}
	return checks
}

// pageCheck tells whether the page can read.
func pageCheck(err error) serve.Check {
	if err != nil {
		return serve.Check{Name: "page", Text: err.Error()}
	}
	return serve.Check{Name: "page", OK: true}
}
