package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// ticketsAPI examines the API: what the token may read, and what of the queries is honoured today.
func ticketsAPI(ctx context.Context, c *report, o Options) {
	if o.Config.NeedToken() != nil {
		return
	}
	transport := qtickets.NewTransport(o.Config.InFlight, http.ProxyFromEnvironment)
	defer transport.CloseIdleConnections()
	dates := &dateReader{next: transport}
	api, err := o.NewClient(dates)
	if err != nil {
		c.fail(5, c.say("client", "клиент"), err.Error(), "docs/variables.md")
		return
	}
	probe, err := pipeline.ProbeAPI(ctx, api, 0)
	name := c.say("token and address", "токен и адрес")
	if err != nil {
		fix := `curl -H "Authorization: Bearer <token>" -H "Accept: application/json" "` + o.Config.BaseURL + `/orders"`
		if errors.Is(err, qtickets.ErrUnauthorized) {
			fix = "QTICKETS_TOKEN: " + secretsFile
		}
		c.fail(5, name, err.Error(), fix)
		return
	}
	c.ok(5, name, c.say("orders can be read", "заказы читаются"))
	lists(ctx, c, api)
	if ahead, known := dates.ahead(); known {
		clock(c, 5, c.say("clock of QTickets", "часы QTickets"), ahead)
	}
	honoured(c, probe)
}

// lists are read besides orders; without one of them loads are partial.
func lists(ctx context.Context, c *report, api *qtickets.Client) {
	one := qtickets.Query{PerPage: 1}
	var read, refused []string
	for _, list := range []struct {
		name string
		read func() error
	}{
		{"events", func() error { _, err := api.Events(ctx, one); return err }},
		{"discounts", func() error { _, err := api.Discounts(ctx, one); return err }},
		{"promo-codes", func() error { _, err := api.PromoCodes(ctx, one); return err }},
		{"color-themes", func() error { _, err := api.ColorThemes(ctx, one); return err }},
	} {
		if err := list.read(); err != nil && !errors.Is(err, qtickets.ErrIgnored) {
			refused = append(refused, fmt.Sprintf("%s (%v)", list.name, err))
			continue
		}
		read = append(read, list.name)
	}
	name := c.say("other lists", "другие списки")
	if len(refused) > 0 {
		c.fail(5, name, strings.Join(refused, "; "), c.say("ask QTickets for a token that may read them",
			"попросите у QTickets токен с доступом к ним"))
		return
	}
	c.ok(5, name, c.say("can be read: ", "читаются: ")+strings.Join(read, ", "))
}

// honoured says what the API honours. What it does not costs requests, never a wrong number, and is nobody's
// mistake, so there is no command that mends it.
func honoured(c *report, p pipeline.Probe) {
	line := func(english, russian string, good bool, found, costs string) {
		if good {
			c.ok(5, c.say(english, russian), found)
			return
		}
		c.warn(5, c.say(english, russian), found, costs)
	}
	yes := func(good bool) string {
		if good {
			return c.say("honoured", "работает")
		}
		return c.say("ignored", "не работает")
	}
	all := c.say("nothing to do: every load reads all orders: ",
		"делать ничего не нужно: каждая загрузка будет читать все заказы. Причина: ") + p.Why
	transport := c.say("in the body, as documented", "в теле запроса, как в документации QTickets")
	if p.Transport != "body" {
		transport = c.say("in the address: the body of a GET does not arrive", "в адресе: тело запроса GET теряется по пути")
	}
	line("how queries travel", "как передаются запросы", p.Transport == "body", transport,
		c.say("look for a proxy on the way that drops bodies",
			"проверьте, нет ли на пути прокси, который отбрасывает тело запроса"))
	line("filters", "фильтры", p.Where, yes(p.Where), all)
	line("order by id", "сортировка по id", p.OrderBy, yes(p.OrderBy), all)
	line("rows per page", "строк на странице", p.PerPage >= 50, fmt.Sprint(p.PerPage),
		c.say("nothing to do: loads take more requests", "делать ничего не нужно: загрузки сделают больше запросов"))
	updated := c.say("not proven", "не подтверждён")
	if p.UpdatedAt {
		updated = fmt.Sprintf(c.say("proven, dates in the %s form", "проверен; формат дат — %s"), p.TimeFormat)
	}
	line("range on updated_at", "интервал по updated_at", p.UpdatedAt, updated,
		c.say("nothing to do: changes are looked for event by event, and by reconcile: ",
			"делать ничего не нужно: изменения ищутся перечитыванием мероприятий и сверкой. Причина: ")+p.Why)
}

// dateReader notes the clock of the answers.
type dateReader struct {
	next   http.RoundTripper
	mu     sync.Mutex
	newest time.Duration
	known  bool
}

// RoundTrip passes a request on.
func (d *dateReader) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := time.Now()
	response, err := d.next.RoundTrip(r)
	if err != nil {
		return response, err
	}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		half := time.Since(sent) / 2
		d.mu.Lock()
		defer d.mu.Unlock()
		// The header has whole seconds: half a second is added on the average.
		d.newest, d.known = date.Add(500*time.Millisecond).Sub(sent.Add(half)), true
	}
	return response, nil
}

func (d *dateReader) ahead() (time.Duration, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.newest, d.known
}
