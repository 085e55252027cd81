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

// Patient is what is examined. Parts that are not there are said to be unseen, not taken to be well.
type Patient struct {
	// Host is the folder where the server's file system is seen: "/" on the server itself, "" when it
	// cannot be seen at all, as from inside a container.
	Host     string
	Until    int // the last step that is examined
	Config   config.Config
	Mistakes error // of the configuration; the API and ClickHouse are not asked then
	// NewClient makes a client of the API over a transport.
	NewClient func(http.RoundTripper) (*qtickets.Client, error)
	// Open connects to ClickHouse; close ends what was started.
	Open    func(context.Context) (db *warehouse.DB, close func(), err error)
	Russian bool
}

// Examine looks at everything that can be seen from where it runs.
func Examine(ctx context.Context, p Patient) []Finding {
	c := &chart{russian: p.Russian}
	h := host{chart: c, root: p.Host}
	h.repository()
	h.secrets()
	configuration(c, p)
	if p.Mistakes == nil {
		clickHouse(ctx, c, p)
	}
	h.image(ctx)
	if p.Mistakes == nil {
		ticketsAPI(ctx, c, p)
	}
	h.units()
	h.schedule(time.Now())
	h.server()
	sortBySteps(c.findings)
	return slices.DeleteFunc(c.findings, func(f Finding) bool { return f.Step > p.Until })
}

func configuration(c *chart, p Patient) {
	name := c.say("variables", "переменные")
	if p.Mistakes != nil {
		c.bad(2, name, p.Mistakes.Error(), "docs/variables.md")
		return
	}
	c.good(2, name, c.say("every value is valid", "все значения допустимы"))
	if err := p.Config.NeedToken(); err != nil {
		c.bad(2, "QTICKETS_TOKEN", c.say("not set", "не задан"), c.say("put the API token into ", "впишите токен API в ")+secretsFile)
	}
	if p.Config.BuyerKey == "" {
		c.warn(2, "QTICKETS_BUYER_KEY", c.say("not set: returning buyers are not counted", "не задан: повторных покупателей не посчитать"),
			"echo QTICKETS_BUYER_KEY=$(openssl rand -hex 32) | sudo tee -a "+secretsFile)
	}
	if _, err := time.LoadLocation("Europe/Moscow"); err != nil {
		c.bad(2, "TZ", err.Error(), "apt-get install tzdata")
	}
}
