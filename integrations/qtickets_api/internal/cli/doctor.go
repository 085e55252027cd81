package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type doctorCommand struct {
	JSON bool `help:"Print the findings as JSON."`
}

// Help is the second half of "doctor --help".
func (doctorCommand) Help() string {
	return `Asks QTickets what it honours today: filters, order, pages, ranges and dates. What it does not honour is no fault
of yours and costs nothing but requests: the loader reads more and is right all the same.

Exit status: 0 the API can be read, 1 it cannot, 2 wrong usage or configuration.`
}

// Run examines the API.
func (c doctorCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	api, err := newClient(settings, a.logger(settings))
	if err != nil {
		return err
	}
	probe, err := pipeline.Ask(a.ctx, api)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(findings(probe))
	}
	printFindings(a.Stdout, findings(probe))
	return nil
}

// findings are what a probe found, in the form of checks: "warn" is what makes loads slower.
func findings(p pipeline.Probe) []warehouse.Verdict {
	verdict := func(check string, good bool, found, right string) warehouse.Verdict {
		status := "ok"
		if !good {
			status = "warn"
		}
		return warehouse.Verdict{Check: check, Status: status, Found: found, Right: right}
	}
	transport := "in the body, as documented"
	if p.Transport != "body" {
		transport = "in the address: the body of a GET does not arrive"
	}
	updated, dates := "not proven", ""
	if p.UpdatedAt {
		updated, dates = "proven", fmt.Sprintf(", dates in the %s form", p.DateForm)
	}
	return []warehouse.Verdict{
		verdict("token and address", true, "orders can be read", ""),
		verdict("how queries travel", p.Transport == "body", transport, "look for a proxy on the way that drops bodies"),
		verdict("filters", p.Where, honoured(p.Where), "every load reads all orders: "+p.Why),
		verdict("order by id", p.OrderBy, honoured(p.OrderBy), "every load reads all orders: "+p.Why),
		verdict("rows per page", p.PerPage >= 50, fmt.Sprint(p.PerPage), "100 were asked for: loads take more requests"),
		verdict("range on updated_at", p.UpdatedAt, updated+dates, "changes are looked for event by event, and by reconcile: "+p.Why),
	}
}

func honoured(yes bool) string {
	if yes {
		return "honoured"
	}
	return "ignored"
}

func printFindings(w io.Writer, verdicts []warehouse.Verdict) {
	fmt.Fprintln(w, "QTickets API")
	printVerdicts(w, verdicts)
}
