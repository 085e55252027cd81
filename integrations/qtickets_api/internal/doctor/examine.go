package doctor

import (
	"context"
	"net/http"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Options say what is examined. What is missing is reported as not examined, never as healthy.
type Options struct {
	// Host is the folder where the server's file system is seen: "/" on the server itself, "" when it
	// cannot be seen at all, as from inside a container.
	Host      string
	Organiser string // one of several on the server; "": the only one
	Until     int    // the last step that is examined
	Config    config.Config
	ConfigErr error // why the configuration is invalid; the API and ClickHouse are not asked then
	// NewClient makes a client of the API over a transport.
	NewClient func(http.RoundTripper) (*qtickets.Client, error)
	// Servers are those of ClickHouse as the loader sees them, in the order in which they are asked; none: the embedded
	// one.
	Servers []warehouse.Config
	// OpenDB connects to ClickHouse; closeDB ends what was started.
	OpenDB  func(ctx context.Context) (db *warehouse.DB, closeDB func(), err error)
	Russian bool
}

// Examine looks at everything that can be seen from where it runs.
func Examine(ctx context.Context, o Options) []Finding {
	c := &report{russian: o.Russian}
	h := host{report: c, root: o.Host, organiser: o.Organiser}
	h.repository()
	h.owners()
	h.secrets()
	configuration(c, o)
	if o.ConfigErr == nil {
		clickHouse(ctx, c, o)
	}
	h.image(ctx)
	if o.ConfigErr == nil {
		ticketsAPI(ctx, c, o)
	}
	h.units()
	h.schedule(time.Now())
	h.server()
	for i, f := range c.findings {
		c.findings[i].Fix = own(o.Organiser, f.Fix)
	}
	sortBySteps(c.findings)
	return slices.DeleteFunc(c.findings, func(f Finding) bool { return f.Step > o.Until })
}

func configuration(c *report, o Options) {
	name := c.say("variables", "переменные")
	if o.ConfigErr != nil {
		c.fail(2, name, o.ConfigErr.Error(), "docs/variables.md")
		return
	}
	c.ok(2, name, c.say("every value is valid", "все значения допустимы"))
	if err := o.Config.NeedToken(); err != nil {
		c.fail(2, "QTICKETS_TOKEN", c.say("not set", "не задан"), c.say("put the API token into ", "впишите токен API в ")+
			secretsFile)
	}
	if o.Config.BuyerKey == "" {
		c.warn(2, "QTICKETS_BUYER_KEY", c.say("not set: returning buyers are not counted",
			"не задан: повторных покупателей не посчитать"),
			"echo QTICKETS_BUYER_KEY=$(openssl rand -hex 32) | sudo tee -a "+secretsFile)
	}
	if _, err := time.LoadLocation("Europe/Moscow"); err != nil {
		c.fail(2, "TZ", err.Error(), "apt-get install tzdata")
	}
}
