package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// quarantineCommand groups what can be done with rows that could not be understood.
type quarantineCommand struct {
	List  quarantineListCommand  `cmd:"" default:"withargs" help:"List the rows that could not be understood, and why (meta_quarantine)."`
	Retry quarantineRetryCommand `cmd:"" help:"Read them again, after the program or the source was mended, and publish."`
}

type quarantineRetryCommand struct {
	JSON bool `help:"Print the report of the run as JSON."`
}

// Run reads the rows in quarantine again; what still cannot be understood makes the run partial.
func (c quarantineRetryCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	report, err := a.perform(settings, a.load, pipeline.Options{Mode: pipeline.ModeReread}, c.JSON)
	if report != nil && !c.JSON {
		fmt.Fprintf(a.Stdout, "%s: %s\n", a.say(string(report.Status)), a.say(report.Message))
	}
	return err
}

type quarantineListCommand struct {
	JSON bool `help:"Print the rows as a JSON list."`
}

// Run lists the quarantine.
func (c quarantineListCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	db, stop, err := a.openSchema(a.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	rows, err := db.ListQuarantine(a.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(rows)
	}
	return a.printQuarantine(rows)
}

func (a *app) printQuarantine(rows []warehouse.Quarantined) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(a.Stdout, a.say("Quarantine is empty"))
		return err
	}
	table := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	line := func(cells ...string) { fmt.Fprintln(table, strings.Join(cells, "\t")) }
	line(a.say("feed"), a.say("id"), a.say("last read"), a.say("run"), a.say("in reports"), a.say("reason"))
	for _, row := range rows {
		id := a.say("unreadable")
		if row.ID > 0 {
			id = fmt.Sprint(row.ID)
		}
		counted := "not counted"
		if row.Counted != nil {
			counted = row.Counted.String()
		}
		line(row.Feed, id, row.ReadAt.Format(moment), row.RunID, a.say(counted), a.say(oneLine(row.Reason)))
	}
	return table.Flush()
}
