package cli

import (
	"encoding/json"
	"fmt"
	"io"
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
		fmt.Fprintf(a.Stdout, "%s: %s\n", report.Status, report.Message)
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
	return printQuarantine(a.Stdout, rows)
}

func printQuarantine(w io.Writer, rows []warehouse.Quarantined) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "Quarantine is empty")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "feed\tid\tlast read\trun\tin reports\treason")
	for _, row := range rows {
		id := "unreadable"
		if row.ID > 0 {
			id = fmt.Sprint(row.ID)
		}
		counted := "not counted"
		if row.Counted != nil {
			counted = row.Counted.String()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", row.Feed, id, row.ReadAt.Format(moment), row.RunID, counted,
			oneLine(row.Reason))
	}
	return table.Flush()
}
