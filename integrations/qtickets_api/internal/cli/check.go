package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type checkCommand struct {
	JSON bool `help:"Print the verdicts as JSON."`
}

// Run prints one line per check and fails when one failed or could not run.
func (c checkCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	db, stop, err := a.openWarehouse(a.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	verdicts := db.SmokeChecks(a.ctx)
	if c.JSON {
		err = json.NewEncoder(a.Stdout).Encode(verdicts)
	} else {
		printVerdicts(a.Stdout, verdicts)
	}
	if err != nil {
		return err
	}
	return failedChecks(verdicts)
}

// failedChecks is an error when one of them failed.
func failedChecks(verdicts []warehouse.Verdict) error {
	for _, v := range verdicts {
		if v.Status == "fail" {
			return errReported
		}
	}
	return nil
}

func printVerdicts(w io.Writer, verdicts []warehouse.Verdict) {
	marks := map[string]string{"ok": "✓", "warn": "!", "fail": "✗"}
	for _, v := range verdicts {
		fmt.Fprintf(w, "  %s %-36s %s", marks[v.Status], v.Check, v.Found)
		if v.Status != "ok" {
			fmt.Fprintf(w, " (%s)", v.Limit)
		}
		fmt.Fprintln(w)
	}
}
